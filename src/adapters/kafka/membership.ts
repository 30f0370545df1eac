import { OwnershipLost } from '../../ports/faults.ts'
import { atMost, type Connection, pause } from './connection.ts'
import { classifyError, isRebalancing, isRetriable } from './errors.ts'
import { type GroupMember, newMember, type Seat } from './kafkajs.ts'

const longestSilence = 3_000
const retryPause = 500

/**
 * This process's seat in the consumer group. kafkajs's consumer tells nobody before it gives
 * partitions away, so the group is joined and left here:
 *
 *   G1. Partitions are handled between `join` and the end of `stay` only. Who handles them is told
 *       of the end, and is waited for before the group is joined again.
 *   G2. A partition may be acquired only while the broker confirms that it is still ours: two
 *       processes that both believe so would fence each other for ever.
 */
export class Membership {
  readonly #connection: Connection
  readonly #topic: string
  /** In milliseconds. */
  readonly #sessionTimeout: number
  readonly #heartbeatInterval: number
  readonly #brokers: readonly string[]
  readonly #member: GroupMember
  #partitions: readonly number[] = []
  #endStay: () => void = () => undefined
  #isLeaving = false
  /** The brokers have not said that the seat is lost. */
  #mayHaveSeat = true

  constructor(connection: Connection, seat: Seat, brokers: readonly string[]) {
    this.#connection = connection
    this.#topic = seat.topic
    this.#sessionTimeout = seat.sessionTimeout
    this.#heartbeatInterval = Math.min(longestSilence, seat.sessionTimeout / 3)
    this.#brokers = brokers
    this.#member = newMember(connection.cluster, seat)
  }

  /** The partitions of the new generation, perhaps none. Waits for brokers that are away. */
  async join(): Promise<readonly number[]> {
    while (!this.#isLeaving) {
      try {
        await this.#connection.open([this.#topic])
        await this.#member.joinAndSync()
        const assigned = this.#member.assigned().find(({ topic }) => topic === this.#topic)
        this.#partitions = assigned?.partitions ?? []
        return this.#partitions
      } catch (error) {
        if (!isRebalancing(error) && !isRetriable(error)) throw classifyError(error, this.#brokers)
        await pause(retryPause)
      }
    }
    return []
  }

  /** Keeps the seat; resolves when the group is to be joined again, or `stop` was called. */
  async stay(): Promise<void> {
    let isOver = false
    const ended = new Promise<void>((resolve) => {
      this.#endStay = () => {
        isOver = true
        resolve()
      }
    })
    let confirmed = Date.now()
    while (!isOver && !this.#isLeaving) {
      await atMost(this.#heartbeatInterval, ended)
      if (await this.#hasSeat()) confirmed = Date.now()
      else if (!this.#mayHaveSeat || Date.now() - confirmed > this.#sessionTimeout) break
    }
    this.#partitions = []
  }

  /** Keeps the seat while what was begun is ended. */
  async settle(work: Promise<unknown>): Promise<void> {
    let isDone = false
    const done = work.then(
      () => {
        isDone = true
      },
      () => {
        isDone = true
      },
    )
    while (!isDone) {
      await atMost(this.#heartbeatInterval, done)
      // The seat is kept while the group waits for this member to join again.
      if (!isDone) await this.#member.heartbeat({ interval: 0 }).catch(() => undefined)
    }
  }

  /** OwnershipLost unless the broker says now that the partition is ours. */
  async confirm(partition: number): Promise<void> {
    if (!this.#partitions.includes(partition)) throw lost(partition)
    try {
      await this.#member.heartbeat({ interval: 0 })
    } catch (error) {
      if (isRebalancing(error)) {
        this.#endStay()
        throw lost(partition)
      }
      throw classifyError(error, this.#brokers)
    }
    if (!this.#partitions.includes(partition)) throw lost(partition)
  }

  /** Whether the broker has confirmed it; false too when it cannot be asked. */
  async #hasSeat(): Promise<boolean> {
    try {
      await this.#member.heartbeat({ interval: 0 })
      this.#mayHaveSeat = true
      return true
    } catch (error) {
      this.#mayHaveSeat = !isRebalancing(error)
      if (this.#mayHaveSeat && !isRetriable(error)) throw classifyError(error, this.#brokers)
      return false
    }
  }

  /** Ends `stay` for good. */
  stop(): void {
    this.#isLeaving = true
    this.#endStay()
  }

  async leave(): Promise<void> {
    this.stop()
    // Who cannot say good-bye is missed after the time-out.
    await this.#member.leave().catch(() => undefined)
    await this.#connection.close()
  }
}

function lost(partition: number): OwnershipLost {
  return new OwnershipLost(`partition ${partition} is assigned to another process`)
}
