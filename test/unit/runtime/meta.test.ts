import { expect, test } from 'vitest'
import { CorruptState } from '../../../src/ports/faults.ts'
import { CheckedStore } from '../../../src/runtime/checked-store.ts'
import {
  decodeMetadata,
  encodeMetadata,
  type Meta,
  metaKey,
  metaWrites,
  readMeta,
} from '../../../src/runtime/meta.ts'
import { RuntimeWorld } from '../../support/runtime-world.ts'

const identity = {
  clusterId: 'c',
  topic: 'events',
  partition: 3,
  partitionCount: 8,
  ledger: 'digest',
}

function metaOf(batchNo: number): Meta {
  return {
    position: { offset: batchNo * 10, step: batchNo % 3 },
    batchNo,
    digest: '0123456789abcdef',
    nextOutSeq: 2 ** 40 + batchNo,
    foldVersion: 4,
    identity,
    last: batchNo === 0 ? undefined : { offset: batchNo * 10 - 1, hash: 0xffffffff },
  }
}

async function storeWith(batches: number) {
  const world = new RuntimeWorld()
  const store = new CheckedStore(world.store())
  for (let batchNo = 0; batchNo < batches; batchNo += 1) {
    await world.drive(store.write(metaWrites(metaOf(batchNo)), { sync: true }))
  }
  return { world, store, rows: world.disks[0]?.rows as Map<string, Uint8Array> }
}

for (const batches of [1, 2, 63, 64, 65, 200]) {
  test(`after ${batches} batches the store describes itself as the last one did`, async () => {
    const { world, store } = await storeWith(batches)
    expect(await world.drive(readMeta(store))).toEqual(metaOf(batches - 1))
  })
}

test('an empty store has no description, one with rows and none is corrupt', async () => {
  const { world, store } = await storeWith(0)
  expect(await world.drive(readMeta(store))).toBeUndefined()
  await world.drive(store.write([['aK', new Uint8Array(1)]], { sync: true }))
  await expect(world.drive(readMeta(store))).rejects.toThrow(CorruptState)
})

test('a batch that the disk lost within the last 64 is seen', async () => {
  for (const lost of [137, 170, 199]) {
    const { world, store, rows } = await storeWith(200)
    const slot = `\u0000b${String(lost % 64).padStart(2, '0')}`
    const other = await storeWith(lost)
    const older = other.rows.get(slot)
    if (older === undefined) rows.delete(slot)
    else rows.set(slot, older)
    await expect(world.drive(readMeta(store))).rejects.toThrow(`lost its batch ${lost}`)
  }
})

test('a description that ends elsewhere than its batch is corrupt', async () => {
  const { world, store } = await storeWith(5)
  const moved = { ...metaOf(4), position: { offset: 41, step: 0 } }
  const [row] = metaWrites(moved).filter(([key]) => key === metaKey)
  await world.drive(store.write([row as readonly [string, Uint8Array]], { sync: true }))
  await expect(world.drive(readMeta(store))).rejects.toThrow(/ends at another position/)
})

test('the metadata of a commit is small JSON with sorted keys', () => {
  const metadata = { nextOutSeq: 12, digest: 'ffff0000ffff0000', foldVersion: 1 }
  const text = encodeMetadata(metadata)
  expect(text).toBe('{"digest":"ffff0000ffff0000","foldVersion":1,"nextOutSeq":12}')
  expect(decodeMetadata(text)).toEqual(metadata)
})
