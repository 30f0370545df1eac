import type { Committed, Log } from '../../src/ports/log.ts'
import type { SimulatedLog } from '../support/simulated-log.ts'
import { plantedInCode } from './planted-in-code.ts'
import { plantedInStore } from './planted-in-store.ts'
import type { PlantedBug } from './simulator.ts'

/** What is done wrongly, by whom, and what the simulator must say of it. */
export type Planting = readonly [name: string, bug: PlantedBug, complaint: RegExp]

const plantedInLog: readonly Planting[] = [
  ['the store is written before the commit', { wrapLog: storeBeforeCommit }, /R5|STORE_AHEAD/],
  ['an unknown outcome is taken for success', { wrapLog: unknownIsSuccess }, /R3|R5|R8/],
  ['an unknown outcome is taken for an abort', { wrapLog: unknownIsAbort }, /R8/],
  ['a commit that was fenced is taken for success', { wrapLog: fencedIsSuccess }, /R5/],
  ['a slow commit is sent a second time', { wrapLog: sentTwice }, /R10|R8/],
  ['the committed position is read before the fence', { wrapLog: readBeforeFence }, /R10|R3/],
  ['the committed position is remembered', { wrapLog: remembered }, /R10|R3|STORE_AHEAD/],
  ['commits are not fenced', { wrapLog: noFence }, /R10|R3|R7/],
  ['outputs go without the position', { wrapLog: outputsAfterPosition }, /R4/],
  ['a commit forgets the step', { wrapLog: withoutStep }, /R4|R10/],
  ['a commit carries the digest of the one before', { wrapLog: oldMetadata }, /DIVERGED/],
  ['the recovery reads one record too few', { wrapLog: readsTooFew }, /DIVERGED/],
  [
    'reading does not go back to the position',
    { wrapLog: neverSeeks },
    /R3|DIVERGED|defect|no end/,
  ],
]

/** Mistakes that the protocol exists to avoid, each made by a port or class that misbehaves. */
export const plantedBugs: readonly Planting[] = [
  ...plantedInLog,
  ...plantedInStore,
  ...plantedInCode,
]

function storeBeforeCommit(log: SimulatedLog): Log {
  let last: Promise<unknown> = Promise.resolve()
  return over(log, {
    commit: async (...request) => {
      last = last.then(() => log.commit(...request))
      return 'committed'
    },
  })
}

function unknownIsSuccess(log: SimulatedLog): Log {
  return over(log, {
    commit: async (...request) => {
      const result = await log.commit(...request)
      return result === 'unknown' ? 'committed' : result
    },
  })
}

function unknownIsAbort(log: SimulatedLog): Log {
  return over(log, {
    commit: async (...request) => {
      const result = await log.commit(...request)
      return result === 'unknown' ? log.commit(...request) : result
    },
  })
}

function fencedIsSuccess(log: SimulatedLog): Log {
  return over(log, {
    commit: async (...request) => {
      const result = await log.commit(...request)
      return result === 'fenced' ? 'committed' : result
    },
  })
}

function sentTwice(log: SimulatedLog): Log {
  return over(log, {
    commit: async (...request) => {
      const { time } = log.broker.parts
      const began = time.now
      const result = await log.commit(...request)
      return time.now - began > 1_000 ? log.commit(...request) : result
    },
  })
}

function readBeforeFence(log: SimulatedLog): Log {
  return over(log, {
    acquire: async (partition) => {
      const { committed } = log.broker.partition(partition)
      const { lease } = await log.acquire(partition)
      return { lease, committed }
    },
  })
}

function remembered(log: SimulatedLog): Log {
  const known = new Map<number, Committed>()
  return over(log, {
    acquire: async (partition) => {
      const { lease, committed } = await log.acquire(partition)
      const first = known.get(partition) ?? committed
      if (first !== undefined) known.set(partition, first)
      return { lease, committed: first }
    },
  })
}

function noFence(log: SimulatedLog): Log {
  return over(log, {
    commit: (lease, ...rest) => {
      const { epoch } = log.broker.partition(lease.partition)
      return log.commit({ ...lease, epoch }, ...rest)
    },
  })
}

function outputsAfterPosition(log: SimulatedLog): Log {
  return over(log, {
    commit: (lease, _outputs, position, metadata) => log.commit(lease, [], position, metadata),
  })
}

function withoutStep(log: SimulatedLog): Log {
  return over(log, {
    commit: (lease, outputs, { offset }, metadata) =>
      log.commit(lease, outputs, { offset, step: 0 }, metadata),
  })
}

function oldMetadata(log: SimulatedLog): Log {
  const last = new Map<number, string>()
  return over(log, {
    commit: ({ partition, epoch }, outputs, position, metadata) => {
      const old = last.get(partition) ?? metadata
      last.set(partition, metadata)
      return log.commit({ partition, epoch }, outputs, position, old)
    },
  })
}

function readsTooFew(log: SimulatedLog): Log {
  return over(log, {
    read: (topic, partition, from, to) =>
      log.read(topic, partition, from, to - from > 1 ? to - 1 : to),
  })
}

function neverSeeks(log: SimulatedLog): Log {
  return over(log, {
    subscribe: (consumer) => ({ ...log.subscribe(consumer), seek: () => undefined }),
  })
}

function over(log: SimulatedLog, changes: Partial<Log>): Log {
  return {
    describe: () => log.describe(),
    append: () => log.append(),
    readMark: () => log.readMark(),
    read: (...request) => log.read(...request),
    end: (...request) => log.end(...request),
    acquire: (partition) => log.acquire(partition),
    commit: (...request) => log.commit(...request),
    release: () => log.release(),
    subscribe: (consumer) => log.subscribe(consumer),
    close: () => log.close(),
    ...changes,
  }
}
