import type { Consumer, RecordBatch, Subscription } from '../../ports/log.ts'

/** What a subscription needs of the log; all of it is about `events`. */
export interface Source {
  readonly partitions: number
  committedOffset(partition: number): number
  end(partition: number): number
  read(partition: number, from: number, to: number): AsyncIterable<RecordBatch>
}

/**
 * One loop per partition: assigned, batches one after another, revoked. The first fault stops all
 * loops; their revocations still run.
 */
export class Delivery implements Subscription {
  readonly done: Promise<void>
  readonly #source: Source
  readonly #consumer: Consumer
  readonly #assigned = new Set<number>()
  readonly #seeks = new Map<number, number>()
  /** By partition: continues a loop that waits for records. */
  readonly #sleepers = new Map<number, () => void>()
  readonly #faults: unknown[] = []
  #stopping = false

  constructor(source: Source, consumer: Consumer) {
    this.#source = source
    this.#consumer = consumer
    this.done = this.#run()
    // Who calls `stop` sees the fault there; nobody has to look at both.
    this.done.catch(() => undefined)
  }

  seek(partition: number, offset: number): void {
    if (!this.#assigned.has(partition)) {
      throw new RangeError(`partition ${partition} is not assigned, so it cannot seek`)
    }
    this.#seeks.set(partition, offset)
    this.wake(partition)
  }

  stop(): Promise<void> {
    this.#stopping = true
    for (const partition of this.#sleepers.keys()) this.wake(partition)
    return this.done
  }

  /** Called when records were added to the partition. */
  wake(partition: number): void {
    this.#sleepers.get(partition)?.()
  }

  async #run(): Promise<void> {
    // The subscriber gets its subscription before the first callback.
    await Promise.resolve()
    const partitions = Array.from({ length: this.#source.partitions }, (_, partition) => partition)
    await Promise.all(partitions.map((partition) => this.#serve(partition)))
    if (this.#faults.length > 0) throw this.#faults[0]
  }

  async #serve(partition: number): Promise<void> {
    if (this.#stopping) return
    this.#assigned.add(partition)
    if (await this.#succeeds(() => this.#consumer.onAssigned(partition))) {
      await this.#succeeds(() => this.#deliver(partition))
      await this.#succeeds(() => this.#consumer.onRevoked(partition))
    }
    this.#assigned.delete(partition)
  }

  async #succeeds(step: () => Promise<void>): Promise<boolean> {
    try {
      await step()
      return true
    } catch (error) {
      this.#faults.push(error)
      void this.stop()
      return false
    }
  }

  async #deliver(partition: number): Promise<void> {
    let from = this.#source.committedOffset(partition)
    while (!this.#stopping) {
      const sought = this.#seeks.get(partition)
      this.#seeks.delete(partition)
      if (sought !== undefined) from = sought
      const end = this.#source.end(partition)
      if (from < end) from = await this.#deliverUpTo(partition, from, end)
      else await this.#sleep(partition)
    }
  }

  /** Returns where to go on. */
  async #deliverUpTo(partition: number, from: number, to: number): Promise<number> {
    let next = from
    for await (const batch of this.#source.read(partition, from, to)) {
      if (this.#interrupted(partition)) return next
      await this.#consumer.onBatch(batch)
      next = batch.nextOffset
      if (this.#interrupted(partition)) return next
    }
    return to
  }

  #interrupted(partition: number): boolean {
    return this.#stopping || this.#seeks.has(partition)
  }

  #sleep(partition: number): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.set(partition, () => {
        this.#sleepers.delete(partition)
        resolve()
      })
    })
  }
}
