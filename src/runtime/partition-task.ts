import { strict as assert } from 'node:assert'
import { OwnershipLost, TransientFault } from '../ports/faults.ts'
import type { Committed, Lease, Position, RecordBatch } from '../ports/log.ts'
import { partitionOf } from '../ports/partition-of.ts'
import type { Store } from '../ports/store.ts'
import { CheckedStore } from './checked-store.ts'
import { Draft, type DraftControl, type FrozenDraft } from './draft.ts'
import { EmissionLog } from './emission-log.ts'
import { encodeMetadata, type Identity, type Meta, readMeta } from './meta.ts'
import { comparePositions } from './position.ts'
import type { Progress } from './progress.ts'
import {
  checkAgreement,
  checkIdentity,
  checkPositions,
  type InputLog,
  logStart,
  noEmissions,
} from './recover.ts'
import type { FoldSetup } from './settings.ts'
import { StoreWriter } from './store-writer.ts'
import { TaskState } from './task-state.ts'

// The commit protocol of one partition (docs/commit-protocol.md). S is the position of the store, C
// the committed position of the log, P the position in memory.
//
//   R2. S ≤ C ≤ P, always.
//   R4. Outputs, C and its metadata move in one transaction.
//   R5. Every written batch ends at or before the last C that was acknowledged to this task.
//   R6. C is read after the fence of the same ownership.
//   R8. After an indefinite result nothing is sent with the same lease: the task is over.
//   R10. Nothing is produced while P < C.

/** What became of a commit is not known: it is treated as a crash, never retried (R8). */
export class OutcomeUnknown extends TransientFault {}

export interface TaskParts extends FoldSetup {
  readonly partition: number
  readonly store: Store
  readonly progress: Progress
  /** Told once, of the first fault that ends the task, wherever it arose. */
  readonly onFault: (fault: unknown) => void
}

interface Opened {
  readonly lease: Lease
  readonly committed: Position
  readonly draft: Draft
  readonly identity: Identity
  readonly meta: Meta | undefined
}

/** The work of one partition between one `acquire` and its end. A task that failed stays so. */
export class PartitionTask {
  readonly partition: number
  commits = 0
  private readonly parts: TaskParts
  private readonly draft: Draft
  private readonly lease: Lease
  private readonly writer: StoreWriter
  private acknowledged: Position
  private inFlight: Promise<void> | undefined
  private failure: { readonly fault: unknown } | undefined
  private cancelTimer: (() => void) | undefined
  private isLate = false
  private isFolding = false
  private interval: number
  private isForwarding = false

  /** Checks the store, takes the partition over, and brings the store's state to C. */
  static async open(parts: TaskParts): Promise<PartitionTask> {
    const { log, partition, failpoints } = parts
    const store = new CheckedStore(parts.store)
    const meta = await readMeta(store)
    const description = await log.describe()
    const identity = {
      clusterId: description.clusterId,
      topic: 'events',
      partition,
      partitionCount: description.partitions,
      ledger: parts.ledgerDigest,
    }
    if (meta !== undefined) checkIdentity(meta, identity)
    failpoints.reach('acquire:before')
    const { lease, committed } = await log.acquire(partition)
    failpoints.reach('acquire:after')
    await checkPositions({ log, description, partition }, meta, committed)

    const draft = newDraft(parts, store, meta, description.partitions)
    const position = committed?.position ?? logStart
    const task = new PartitionTask(parts, store, {
      lease,
      committed: position,
      draft,
      identity,
      meta,
    })
    let ready = false
    try {
      failpoints.reach('recover:before')
      await task.recover({ log, description, partition }, committed)
      failpoints.reach('recover:after')
      ready = true
    } finally {
      // No write of a task that never came to be may still be under way.
      if (!ready) await task.drop()
    }
    return task
  }

