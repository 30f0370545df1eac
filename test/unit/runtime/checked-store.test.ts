import { expect, test } from 'vitest'
import { CorruptState } from '../../../src/ports/faults.ts'
import { CheckedStore } from '../../../src/runtime/checked-store.ts'
import { RuntimeWorld } from '../../support/runtime-world.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

async function written() {
  const world = new RuntimeWorld()
  const store = new CheckedStore(world.store())
  const writes = [['aK', bytes('one')] as const, ['aL', bytes('two')] as const]
  await world.drive(store.write([...writes, ['d', new Uint8Array(0)]], { sync: true }))
  return { world, store, rows: world.disks[0]?.rows as Map<string, Uint8Array> }
}

test('a value comes back as it was written, by every way of reading', async () => {
  const { world, store } = await written()
  expect(store.get('aK')).toEqual(bytes('one'))
  expect(store.get('d')).toHaveLength(0)
  expect(store.get('none')).toBeUndefined()
  expect(await world.drive(store.getMany(['aL', 'none']))).toEqual([bytes('two'), undefined])
  expect(await world.drive(store.range('a', 'b', 9))).toEqual([
    ['aK', bytes('one')],
    ['aL', bytes('two')],
  ])
})

const damages: readonly [string, (rows: Map<string, Uint8Array>) => unknown][] = [
  ['a flipped bit of the value', (rows) => flip(rows.get('aK'), 0)],
  ['a flipped bit of the checksum', (rows) => flip(rows.get('aK'), 6)],
  ['the value of another key', (rows) => rows.set('aK', rows.get('aL') as Uint8Array)],
  ['a value shorter than a checksum', (rows) => rows.set('aK', bytes('ab'))],
]

for (const [damage, apply] of damages) {
  test(`${damage} is seen by every way of reading, and the key is named in hex`, async () => {
    const { world, store, rows } = await written()
    apply(rows)
    expect(() => store.get('aK')).toThrow(CorruptState)
    expect(() => store.get('aK')).toThrow(/key 614b /)
    await expect(world.drive(store.getMany(['aK']))).rejects.toThrow(CorruptState)
    await expect(world.drive(store.range('a', 'b', 9))).rejects.toThrow(CorruptState)
  })
}

function flip(value: Uint8Array | undefined, at: number): void {
  if (value !== undefined) value[at] = (value[at] as number) ^ 0x10
}
