import { expect, test } from 'vitest'
import { CorruptState, Halted, type HaltReason } from '../../../src/ports/faults.ts'
import type { Committed } from '../../../src/ports/log.ts'
import { type CommitMetadata, decodeMetadata, encodeMetadata } from '../../../src/runtime/meta.ts'
import type { TaskParts } from '../../../src/runtime/partition-task.ts'
import { adjustment, createCountingFold, tick } from '../../support/counting-fold.ts'
import { RuntimeWorld } from '../../support/runtime-world.ts'
import { SimulatedPartition } from '../../support/simulated-log.ts'

const records = Array.from({ length: 20 }, (_, at) => adjustment(`E${at}`, `M-${at % 4}`, at))

async function settledWorld(): Promise<RuntimeWorld> {
  const world = new RuntimeWorld()
  world.append([...records, tick('T1', 12)])
  await world.settle({ commitRecords: 5 })
  return world
}

function partitionOf(world: RuntimeWorld): SimulatedPartition {
  return world.partitions[0] as SimulatedPartition
}

type Change = (committed: Committed) => Committed | undefined

/** Makes the committed position another one than the store knows. */
function committed(change: Change): Damage {
  return (world) => {
    const partition = partitionOf(world)
    partition.committed = change(partition.committed as Committed)
  }
}

function log(change: (partition: SimulatedPartition) => unknown): Damage {
  return (world) => void change(partitionOf(world))
}

const otherDigest: Change = (last) => {
  const metadata = decodeMetadata(last.metadata) as CommitMetadata
  return { ...last, metadata: encodeMetadata({ ...metadata, digest: 'ffffffffffffffff' }) }
}

const setBack: Change = (last) => ({ ...last, position: { offset: 9, step: 0 } })
const other = { offset: 20, value: new Uint8Array([7]) }

/** Damages the world, or says what else the next task is opened with. */
type Damage = (world: RuntimeWorld) => unknown

const halts: readonly (readonly [when: string, Damage, HaltReason, RegExp])[] = [
  [
    'the group forgot the position',
    committed(() => undefined),
    'POSITION_LOST',
    /stands at 21, .* no committed/,
  ],
  [
    'a tool reset the offset',
    committed((last) => ({ ...last, metadata: '' })),
    'POSITION_LOST',
    /position 21 was not committed by this program/,
  ],
  ['the offset was set back', committed(setBack), 'STORE_AHEAD', /stands at 21, the log at 9/],
  [
    'retention passed the store',
    log((partition) => Object.assign(partition, { start: 50 })),
    'LOG_TRUNCATED',
    /starts at 50/,
  ],
  [
    'the end of the log is gone',
    log((partition) => Object.assign(partition, { end: 7 })),
    'LOG_TRUNCATED',
    /ends at 7, before .* 21/,
  ],
  [
    'the log was written anew',
    log(({ records }) => records.splice(20, 1, other)),
    'IDENTITY_CHANGED',
    /record at offset 20/,
  ],
  [
    'the last record is not there any more',
    log(({ records }) => records.pop()),
    'IDENTITY_CHANGED',
    /record at offset 20/,
  ],
  [
    'partitions were added',
    (world) => void world.partitions.push(new SimulatedPartition()),
    'IDENTITY_CHANGED',
    /partitionCount 1, and now partitionCount is 2/,
  ],
  [
    'settings that change results changed',
    () => ({ ledgerDigest: 'new' }),
    'IDENTITY_CHANGED',
    /ledger ledger, and now ledger is new/,
  ],
  [
    'the commit has another digest',
    committed(otherDigest),
    'DIVERGED',
    /the fold has digest .*, the commit has f{16}/,
  ],
  [
    'the fold is another one',
    () => ({ foldVersion: 2 }),
    'DIVERGED',
    /the fold has foldVersion 2, the commit has 1/,
  ],
]

for (const [when, damage, reason, message] of halts) {
  test(`a partition halts with ${reason} when ${when}`, async () => {
    const world = await settledWorld()
    const opening = world.open((damage(world) ?? {}) as Partial<TaskParts>)
    await expect(opening).rejects.toThrow(Halted)
    await expect(opening).rejects.toMatchObject({ reason })
    await expect(opening).rejects.toThrow(message)
  })
}

test('a store of another log is refused before anyone is fenced', async () => {
  const world = await settledWorld()
  const { epoch } = partitionOf(world)
  await expect(world.open({ ledgerDigest: 'new' })).rejects.toThrow(/IDENTITY_CHANGED/)
  expect(partitionOf(world).epoch).toBe(epoch)
})

test('an empty store is filled from the start of the log, without a second output', async () => {
  const world = await settledWorld()
  const rows = new Map(world.disks[0]?.rows)
  const before = world.visible()
  world.disks[0]?.setAside()
  const store = world.store()
  const task = await world.open({ store }, { sliceRecords: 2, commitRecords: 3, storeBytes: 60 })
  expect(task.records).toBe(21)
  await world.drive(task.close())
  await store.close()
  expect(world.visible()).toEqual(before)
  const data = (all: Map<string, Uint8Array>) =>
    [...all].filter(([key]) => !key.startsWith('\u0000')).sort()
  expect(data(world.disks[0]?.rows as Map<string, Uint8Array>)).toEqual(data(rows))
})

test('an empty store is refused when the log has lost its start', async () => {
  const world = await settledWorld()
  world.disks[0]?.setAside()
  partitionOf(world).start = 3
  await expect(world.open()).rejects.toThrow(/LOG_TRUNCATED: the log starts at 3/)
})

test('a store that trails is brought to the committed position silently', async () => {
  const world = await settledWorld()
  world.append(records.slice(0, 9))
  const store = world.store()
  const task = await world.open({ store }, { storeInterval: 1_000_000 })
  await world.drive(task.onBatch(world.batch(21)))
  await world.pass(500)
  expect([task.stored.offset, task.committed.offset]).toEqual([21, 30])
  await world.drive(task.drop())
  await store.close()

  const next = await world.open()
  expect([next.records, next.position.offset]).toEqual([9, 30])
  expect(next.emitted).toEqual(task.emitted)
  expect(world.visible()).toEqual(world.oracle().emissions)
})

test('the last record is not asked for where retention has taken it', async () => {
  const world = await settledWorld()
  partitionOf(world).records.splice(0)
  partitionOf(world).start = 21
  const task = await world.open()
  expect(task.position.offset).toBe(21)
})

test('a fold that does otherwise the second time halts, and its task writes no more', async () => {
  const world = await settledWorld()
  world.disks[0]?.setAside()
  const opening = world.open({
    createFold: (parts) => {
      parts.emit.entry('M-1', new Uint8Array(1))
      return createCountingFold(parts)
    },
  })
  await expect(opening).rejects.toMatchObject({ reason: 'DIVERGED' })
  const size = world.disks[0]?.rows.size
  await world.pass(5_000)
  expect(world.disks[0]?.rows.size).toBe(size)
})

test('a damaged row that recovery reads is told as corrupt state', async () => {
  const world = await settledWorld()
  world.append([adjustment('E1', 'M-1', 3)])
  const value = world.disks[0]?.rows.get('aM-1') as Uint8Array
  value[0] = (value[0] as number) ^ 1
  const task = await world.open()
  await expect(world.drive(task.onBatch(world.batch(21)))).rejects.toThrow(CorruptState)
})
