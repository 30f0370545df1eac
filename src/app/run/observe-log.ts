import type {
  AppendOptions,
  CommitResult,
  Committed,
  Consumer,
  Lease,
  Log,
  LogDescription,
  OutgoingBatch,
  Position,
  RecordBatch,
  Subscription,
  Topic,
} from '../../ports/log.ts'

/** What is told of a log while it is used: once per assignment, batch and commit. */
export interface LogObserver {
  /** The partition was opened and recovered, or is halted. */
  assigned(partition: number): void
  /** Before the batch is folded. */
  folding(batch: FoldedBatch): void
  /** After it, in so many seconds. */
  folded(batch: FoldedBatch, seconds: number): void
  /** A commit begins; the result is called with its end. */
  committing(partition: number, outputs: readonly OutgoingBatch[]): (result: CommitResult) => void
}

/** A batch without its bytes, which are not valid for long. */
export interface FoldedBatch {
  readonly partition: number
  readonly records: number
  readonly bytes: number
  /** When the first record was appended, in milliseconds since the epoch. */
  readonly appendedAt: number
}

/** A log that behaves as the one inside, and tells what happens. */
export class ObservedLog implements Log {
  readonly #inner: Log
  readonly #observer: LogObserver

  constructor(inner: Log, observer: LogObserver) {
    this.#inner = inner
    this.#observer = observer
  }

  describe(): Promise<LogDescription> {
    return this.#inner.describe()
  }

  append(batches: readonly OutgoingBatch[], options?: AppendOptions): Promise<void> {
    return this.#inner.append(batches, options)
  }

  readMark(): Promise<Uint8Array | undefined> {
    return this.#inner.readMark()
  }

  read(topic: Topic, partition: number, from: number, to: number): AsyncIterable<RecordBatch> {
    return this.#inner.read(topic, partition, from, to)
  }

  end(topic: Topic, partition: number): Promise<number> {
    return this.#inner.end(topic, partition)
  }

  acquire(
    partition: number,
  ): Promise<{ readonly lease: Lease; readonly committed: Committed | undefined }> {
    return this.#inner.acquire(partition)
  }

  async commit(
    lease: Lease,
    outputs: readonly OutgoingBatch[],
    position: Position,
    metadata: string,
  ): Promise<CommitResult> {
    const ended = this.#observer.committing(lease.partition, outputs)
    const result = await this.#inner.commit(lease, outputs, position, metadata)
    ended(result)
    return result
  }

  release(lease: Lease): Promise<void> {
    return this.#inner.release(lease)
  }

  subscribe(consumer: Consumer): Subscription {
    const observer = this.#observer
    return this.#inner.subscribe({
      onAssigned: async (partition) => {
        await consumer.onAssigned(partition)
        observer.assigned(partition)
      },
      onRevoked: (partition) => consumer.onRevoked(partition),
      onBatch: async (batch) => {
        if (batch.count === 0) return consumer.onBatch(batch)
        const outline = outlineOf(batch)
        const began = performance.now()
        observer.folding(outline)
        await consumer.onBatch(batch)
        observer.folded(outline, (performance.now() - began) / 1_000)
      },
    })
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}

function outlineOf(batch: RecordBatch): FoldedBatch {
  const last = batch.count - 1
  return {
    partition: batch.partition,
    records: batch.count,
    // Keys and values of a batch lie one after the other.
    bytes: (batch.valueEnd[last] as number) - Math.max(0, batch.keyStart[0] as number),
    appendedAt: batch.appendTimes[0] as number,
  }
}
