import { strict as assert } from 'node:assert'
import type { Failpoints } from '../ports/faults.ts'
import type { Position } from '../ports/log.ts'
import type { StoreWrite } from '../ports/store.ts'
import type { CheckedStore } from './checked-store.ts'
import type { FrozenDraft } from './draft.ts'
import { type Identity, metaWrites } from './meta.ts'
import { comparePositions } from './position.ts'
import type { Schedule } from './schedule.ts'
import type { Generation, TaskState } from './task-state.ts'

export interface StoreWriterParts {
  readonly store: CheckedStore
  readonly state: TaskState
  readonly identity: Identity
  readonly foldVersion: number
  /** S, and the number of the next batch, as the store was found. */
  readonly stored: Position
  readonly batchNo: number
  readonly limits: { readonly storeBytes: number; readonly storeInterval: number }
  readonly schedule: Schedule
  readonly failpoints: Failpoints
  /** C, which no write may pass (R5). */
  readonly committed: () => Position
  readonly onFault: (fault: unknown) => void
}

/**
 * Brings committed generations to the store, several in one synced batch, one batch at a time. The
 * store is written last: what it lacks is folded again after a crash.
 */
export class StoreWriter {
  private readonly parts: StoreWriterParts
  private queue: FrozenDraft[] = []
  private bytes = 0
  private batchNo: number
  private position: Position
  private writing: Promise<void> | undefined
  private cancelTimer: (() => void) | undefined
  private stopped = false

  constructor(parts: StoreWriterParts) {
    this.parts = parts
    this.position = parts.stored
    this.batchNo = parts.batchNo
  }

  /** S: what the store holds for certain. */
  get stored(): Position {
    return this.position
  }

  /** So far behind that folding should wait. */
  get isBehind(): boolean {
    return this.bytes > 4 * this.parts.limits.storeBytes
  }

  /** Takes over a draft that is committed. */
  add(draft: FrozenDraft): void {
    if (this.stopped) return
    this.queue.push(draft)
    this.bytes += draft.generation.bytes
    const { limits, schedule } = this.parts
    if (this.bytes >= limits.storeBytes) this.start()
    else this.cancelTimer ??= schedule.after(limits.storeInterval, () => this.start())
  }

  /** Resolves when all that was added is in the store, or a fault was reported. */
  async flush(): Promise<void> {
    while (!this.stopped && (this.writing !== undefined || this.queue.length > 0)) {
      this.start()
      await this.writing
    }
  }

  /** Starts no write any more, and resolves when the one under way has ended, however it did. */
  async stop(): Promise<void> {
    this.stopped = true
    this.cancelTimer?.()
    await this.writing
  }

  private start(): void {
    this.cancelTimer?.()
    this.cancelTimer = undefined
    if (this.stopped || this.writing !== undefined || this.queue.length === 0) return
    this.writing = this.write().then(
      () => this.ended(),
      (fault) => {
        this.writing = undefined
        this.stopped = true
        this.parts.onFault(fault)
      },
    )
  }

  private ended(): void {
    this.writing = undefined
    if (this.bytes >= this.parts.limits.storeBytes) this.start()
    else if (this.queue.length > 0 && !this.stopped) {
      const { limits, schedule } = this.parts
      this.cancelTimer ??= schedule.after(limits.storeInterval, () => this.start())
    }
  }

  private async write(): Promise<void> {
    const { store, state, identity, foldVersion, failpoints, committed } = this.parts
    const drafts = this.queue
    const newest = drafts[drafts.length - 1] as FrozenDraft
    this.queue = []
    this.bytes = 0
    const { position, count, last } = newest
    assert(comparePositions(position, committed()) <= 0, 'R5: the store would pass the log')
    assert(comparePositions(this.position, position) <= 0, 'R2: the store would go back')

    const meta = { position, batchNo: this.batchNo, ...count, foldVersion, identity, last }
    failpoints.reach('store:before')
    await store.write([...merged(drafts.map((draft) => draft.generation)), ...metaWrites(meta)], {
      sync: true,
    })
    failpoints.reach('store:after')
    this.batchNo += 1
    this.position = position
    for (const draft of drafts) state.written(draft.generation)
  }
}

/** Of every key the latest write only. */
function merged(generations: readonly Generation[]): Iterable<StoreWrite> {
  const [only] = generations
  if (only !== undefined && generations.length === 1) return only.writes
  const latest = new Map<string, StoreWrite>()
  for (const { writes } of generations) for (const write of writes) latest.set(write[0], write)
  return latest.values()
}