  private constructor(parts: TaskParts, store: CheckedStore, opened: Opened) {
    this.parts = parts
    this.partition = parts.partition
    this.draft = opened.draft
    this.lease = opened.lease
    this.acknowledged = opened.committed
    this.interval = parts.settings.commitInterval.least
    this.writer = new StoreWriter({
      store,
      state: opened.draft.state,
      identity: opened.identity,
      foldVersion: parts.foldVersion,
      stored: opened.meta?.position ?? logStart,
      batchNo: opened.meta === undefined ? 0 : opened.meta.batchNo + 1,
      limits: parts.settings,
      schedule: parts.schedule,
      failpoints: parts.failpoints,
      committed: () => this.acknowledged,
      onFault: (fault) => this.fail(fault),
    })
  }

  /** P. */
  get position(): Position {
    return this.draft.position
  }

  /** C, as far as it was acknowledged. */
  get committed(): Position {
    return this.acknowledged
  }

  /** S, as far as it was acknowledged. */
  get stored(): Position {
    return this.writer.stored
  }

  /** Emissions so far, at P. */
  get emitted(): { readonly nextOutSeq: number; readonly digest: string } {
    return this.draft.emissions.count()
  }

  /** Whether loopback records of what is folded are not yet in the log. */
  get owes(): boolean {
    return this.isForwarding || this.draft.emissions.owes
  }

  /** Records folded by this task, those of the recovery included. */
  get records(): number {
    return this.draft.records
  }

  /** Folds a batch; commits on the way. Rejects with the fault that ended the task. */
  async onBatch(batch: RecordBatch): Promise<void> {
    this.check()
    const { failpoints, progress } = this.parts
    failpoints.reach('fold:before')
    this.isFolding = true
    this.arm()
    await this.draft.foldBatch(
      batch,
      this.control(undefined, () => this.cut()),
    )
    this.isFolding = false
    failpoints.reach('fold:after')
    this.check()
    if (this.draft.folded === 0) this.disarm()
    // The time may have run out after the last step: no timer is left to see to the rest.
    if (this.isLate) await this.cut()
    this.assertOrder()
    progress.moveTo(this.draft.position.offset)
  }

  /** Resolves when everything below `offset` is folded, in memory. */
  reached(offset: number): Promise<void> {
    return this.parts.progress.reached(offset)
  }

  /** Resolves when all that is folded is committed and in the store. */
  async flush(): Promise<void> {
    await this.cut()
    while (this.inFlight !== undefined) await this.inFlight
    await this.writer.flush()
    this.check()
  }

  /** Hands the partition over in good order: flush, then end. */
  async close(): Promise<void> {
    await this.flush()
    await this.drop()
    await this.parts.log.release(this.lease)
  }

  /** Ends the task and writes nothing more. When it resolves, the store may be closed. */
  async drop(): Promise<void> {
    this.failure ??= { fault: new OwnershipLost(`partition ${this.partition} was given up`) }
    this.disarm()
    await this.writer.stop()
  }

  private async recover(input: InputLog, committed: Committed | undefined): Promise<void> {
    const { draft, parts } = this
    const until = this.acknowledged
    const control = this.control(until, () => this.keepRecovered())
    if (comparePositions(draft.position, until) < 0) {
      draft.emissions.silence(true)
      const to = until.step === 0 ? until.offset : until.offset + 1
      const from = draft.position.offset
      for await (const batch of input.log.read('events', input.partition, from, to)) {
        await draft.foldBatch(batch, control)
        this.check()
      }
      draft.skipTo(until)
      draft.emissions.silence(false)
    }
    checkAgreement(until, { ...this.emitted, foldVersion: parts.foldVersion }, committed)
    if (draft.folded > 0) await this.keepRecovered()
    this.assertOrder()
    parts.progress.moveTo(until.offset)
  }

  /** What was folded again is committed already, so it may go to the store. */
  private async keepRecovered(): Promise<void> {
    const draft = this.draft.freeze()
    assert(draft.outputs.length === 0, 'R10: output of a record that was committed before')
    this.writer.add(draft)
    if (this.writer.isBehind) await this.writer.flush()
    this.check()
  }

