import { expect, test } from 'vitest'
import type { CreateFold } from '../../../src/fold/partition-fold.ts'
import { FatalFault, OwnershipLost } from '../../../src/ports/faults.ts'
import type { Log } from '../../../src/ports/log.ts'
import type { Store } from '../../../src/ports/store.ts'
import { OutcomeUnknown } from '../../../src/runtime/partition-task.ts'
import { adjustment, tick } from '../../support/counting-fold.ts'
import { RuntimeWorld } from '../../support/runtime-world.ts'

const adjustments = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => adjustment(`E${from + at}`, `M-${at % 5}`, 10 + at))

/** The same log with some calls answered otherwise. */
function over(log: Log, changes: Partial<Log>): Log {
  const bound = { ...changes } as Record<string, unknown>
  return new Proxy(log, {
    get: (target, name) => bound[String(name)] ?? Reflect.get(target, name).bind(target),
  })
}

test('a flush leaves outputs, position and store where the fold is', async () => {
  const world = new RuntimeWorld()
  world.append([...adjustments(20), tick('T1', 25), new Uint8Array([1])])
  const task = await world.open()
  await world.drive(task.onBatch(world.batch()))
  expect(task.committed.offset).toBe(0)
  await world.drive(task.flush())
  expect([task.position, task.committed, task.stored].map(({ offset }) => offset)).toEqual([
    22, 22, 22,
  ])
  expect(world.visible()).toEqual(world.oracle().emissions)
  expect(task.emitted.nextOutSeq).toBe(world.oracle().emissions.length)
  expect([task.records, task.commits]).toEqual([22, 1])
  expect(world.violations).toEqual([])
})

// biome-ignore format: the columns are a table
const boundaries = [
  // settings                                    why
  [{ commitRecords: 1 },                         'every record is a commit'],
  [{ commitRecords: 7, sliceRecords: 3 },        'commits and slices cut across each other'],
  [{ commitBytes: 200 },                         'commits are cut by their size'],
  [{ commitRecords: 1, cacheRows: 0 },           'nothing stays in memory'],
  [{ storeBytes: 1 },                            'every commit is written at once'],
] as const

for (const [settings, why] of boundaries) {
  test(`outputs and digest are the same when ${why}`, async () => {
    const [one, other] = [new RuntimeWorld(), new RuntimeWorld()]
    const digests: string[] = []
    for (const world of [one, other]) {
      world.append([...adjustments(30), tick('T1', 30), ...adjustments(5, 30), tick('T2', 60)])
      const task = await world.open({}, world === one ? {} : settings)
      await world.drive(task.onBatch(world.batch()))
      await world.drive(task.flush())
      digests.push(task.emitted.digest)
      expect(world.visible()).toEqual(world.oracle().emissions)
    }
    expect(digests[0]).toBe(digests[1])
  })
}

test('a commit may end between two steps, and the next task goes on from there', async () => {
  const world = new RuntimeWorld()
  world.append([...adjustments(20), tick('T1', 30)])
  let commits = 0
  const log = over(world.log, {
    commit: (...request) => {
      commits += 1
      return commits < 22 ? world.log.commit(...request) : new Promise(() => undefined)
    },
  })
  const store = world.store()
  const task = await world.open({ log, store }, { commitRecords: 1 })
  task.onBatch(world.batch()).then(undefined, () => undefined)
  for (let left = 5_000; commits < 22 && left > 0; left -= 1) await world.time.step()
  await world.pass(2_000)
  expect(task.committed).toEqual({ offset: 20, step: 1 })
  await world.drive(task.drop())
  await store.close()

  const next = await world.open()
  expect(next.position).toEqual({ offset: 20, step: 1 })
  await world.drive(next.onBatch(world.batch(20)))
  await world.drive(next.flush())
  expect(world.visible()).toEqual(world.oracle().emissions)
})

