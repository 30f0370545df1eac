import type { Consumer, Subscription } from '../../ports/log.ts'
import type { Feed } from './feed.ts'
import type { Membership } from './membership.ts'

/** What a subscription needs; all of it is about `events`. */
export interface DeliveryParts {
  readonly membership: Membership
  readonly feed: Feed
  committedOffset(partition: number): Promise<number>
  /** Gives back what the handlers of a revoked partition may have left. */
  revoked(partition: number): void
}

/**
 * One generation of the group after another; in each, one loop per partition: assigned, batches one
 * after another, revoked. The first fault ends all loops; their revocations still run.
 */
export class Delivery implements Subscription {
  readonly done: Promise<void>
  readonly #parts: DeliveryParts
  readonly #consumer: Consumer
  readonly #assigned = new Set<number>()
  readonly #seeks = new Map<number, number>()
  readonly #faults: unknown[] = []
  #isStopping = false
  #isRevoking = false

  constructor(parts: DeliveryParts, consumer: Consumer) {
    this.#parts = parts
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
    this.#parts.feed.wake(partition)
  }

  stop(): Promise<void> {
    this.#isStopping = true
    this.#parts.membership.stop()
    return this.done
  }

  /** OwnershipLost unless the partition is assigned here and the broker confirms it. */
  confirm(partition: number): Promise<void> {
    return this.#parts.membership.confirm(partition)
  }

  async #run(): Promise<void> {
    // The subscriber gets its subscription before the first callback.
    await Promise.resolve()
    const { membership, feed } = this.#parts
    try {
      while (!this.#isStopping) await this.#serveGeneration()
    } catch (fault) {
      this.#faults.push(fault)
    }
    await feed.close()
    await membership.leave()
    if (this.#faults.length > 0) throw this.#faults[0]
  }

  async #serveGeneration(): Promise<void> {
    const { membership } = this.#parts
    const partitions = await membership.join()
    this.#isRevoking = false
    const serving = Promise.all(partitions.map((partition) => this.#serve(partition)))
    try {
      await membership.stay()
    } finally {
      this.#isRevoking = true
      for (const partition of partitions) this.#parts.feed.wake(partition)
      await membership.settle(serving)
    }
  }

  async #serve(partition: number): Promise<void> {
    if (this.#isStopping) return
    this.#assigned.add(partition)
    if (await this.#succeeds(() => this.#consumer.onAssigned(partition))) {
      await this.#succeeds(() => this.#deliver(partition))
      this.#parts.feed.forget(partition)
      await this.#succeeds(() => this.#consumer.onRevoked(partition))
    }
    this.#assigned.delete(partition)
    this.#seeks.delete(partition)
    this.#parts.revoked(partition)
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
    const { feed } = this.#parts
    if (!this.#seeks.has(partition)) {
      const offset = await this.#parts.committedOffset(partition)
      if (!this.#seeks.has(partition)) feed.want(partition, offset)
    }
    while (!this.#isStopping && !this.#isRevoking) {
      const sought = this.#seeks.get(partition)
      this.#seeks.delete(partition)
      if (sought !== undefined) feed.want(partition, sought)
      const batch = await feed.take(partition)
      if (batch === undefined || this.#isInterrupted(partition)) continue
      await this.#consumer.onBatch(batch)
    }
  }

  #isInterrupted(partition: number): boolean {
    return this.#isStopping || this.#isRevoking || this.#seeks.has(partition)
  }
}
