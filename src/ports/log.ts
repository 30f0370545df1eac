// The log: topics of partitions, transactions, fencing. One contract suite
// (test/contract/log-port.ts) runs over every adapter and is the definition of what stands here.
//
//   L1. A transaction's outputs, the committed position and its metadata become visible together,
//       or not at all.
//   L2. After `acquire`, no older lease of the partition can commit (it gets `fenced`).
//   L3. `acquire` reads the committed position after it has fenced.
//   L4. Offsets of a partition rise; there may be gaps (control records). `nextOffset` of a batch
//       is where reading goes on, gaps included.
//   L5. `append` is idempotent and in order per partition; when it resolves with `durable`, the
//       records survive the loss of power.

/** The six topics of a settlement, without the prefix of the installation. */
export type Topic = (typeof topics)[number]

export const topics = [
  'events',
  'lines',
  'statements',
  'instructions',
  'notices',
  'rejections',
] as const

/** One record to be written. */
export interface OutgoingRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array
}

/** Records for one partition of one topic, in order. */
export interface OutgoingBatch {
  readonly topic: Topic
  readonly partition: number
  readonly records: readonly OutgoingRecord[]
}

/**
 * Records of one partition as views over one buffer. Record i (0 ≤ i < count) has its value at
 * `bytes[valueStart[i], valueEnd[i])` and its key likewise; `keyEnd[i]` is −1 for no key. The bytes
 * are only valid until the handler returns: copy what is kept.
 */
export interface RecordBatch {
  readonly topic: Topic
  readonly partition: number
  readonly count: number
  readonly bytes: Uint8Array
  readonly offsets: Float64Array
  /** Milliseconds since the epoch, set by the log when the record was appended. */
  readonly appendTimes: Float64Array
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  /** The offset after the last record and all control records behind it. */
  readonly nextOffset: number
}

/**
 * Place of the next thing to fold: `step` counts the finished parts of a record folded in steps.
 */
export interface Position {
  readonly offset: number
  readonly step: number
}

/** What the last commit of a partition left: at most 4,000 bytes of metadata. */
export interface Committed {
  readonly position: Position
  readonly metadata: string
}

/** The right to commit one input partition, until the next `acquire` of it. */
export interface Lease {
  readonly partition: number
  readonly epoch: number
}

/** `unknown` is a crash: discard everything since the last `committed` and acquire again. */
export type CommitResult = 'committed' | 'fenced' | 'unknown'

export interface LogDescription {
  /** Survives restarts; another log has another id. */
  readonly clusterId: string
  readonly partitions: number
  /**
   * Per partition of `events`: the first offset that can still be read, and the next to be written.
   */
  readonly events: readonly { readonly start: number; readonly end: number }[]
  /** Settings worth auditing, by name. */
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Callbacks are never concurrent for one partition; a batch is delivered when the last one is done.
 * The first callback comes after `subscribe` has returned, so it may use the subscription.
 */
export interface Consumer {
  /** The place to `acquire`, to recover and to `seek`. */
  readonly onAssigned: (partition: number) => Promise<void>
  /**
   * Once for every partition whose `onAssigned` resolved, after a fault too; none is delivered
   * after.
   */
  readonly onRevoked: (partition: number) => Promise<void>
  /**
   * Batches of `events` from the offset last given to `seek`, else from the committed position. One
   * without records tells that only control records are left before its `nextOffset`.
   */
  readonly onBatch: (batch: RecordBatch) => Promise<void>
}

export interface Subscription {
  /**
   * Delivers from this offset on once the running handler is done. Only between the call of
   * `onAssigned` and the end of `onRevoked`; else a RangeError.
   */
  seek(partition: number, offset: number): void
  /**
   * Revokes all partitions and resolves when their handlers are done. Rejects with a handler's
   * fault.
   */
  stop(): Promise<void>
  /** Rejects with the first fault of a handler; resolves after `stop`. */
  readonly done: Promise<void>
}

export interface AppendOptions {
  /** Stored in one write with the records; `readMark` gives it back. */
  readonly mark?: Uint8Array
  /** Wait until the records survive a loss of power. Default true. */
  readonly durable?: boolean
}

export interface Log {
  describe(): Promise<LogDescription>
  append(batches: readonly OutgoingBatch[], options?: AppendOptions): Promise<void>
  readMark(): Promise<Uint8Array | undefined>
  /**
   * Committed records of [from, to) as far as they exist, in order. A batch never holds more than
   * about 1 MB, or one record; none is empty, so nothing is yielded for a range of control records.
   */
  read(topic: Topic, partition: number, from: number, to: number): AsyncIterable<RecordBatch>
  /** The offset that the next record will get. */
  end(topic: Topic, partition: number): Promise<number>
  /** Fences every older lease of the partition and then reads its committed position (L2, L3). */
  acquire(
    partition: number,
  ): Promise<{ readonly lease: Lease; readonly committed: Committed | undefined }>
  /** One transaction (L1); a lease that was released or never given out is `fenced`. */
  commit(
    lease: Lease,
    outputs: readonly OutgoingBatch[],
    position: Position,
    metadata: string,
  ): Promise<CommitResult>
  release(lease: Lease): Promise<void>
  subscribe(consumer: Consumer): Subscription
  /** Stops the subscriptions and waits for what is being written; not from within a handler. */
  close(): Promise<void>
}

/** The value of record i: a view, valid as long as the batch. */
export function recordValue(batch: RecordBatch, i: number): Uint8Array {
  return batch.bytes.subarray(batch.valueStart[i], batch.valueEnd[i])
}

/** The key of record i, null for none: a view, valid as long as the batch. */
export function recordKey(batch: RecordBatch, i: number): Uint8Array | null {
  const end = batch.keyEnd[i] as number
  return end < 0 ? null : batch.bytes.subarray(batch.keyStart[i], end)
}
