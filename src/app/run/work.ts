import { partitionKey } from '../../fold/create-fold.ts'
import { newPartition, type PartitionRow } from '../../fold/rows/partition-row.ts'
import type { State } from '../../fold/state.ts'
import { partitions as partitionTable } from '../../fold/tables.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CommitResult, OutgoingBatch } from '../../ports/log.ts'
import type { Logger } from '../../ports/logger.ts'
import { outputKinds, type RunMeter } from './catalogue.ts'
import type { FoldedBatch, LogObserver } from './observe-log.ts'
import type { StoreObserver } from './observe-store.ts'

interface Counted {
  applied: number
  duplicate: number
  rejected: number
}

/** What one partition is about, as far as numbers are kept of it. */
interface Partition {
  /** The state of its fold; that of a task that is over, until the next one is there. */
  state: State | undefined
  /** Outcomes that are in the counters. */
  counted: Counted | undefined
  waiting: number
  /** Append time of the oldest record that is in no commit yet. */
  oldest: number | undefined
  /** Append time of the batch that is being folded. */
  current: number | undefined
}

/**
 * Turns what happens to log and stores into metrics and lines of the log: per batch and per commit.
 * Outcomes come from the counters that every partition keeps in its own row, by their difference.
 */
export class Work implements LogObserver, StoreObserver {
  /** Told when a batch of a partition was folded. */
  onFolded: (partition: number) => void = () => undefined
  /** Told when a partition was opened, or could not be. */
  onAssigned: (partition: number) => void = () => undefined
  private readonly meter: RunMeter
  private readonly logger: Logger
  private readonly clock: Clock
  private readonly partitions = new Map<number, Partition>()

  constructor(meter: RunMeter, logger: Logger, clock: Clock) {
    this.meter = meter
    this.logger = logger
    this.clock = clock
  }

  /** A fold was made over this state. */
  foldOver(partition: number, state: State): void {
    this.partition(partition).state = state
  }

  /** The fold's state of a partition, for reads between steps. */
  stateOf(partition: number): State | undefined {
    return this.partitions.get(partition)?.state
  }

  /** The partition's own row as the fold has it now. */
  rowOf(partition: number): PartitionRow | undefined {
    const state = this.stateOf(partition)
    if (state === undefined) return undefined
    try {
      return state.get(partitionTable, partitionKey) ?? newPartition()
    } catch {
      // The store of a task that is over is closed; the next task brings its own.
      return undefined
    }
  }

  assigned(partition: number): void {
    this.count(partition)
    this.onAssigned(partition)
  }

  folding({ partition, appendedAt }: FoldedBatch): void {
    const own = this.partition(partition)
    own.oldest ??= appendedAt
    own.current = appendedAt
  }

  folded({ partition, records, bytes }: FoldedBatch, seconds: number): void {
    const { meter } = this
    this.partition(partition).current = undefined
    meter.add('settlement_records_consumed_total', { topic: 'events' }, records)
    meter.add('settlement_record_bytes_total', { topic: 'events' }, bytes)
    meter.observe('settlement_batch_records', {}, records)
    meter.observe('settlement_stage_duration_seconds', { stage: 'fold' }, seconds)
    this.count(partition)
    const milliseconds = Math.round(seconds * 1_000)
    this.logger.debug('batch folded', { partition, records, milliseconds })
    this.onFolded(partition)
  }

  committing(partition: number, outputs: readonly OutgoingBatch[]): (result: CommitResult) => void {
    const { meter } = this
    const own = this.partition(partition)
    const { oldest } = own
    own.oldest = own.current
    const began = performance.now()
    return (outcome) => {
      const seconds = (performance.now() - began) / 1_000
      meter.add('settlement_transactions_total', { outcome }, 1)
      meter.observe('settlement_transaction_duration_seconds', {}, seconds)
      meter.observe('settlement_stage_duration_seconds', { stage: 'commit' }, seconds)
      if (outcome !== 'committed') return
      const now = this.clock.now()
      meter.set('settlement_last_commit_timestamp_seconds', {}, now / 1_000)
      if (oldest !== undefined) {
        const latency = Math.max(0, now - oldest) / 1_000
        meter.observe('settlement_end_to_end_latency_seconds', {}, latency)
      }
      for (const { topic, records } of outputs) {
        const kind = outputKinds.find((each) => each === topic)
        if (kind !== undefined) {
          meter.add('settlement_output_records_total', { kind }, records.length)
        }
      }
    }
  }

  did(operation: 'read' | 'range' | 'write', seconds: number): void {
    this.meter.observe('settlement_store_operation_duration_seconds', { operation }, seconds)
    if (operation !== 'write') return
    this.meter.observe('settlement_stage_duration_seconds', { stage: 'store' }, seconds)
  }

  wrote(bytes: number): void {
    this.meter.add('settlement_store_written_bytes_total', {}, bytes)
  }

  /** Adds what the partition's own counters have gained. */
  private count(partition: number): void {
    const row = this.rowOf(partition)
    if (row === undefined) return
    const own = this.partition(partition)
    const { party, broadcast } = row
    const now: Counted = {
      applied: party.applied + broadcast.applied,
      duplicate: party.duplicates + broadcast.duplicates,
      rejected: party.rejected + broadcast.rejected,
    }
    // What an earlier process counted is not this one's work.
    own.counted ??= { ...now }
    for (const outcome of ['applied', 'duplicate', 'rejected'] as const) {
      // After a repair the row is an earlier one, and what it counts again is counted already.
      const gained = now[outcome] - own.counted[outcome]
      if (gained <= 0) continue
      this.meter.add('settlement_events_total', { outcome }, gained)
      own.counted[outcome] = now[outcome]
    }
    own.waiting = party.waiting + broadcast.waiting
    let waiting = 0
    for (const each of this.partitions.values()) waiting += each.waiting
    this.meter.set('settlement_events_waiting', {}, waiting)
  }

  private partition(partition: number): Partition {
    let own = this.partitions.get(partition)
    if (own === undefined) {
      own = {
        state: undefined,
        counted: undefined,
        waiting: 0,
        oldest: undefined,
        current: undefined,
      }
      this.partitions.set(partition, own)
    }
    return own
  }
}
