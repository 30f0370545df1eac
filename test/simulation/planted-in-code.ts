import { CheckedStore } from '../../src/runtime/checked-store.ts'
import { EmissionLog } from '../../src/runtime/emission-log.ts'
import { KeyOverlay } from '../../src/runtime/key-overlay.ts'
import { decodeMeta, encodeBatchRow, metaKey } from '../../src/runtime/meta.ts'
import { OutcomeUnknown, PartitionTask } from '../../src/runtime/partition-task.ts'
import { StoreWriter } from '../../src/runtime/store-writer.ts'
import { type SupervisorParts, startSupervisor } from '../../src/runtime/supervisor.ts'
import { TaskState } from '../../src/runtime/task-state.ts'
import type { Planting } from './planted-bugs.ts'

/** Mistakes in the runtime itself: one method of it is another one while a run lasts. */
export const plantedInCode: readonly Planting[] = [
  ['outputs are not suppressed in recovery', { patch: loudRecovery }, /R10|R3/],
  ['outputs are sent twice', { patch: drainsTwice }, /R3|R4/],
  ['checksums are not compared', { patch: noChecksums }, /R3|DIVERGED|RangeError|defect|stopped/],
  ['lost batches are not looked for', { patch: noContinuity }, /R3|DIVERGED|stopped/],
  ['a second commit does not wait for the first', { patch: commitsAtOnce }, /R\d+|DIVERGED/],
  ['a task goes on after an unknown outcome', { patch: ignoresUnknown }, /R8/],
  ['a task that was given up still writes', { patch: neverStops }, /used after|R5|R2/],
  ['a batch of an older task is folded', { patch: foldsOldBatches }, /R3|R4|DIVERGED/],
  ['of several generations only the last is stored', { patch: storesLastOnly }, /R1/],
  ['generations are stored in the wrong order', { patch: storesBackwards }, /R1|R2|R5/],
  ['rows on their way to the store are forgotten', { patch: forgetsUnwritten }, /R1|R3|DIVERGED/],
  ['a write counts as landed under a load', { patch: landsUnderLoad }, /R1|R3|DIVERGED/],
  ['a newer change is forgotten with an older', { patch: dropsNewer }, /R1|R3|DIVERGED/],
]

function loudRecovery(): () => void {
  return replace(EmissionLog.prototype, 'silence', () => undefined)
}

function drainsTwice(): () => void {
  const original = EmissionLog.prototype.drain
  const kept = new WeakMap<EmissionLog, ReturnType<typeof original>>()
  return replace(EmissionLog.prototype, 'drain', function (this: EmissionLog) {
    const fresh = original.call(this)
    const again = kept.get(this) ?? []
    kept.set(this, fresh)
    return [...again, ...fresh]
  })
}

function noChecksums(): () => void {
  const original = method(CheckedStore.prototype, 'verified')
  const unchecked = function (this: CheckedStore, key: string, stored: Uint8Array): unknown {
    const bytes = stored.subarray(0, -4)
    // Counters only: a list, or a number cut in the middle, would be read without an end.
    const isWhole = key.startsWith('aM-') && (bytes.at(-1) ?? 0x80) < 0x80
    return isWhole ? bytes : original.call(this, key, stored)
  }
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

function commitsAtOnce(): () => void {
  const original = method(PartitionTask.prototype, 'cut')
  return replace(PartitionTask.prototype, 'cut', function (this: PartitionTask) {
    Reflect.set(this, 'inFlight', undefined)
    return original.call(this)
  })
}

function ignoresUnknown(): () => void {
  const original = method(PartitionTask.prototype, 'fail')
  return replace(PartitionTask.prototype, 'fail', function (this: PartitionTask, fault: unknown) {
    if (!(fault instanceof OutcomeUnknown)) original.call(this, fault)
  })
}

function neverStops(): () => void {
  return replace(StoreWriter.prototype, 'stop', async () => undefined)
}

function foldsOldBatches(): () => void {
  const idle = { done: new Promise(() => undefined) }
  const parts = { log: { subscribe: () => idle } } as unknown as SupervisorParts
  const prototype = Object.getPrototypeOf(startSupervisor(parts)) as object
  const original = method(prototype, 'fold')
  return replace(
    prototype,
    'fold',
    function (this: unknown, seat: { task: unknown }, batch: unknown) {
      return original.call(this, seat, batch, seat.task)
    },
  )
}

function storesLastOnly(): () => void {
  const original = StoreWriter.prototype.add
  const last: typeof original = function (this: StoreWriter, draft) {
    Reflect.set(this, 'queue', [])
    original.call(this, draft)
  }
  return replace(StoreWriter.prototype, 'add', last)
}

function storesBackwards(): () => void {
  const original = method(StoreWriter.prototype, 'write')
  return replace(StoreWriter.prototype, 'write', function (this: StoreWriter) {
    const queue = Reflect.get(this, 'queue') as unknown[]
    // The last one still tells the position.
    const newest = queue.pop()
    queue.reverse().push(newest)
    return original.call(this)
  })
}

function forgetsUnwritten(): () => void {
  return replace(TaskState.prototype, 'keepUnwritten', () => undefined)
}

function landsUnderLoad(): () => void {
  const original = method(TaskState.prototype, 'dropLanded')
  return replace(TaskState.prototype, 'dropLanded', function (this: TaskState) {
    const loading: unknown = Reflect.get(this, 'loading')
    Reflect.set(this, 'loading', 0)
    original.call(this)
    Reflect.set(this, 'loading', loading)
  })
}

function dropsNewer(): () => void {
  const original = KeyOverlay.prototype.drop
  const anyGeneration: typeof original = function (this: KeyOverlay, keys, generation) {
    const changes = Reflect.get(this, 'changes') as Map<string, { generation: number }>
    for (const key of keys) {
      const change = changes.get(key)
      if (change !== undefined) change.generation = generation
    }
    original.call(this, keys, generation)
  }
  return replace(KeyOverlay.prototype, 'drop', anyGeneration)
}

type Method = (...args: unknown[]) => unknown

function method(prototype: object, name: string): Method {
  return Reflect.get(prototype, name) as Method
}

/** Puts another method in its place; the result puts the old one back. */
function replace(prototype: object, name: string, replacement: unknown): () => void {
  const original: unknown = Reflect.get(prototype, name)
  Reflect.set(prototype, name, replacement)
  return () => {
    Reflect.set(prototype, name, original)
  }
}
