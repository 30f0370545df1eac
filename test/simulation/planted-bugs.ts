import type { Log } from '../../src/ports/log.ts'
import type { Store, StoreWrite } from '../../src/ports/store.ts'
import { CheckedStore } from '../../src/runtime/checked-store.ts'
import { EmissionLog } from '../../src/runtime/emission-log.ts'
import { decodeMeta, encodeBatchRow, metaKey, metaWrites } from '../../src/runtime/meta.ts'
import type { SimulatedLog } from '../support/simulated-log.ts'
import type { PlantedBug } from './simulator.ts'

/** What is done wrongly, by whom, and what the simulator must say of it. */
export type Planting = readonly [name: string, bug: PlantedBug, complaint: RegExp]

/** Mistakes that the protocol exists to avoid, each made by a port or class that misbehaves. */
export const plantedBugs: readonly Planting[] = [
  ['the store is written before the commit', { wrapLog: storeBeforeCommit }, /R5|STORE_AHEAD/],
  ['outputs are not suppressed in recovery', { patch: loudRecovery }, /R10|R3/],
  ['an unknown outcome is taken for success', { wrapLog: unknownIsSuccess }, /R3|R5|R8/],
  ['an unknown outcome is taken for an abort', { wrapLog: unknownIsAbort }, /R8/],
  ['the committed position is read before the fence', { wrapLog: readBeforeFence }, /R10|R3/],
  ['commits are not fenced', { wrapLog: noFence }, /R10|R3|R7/],
  ['the store says a position that its rows are not at', { wrapStore: wrongPosition }, /R1/],
  ['checksums are not compared', { patch: noChecksums }, /R3|DIVERGED/],
  ['lost batches are not looked for', { patch: noContinuity }, /R3|DIVERGED/],
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

function readBeforeFence(log: SimulatedLog): Log {
  return over(log, {
    acquire: async (partition) => {
      const { committed } = log.broker.partition(partition)
      const { lease } = await log.acquire(partition)
      return { lease, committed }
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

function wrongPosition(store: Store): Store {
  return {
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    range: (from, to, limit) => store.range(from, to, limit),
    scan: (from, to) => store.scan(from, to),
    close: () => store.close(),
    write: (writes, options) => {
      const rows = writes.map(([key, value]): StoreWrite => [key, value?.subarray(0, -4)])
      const meta = decodeMeta(rows.find(([key]) => key === metaKey)?.[1] as Uint8Array)
      const { offset } = meta.position
      const wrong = { ...meta, position: { offset: Math.max(0, offset - 1), step: 0 } }
      const data = rows.filter(([key]) => !key.startsWith('\u0000'))
      return new CheckedStore(store).write([...data, ...metaWrites(wrong)], options)
    },
  }
}

function loudRecovery(): () => void {
  return replace(EmissionLog.prototype, 'silence', () => undefined)
}

function noChecksums(): () => void {
  const unchecked = (_key: string, stored: Uint8Array): Uint8Array => stored.subarray(0, -4)
  return replace(CheckedStore.prototype, 'verified', unchecked)
}

function noContinuity(): () => void {
  // Batch rows are then all found as they should be.
  const original = CheckedStore.prototype.getMany
  const found: typeof original = async function (this: CheckedStore, keys) {
    const meta = this.get(metaKey)
    if (meta === undefined || keys[0]?.startsWith('\u0000b') !== true) {
      return original.call(this, keys)
    }
    const { batchNo, position } = decodeMeta(meta)
    return keys.map((_, at) => encodeBatchRow(batchNo - keys.length + 1 + at, position))
  }
  return replace(CheckedStore.prototype, 'getMany', found)
}

/** Puts another method in its place; the result puts the old one back. */
function replace(prototype: object, name: string, method: unknown): () => void {
  const original: unknown = Reflect.get(prototype, name)
  Reflect.set(prototype, name, method)
  return () => {
    Reflect.set(prototype, name, original)
  }
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
