import { expect, test } from 'vitest'
import { CorruptState, FatalFault, Halted, TransientFault } from '../../../src/ports/faults.ts'
import { type SupervisorParts, startSupervisor } from '../../../src/runtime/supervisor.ts'
import { adjustment } from '../../support/counting-fold.ts'
import type { Disk } from '../../support/faulty-store.ts'
import { RuntimeWorld } from '../../support/runtime-world.ts'

const records = Array.from({ length: 10 }, (_, at) => adjustment(`E${at}`, `M-${at % 3}`, at))

function start(partitions: number, changes: Partial<SupervisorParts> = {}) {
  const world = new RuntimeWorld(partitions)
  for (let partition = 0; partition < partitions; partition += 1) world.append(records, partition)
  const supervisor = startSupervisor({
    ...world.setup(),
    openStore: async (partition) => world.store(partition),
    setAside: async (partition) => (world.disks[partition] as Disk).setAside(),
    retries: 3,
    retryDelay: 10,
    onFault: (_, fault) => world.faults.push(fault),
    ...changes,
  })
  const assign = () => {
    for (const partition of world.partitions.keys()) world.log.assign(partition)
  }
  return { world, supervisor, assign }
}

test('all partitions are folded, flushed and given back', async () => {
  const { world, supervisor, assign } = start(2)
  assign()
  await world.drive(supervisor.reached([10, 10]))
  await world.drive(supervisor.flush())
  expect([...supervisor.tasks.values()].map(({ stored }) => stored.offset)).toEqual([10, 10])
  await world.drive(supervisor.stop())
  await supervisor.done
  expect(supervisor.tasks.size).toBe(0)
  for (const partition of [0, 1]) {
    expect(world.visible(partition)).toEqual(world.oracle(partition).emissions)
  }
  expect([world.faults, world.violations]).toEqual([[], []])
})

test('stopping flushes what is folded', async () => {
  const { world, supervisor, assign } = start(1)
  assign()
  await world.drive(supervisor.reached([10]))
  await world.drive(supervisor.stop())
  expect(world.partitions[0]?.committed?.position.offset).toBe(10)
  expect(world.disks[0]?.rows.size).toBeGreaterThan(0)
})

test('a halted partition says why, and the others go on', async () => {
  const { world, supervisor, assign } = start(2)
  const first = world.partitions[0]
  if (first !== undefined) first.start = 4
  assign()
  await expect(world.drive(supervisor.reached([10, 10]))).rejects.toThrow(/LOG_TRUNCATED/)
  await world.drive(supervisor.reached([0, 10]).then(undefined, () => undefined))
  await world.pass(3_000)
  await world.drive(supervisor.flush())
  expect([...supervisor.halted].map(([partition, { reason }]) => [partition, reason])).toEqual([
    [0, 'LOG_TRUNCATED'],
  ])
  expect(world.visible(1)).toEqual(world.oracle(1).emissions)
  await world.drive(supervisor.stop())
  await expect(supervisor.done).rejects.toThrow(Halted)
})

test('a corrupt store is set aside and filled again from the log', async () => {
  const { world, supervisor, assign } = start(1)
  await world.settle()
  const disk = world.disks[0] as Disk
  const row = disk.rows.get('\u0000meta') as Uint8Array
  row[1] = (row[1] as number) ^ 4
  assign()
  await world.drive(supervisor.reached([10]))
  await world.drive(supervisor.stop())
  await supervisor.done
  expect(world.faults.map((fault) => fault instanceof CorruptState)).toEqual([true])
  expect(world.visible()).toEqual(world.oracle().emissions)
})

test('a transient fault is retried, later each time, and then stops the process', async () => {
  const attempts: number[] = []
  const { world, supervisor, assign } = start(1, {
    openStore: async () => {
      attempts.push(world.time.now)
      throw new TransientFault('away')
    },
  })
  assign()
  await expect(world.drive(supervisor.done)).rejects.toThrow(/failed 4 times in a row: away/)
  await expect(supervisor.done).rejects.toMatchObject({ exitCode: 5 })
  expect(attempts).toHaveLength(4)
  const gaps = attempts.slice(1).map((at, index) => at - (attempts[index] as number))
  expect(gaps.every((gap, index) => gap >= 10 * 2 ** index)).toBe(true)
})

test('commits whose outcome is never known halt the partition', async () => {
  const { world, supervisor, assign } = start(1)
  world.log.commit = async () => 'unknown'
  assign()
  await world.pass(20_000)
  await world.drive(supervisor.flush().then(undefined, () => undefined))
  expect(supervisor.halted.get(0)?.reason).toBe('OUTCOME_UNKNOWN')
  await expect(world.drive(supervisor.flush())).resolves.toBeUndefined()
})

test('an owner that is fenced takes the partition again while it is assigned', async () => {
  const { world, supervisor, assign } = start(1)
  assign()
  await world.drive(supervisor.reached([10]))
  world.broker.fence(0)
  await world.drive(supervisor.flush())
  expect(world.faults.map((fault) => (fault as Error).constructor.name)).toEqual(['OwnershipLost'])
  expect(world.visible()).toEqual(world.oracle().emissions)
})

test('a fault of a write is repaired though no batch comes', async () => {
  let writes = 0
  const { world, supervisor, assign } = start(1, {
    openStore: async () => {
      const store = world.store()
      const write: typeof store.write = (...request) => {
        writes += 1
        return writes === 1 ? Promise.reject(new TransientFault('busy')) : store.write(...request)
      }
      return Object.assign(Object.create(store), { write, close: () => store.close() })
    },
  })
  assign()
  await world.pass(10_000)
  expect(writes).toBeGreaterThan(1)
  expect(supervisor.tasks.get(0)?.stored.offset).toBe(10)
  expect(world.violations).toEqual([])
})

test('a defect stops everything and is not retried', async () => {
  const { world, supervisor, assign } = start(1, {
    createFold: () => {
      throw new RangeError('a defect')
    },
  })
  assign()
  await expect(world.drive(supervisor.done)).rejects.toThrow('a defect')
  await expect(supervisor.reached([1])).rejects.toThrow('a defect')
  expect(world.faults).toHaveLength(1)
})

test('a fatal fault keeps its exit code', async () => {
  const fatal = new FatalFault(9, 'locked')
  const { world, supervisor, assign } = start(1, { openStore: () => Promise.reject(fatal) })
  assign()
  await expect(world.drive(supervisor.done)).rejects.toBe(fatal)
})
