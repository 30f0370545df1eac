import { TransientFault } from '../../ports/faults.ts'
import { classifyError, isNotYet, isRetriable } from './errors.ts'
import { type Broker, type Cluster, type Connecting, isolation, newCluster } from './kafkajs.ts'

const [earliest, latest] = [-2, -1]

/** Connections to the brokers, one to each, for one purpose: a slow request delays those behind. */
export class Connection {
  readonly cluster: Cluster
  readonly #brokers: readonly string[]
  #isClosed = false

  constructor(connecting: Connecting) {
    this.cluster = newCluster(connecting)
    this.#brokers = connecting.brokers
  }

  /** Connects, and learns where the partitions of these topics are. */
  async open(topics: readonly string[]): Promise<void> {
    await this.attempt(10_000, async () => {
      await this.cluster.connect()
      await this.cluster.addMultipleTargetTopics(topics)
      await this.cluster.refreshMetadata()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.cluster.disconnect().catch(() => undefined)
  }

  /**
   * Does it again, with fresh metadata, while it fails with what may pass, for so many
   * milliseconds. Rejects with a fault.
   */
  async attempt<Result>(milliseconds: number, step: () => Promise<Result>): Promise<Result> {
    const deadline = Date.now() + milliseconds
    let pauseFor = 5
    for (;;) {
      try {
        return await step()
      } catch (error) {
        const mayPass = isNotYet(error) || isRetriable(error)
        if (!mayPass || this.#isClosed || Date.now() + pauseFor > deadline) {
          throw classifyError(error, this.#brokers)
        }
        await pause(pauseFor)
        pauseFor = Math.min(500, pauseFor * 2)
        if (!isNotYet(error)) await this.#renew()
      }
    }
  }

  /** The broker that has this partition. */
  leader(topic: string, partition: number): Promise<Broker> {
    return this.cluster.findBroker({ nodeId: this.leaderId(topic, partition) })
  }

  /** Rejects what is asked of a partition that no broker leads for now (TransientFault). */
  leaderId(topic: string, partition: number): number {
    const known = this.cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === partition)
    if (known !== undefined && known.leader >= 0) return known.leader
    throw new TransientFault(`${topic}, partition ${partition}: no broker leads it`)
  }

  /** The first offset that can still be read. */
  start(topic: string, partition: number): Promise<number> {
    return this.#offset(topic, partition, earliest, isolation.uncommitted)
  }

  /** Behind the last record, of an open transaction too. */
  highWatermark(topic: string, partition: number): Promise<number> {
    return this.#offset(topic, partition, latest, isolation.uncommitted)
  }

  /** Behind what is decided: where the first open transaction begins, else the end. */
  stableEnd(topic: string, partition: number): Promise<number> {
    return this.#offset(topic, partition, latest, isolation.committed)
  }

  #offset(
    topic: string,
    partition: number,
    timestamp: number,
    isolationLevel: number,
  ): Promise<number> {
    return this.attempt(10_000, async () => {
      const broker = await this.leader(topic, partition)
      const topics = [{ topic, partitions: [{ partition, timestamp }] }]
      const { responses } = await broker.listOffsets({ isolationLevel, topics })
      const offset = Number(responses[0]?.partitions[0]?.offset)
      if (Number.isSafeInteger(offset)) return offset
      throw new TransientFault(`${topic}, partition ${partition}: the offset is not known`)
    })
  }

  async #renew(): Promise<void> {
    try {
      await this.cluster.connect()
      await this.cluster.refreshMetadata()
    } catch {
      // The next attempt meets the same error and tells of it.
    }
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Resolves with the work, or after so many milliseconds; leaves no timer behind. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, timeIsUp]).finally(() => clearTimeout(timer))
}
