// The log: topics of partitions, transactions, fencing. One contract suite (test/contract/log-port.ts)
// runs over every adapter and is the definition of what stands here.
//
//   L1. A transaction's outputs, the committed position and its metadata become visible together, or
//       not at all.
//   L2. After `acquire`, no older lease of the partition can commit (it gets `fenced`).
//   L3. `acquire` reads the committed position after it has fenced.
//   L4. Offsets of a partition rise; there may be gaps (control records). `nextOffset` of a batch is
//       where reading goes on, gaps included.
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

/** Place of the next thing to fold: `step` counts the finished parts of a record folded in steps. */
export interface Position {
  readonly offset: number
  readonly step: number
}

/** What the last commit of a partition left: at most 4 KB of metadata. */
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
  /** Per partition of `events`: the first offset that can still be read, and the next to be written. */
  readonly events: readonly { readonly start: number; readonly end: number }[]
  /** Settings worth auditing, by name. */
  readonly settings: Readonly<Record<string, string>>
}

/** Callbacks are never concurrent for one partition; a batch is delivered when the last one is done. */
export interface Consumer {
  readonly onAssigned: (partition: number) => Promise<void>
  readonly onRevoked: (partition: number) => Promise<void>
  /** `from` what `onAssigned`'s caller last passed to `seek`, else the committed position. */
  readonly onBatch: (batch: RecordBatch) => Promise<void>
}

export interface Subscription {
  /** Delivers from this offset on; only while the partition is assigned. */
  seek(partition: number, offset: number): void
  /** Revokes all partitions and resolves when their handlers are done. Rejects with a handler's fault. */
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
  /** Committed records of [from, to), in order; a batch never holds more than about 1 MB. */
  read(topic: Topic, partition: number, from: number, to: number): AsyncIterable<RecordBatch>
  /** The offset that the next record will get. */
  end(topic: Topic, partition: number): Promise<number>
  acquire(
    partition: number,
  ): Promise<{ readonly lease: Lease; readonly committed: Committed | undefined }>
  commit(
    lease: Lease,
    outputs: readonly OutgoingBatch[],
    position: Position,
    metadata: string,
  ): Promise<CommitResult>
  release(lease: Lease): Promise<void>
  subscribe(consumer: Consumer): Subscription
  close(): Promise<void>
}