test('steps without ranges are folded until the record is done', async () => {
  const world = new RuntimeWorld()
  world.append([new Uint8Array([1]), new Uint8Array([2])])
  const folded: string[] = []
  const createFold: CreateFold = () => ({
    readsOf: () => [],
    rangesOf: () => [],
    fold: ({ offset }, step) => folded.push(`${offset}.${step}`) > 0 && step === 2,
  })
  const task = await world.open({ createFold })
  await world.drive(task.onBatch(world.batch()))
  expect(folded).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2'])
})

test('records before the position are skipped, gaps behind the last are passed', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(6))
  world.partitions[0]?.append(adjustment('last', 'M-1', 1), 3)
  const task = await world.open()
  await world.drive(task.onBatch(world.batch(0, 4)))
  const waiting = task.reached(10)
  await world.drive(task.onBatch(world.batch(2)))
  await world.drive(waiting)
  expect(task.records).toBe(7)
  expect(task.position).toEqual({ offset: 10, step: 0 })
})

test('a draft is committed when its time is up, and the store is written later', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(3))
  const task = await world.open()
  await world.drive(task.onBatch(world.batch()))
  await world.pass(200)
  expect([task.committed.offset, task.stored.offset]).toEqual([3, 0])
  await world.pass(1_500)
  expect(task.stored.offset).toBe(3)
})

test('a draft whose time runs out as its last slice ends is committed with it', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(3))
  const schedule = world.setup().schedule
  const breathe = () => world.time.pause(world.owner, 500)
  const task = await world.open({ schedule: { ...schedule, breathe } })
  await world.drive(task.onBatch(world.batch()))
  await world.pass(200)
  expect(task.committed.offset).toBe(3)
})

test('the failpoints of the protocol are passed in its order', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(3))
  const task = await world.open()
  await world.drive(task.onBatch(world.batch()))
  await world.drive(task.flush())
  const names = ['acquire', 'recover', 'fold', 'transaction', 'store']
  expect(world.reached).toEqual(names.flatMap((name) => [`${name}:before`, `${name}:after`]))
})

test('a task that another owner fenced writes nothing and ends with OwnershipLost', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(3))
  const task = await world.open()
  await world.drive(task.onBatch(world.batch()))
  world.broker.fence(0)
  await expect(world.drive(task.flush())).rejects.toThrow(OwnershipLost)
  await expect(task.onBatch(world.batch())).rejects.toThrow(OwnershipLost)
  await world.pass(5_000)
  expect(world.disks[0]?.rows.size).toBe(0)
  expect(world.faults).toHaveLength(1)
})

test('after an unknown outcome nothing is sent or written any more', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(9))
  let requests = 0
  const log = over(world.log, {
    commit: async () => {
      requests += 1
      return 'unknown'
    },
  })
  const task = await world.open({ log })
  await world.drive(task.onBatch(world.batch(0, 4)))
  await expect(world.drive(task.flush())).rejects.toThrow(OutcomeUnknown)
  await expect(task.onBatch(world.batch(4))).rejects.toThrow('OUTCOME_UNKNOWN')
  await world.pass(5_000)
  expect(requests).toBe(1)
  expect(world.disks[0]?.rows.size).toBe(0)
})

test('a fault of the store ends the task, though its write ran beside all else', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(3))
  const full = new FatalFault(9, 'disk full')
  const store = world.store()
  const write: Store['write'] = () => Promise.reject(full)
  const task = await world.open({ store: Object.assign(Object.create(store), { write }) as Store })
  await world.drive(task.onBatch(world.batch()))
  await world.pass(3_000)
  expect(world.faults).toEqual([full])
  await expect(world.drive(task.flush())).rejects.toBe(full)
})

test('closing hands over in good order: the next task has nothing to fold again', async () => {
  const world = new RuntimeWorld()
  world.append(adjustments(12))
  await world.settle()
  const next = await world.open()
  expect([next.records, next.position.offset]).toEqual([0, 12])
})