  /** Commits what is folded so far, when the commit before it is acknowledged. */
  private async cut(): Promise<void> {
    // Another cut may begin while this one waits: what was checked last must hold without an await.
    for (;;) {
      this.check()
      if (this.inFlight !== undefined) await this.inFlight
      else if (this.writer.isBehind) await this.writer.flush()
      else break
    }
    if (comparePositions(this.draft.position, this.acknowledged) === 0) return
    this.disarm()
    this.isForwarding = this.draft.emissions.owes
    this.inFlight = this.commit(this.draft.freeze()).then(
      () => {
        this.inFlight = undefined
        this.isForwarding = false
      },
      (fault) => {
        this.inFlight = undefined
        this.fail(fault)
      },
    )
    if (this.isFolding) this.arm()
  }

  private async commit(draft: FrozenDraft): Promise<void> {
    const { log, failpoints, clock, settings, foldVersion, partition } = this.parts
    const { position, outputs, count } = draft
    assert(comparePositions(this.acknowledged, position) < 0, 'R10: a commit must move C on')
    const began = clock.now()
    failpoints.reach('transaction:before')
    const metadata = encodeMetadata({ ...count, foldVersion })
    const result = await log.commit(this.lease, outputs, position, metadata)
    failpoints.reach('transaction:after')
    if (result === 'fenced') throw new OwnershipLost(`partition ${partition} has another owner`)
    if (result === 'unknown') {
      throw new OutcomeUnknown(`OUTCOME_UNKNOWN: partition ${partition} lost sight of a commit`)
    }
    this.acknowledged = position
    this.commits += 1
    const { least, most } = settings.commitInterval
    // Transactions take at most a tenth of the time.
    this.interval = Math.min(most, Math.max(least, (clock.now() - began) * 10))
    this.assertOrder()
    this.writer.add(draft)
  }

  private control(until: Position | undefined, cut: () => Promise<void>): DraftControl {
    const { settings, schedule } = this.parts
    const { draft } = this
    return {
      until,
      cut,
      isDue: () =>
        this.isLate ||
        draft.folded >= settings.commitRecords ||
        draft.emissions.largest >= settings.commitBytes,
      breathe: () => schedule.breathe(),
    }
  }

  private arm(): void {
    this.cancelTimer ??= this.parts.schedule.after(this.interval, () => this.timeIsUp())
  }

  private disarm(): void {
    this.cancelTimer?.()
    this.cancelTimer = undefined
    this.isLate = false
  }

  private timeIsUp(): void {
    this.cancelTimer = undefined
    if (this.failure !== undefined) return
    if (this.isFolding) this.isLate = true
    else this.cut().then(undefined, (fault) => this.fail(fault))
  }

  private fail(fault: unknown): void {
    if (this.failure !== undefined) return
    this.failure = { fault }
    this.disarm()
    this.parts.onFault(fault)
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure.fault
  }

  private assertOrder(): void {
    const { stored, acknowledged, position } = this
    assert(comparePositions(stored, acknowledged) <= 0, 'R2: the store is ahead of the log')
    assert(comparePositions(acknowledged, position) <= 0, 'R2: the log is ahead of the fold')
  }
}

function newDraft(
  parts: TaskParts,
  store: CheckedStore,
  meta: Meta | undefined,
  partitions: number,
): Draft {
  const { codec, partition, tools, ledger, settings } = parts
  const state = new TaskState(store, settings)
  const emissions = new EmissionLog(codec, partition, meta ?? noEmissions)
  const routing = { partitions, partitionOf: (key: string) => partitionOf(key, partitions) }
  const fold = parts.createFold({ partition, state, emit: emissions, tools, ledger, routing })
  return new Draft({
    codec,
    state,
    emissions,
    fold,
    sliceRecords: settings.sliceRecords,
    position: meta?.position ?? logStart,
    last: meta?.last,
  })
}
