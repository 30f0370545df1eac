// What writes to Kafka: one request in flight, partitions given out by the caller, sequences kept
// here. kafkajs's own producer loses acknowledged records when a response is lost and several sends
// are under way, and cannot be used any more when a commit has failed.
//
//   K1. One send after another. A send is repeated, if at all, with the same sequences, so the
//       broker takes it once.
//   K2. A transaction ends in one EndTxn, sent once. Whatever goes wrong before its answer makes
//       the producer dead: nothing is sent with its epoch any more.
import { TransientFault } from '../../ports/faults.ts'
import type { CommitResult, OutgoingRecord } from '../../ports/log.ts'
import { type Connection, pause } from './connection.ts'
import { isFenced, isNotYet } from './errors.ts'
import { type Broker, coordinatorOf, type ProducedPartition } from './kafkajs.ts'

/** Records for a partition, by the name that the topic has on the broker. */
export interface Outgoing {
  readonly topic: string
  readonly partition: number
  readonly records: readonly OutgoingRecord[]
}

/** A position to be committed with a transaction. */
export interface GroupOffset {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly metadata: string
}

/** One record batch of a partition may have 1 MiB; some of it are heads and lengths. */
const fullChunk = 900_000
const recordOverhead = 24
const fullRequest = 8 * 1024 * 1024
/** Above what a commit takes, and short: an open transaction keeps readers waiting. */
const transactionTimeout = 10_000
const commitDeadline = 9_000
const appendDeadline = 30_000
/** The broker's coordinator asks to wait while the markers of the last transaction are written. */
const markersPause = 3

export class Producer {
  readonly #connection: Connection
  readonly #transactionalId: string | undefined
  readonly #producerId: string
  readonly #epoch: number
  readonly #sequences = new Map<string, number>()
  #isDead = false

  /** A new epoch: producers of the same transactional id are fenced, their transaction ended. */
  static async open(connection: Connection, transactionalId?: string): Promise<Producer> {
    const { producerId, producerEpoch } = await connection.attempt(30_000, async () => {
      const broker = await coordinator(connection, transactionalId)
      return broker.initProducerId({ transactionalId, transactionTimeout })
    })
    return new Producer(connection, transactionalId, { producerId, producerEpoch })
  }

  private constructor(
    connection: Connection,
    transactionalId: string | undefined,
    given: { readonly producerId: string; readonly producerEpoch: number },
  ) {
    this.#connection = connection
    this.#transactionalId = transactionalId
    this.#producerId = given.producerId
    this.#epoch = given.producerEpoch
  }

  /** Rises from one producer of a transactional id to the next. */
  get epoch(): number {
    return Number(this.#producerId) * 65_536 + this.#epoch
  }

  /** After a fault nothing may be sent with this producer any more. */
  get isDead(): boolean {
    return this.#isDead
  }

  /** Resolves when all records are on all replicas in sync. Rejects with a fault: then is dead. */
  async append(batches: readonly Outgoing[]): Promise<void> {
    const deadline = Date.now() + appendDeadline
    await this.#orDie(async () => {
      for (const request of requestsOf(batches)) await this.#send(request, deadline)
    })
  }

  /** One transaction of records and a position; whatever is not `committed` makes it dead. */
  async commit(batches: readonly Outgoing[], offset: GroupOffset): Promise<CommitResult> {
    try {
      await this.#orDie(() => this.#transact(batches, offset))
      return 'committed'
    } catch (error) {
      return isFenced(error) ? 'fenced' : 'unknown'
    }
  }

  /** Nothing is sent any more, not even by what is under way. */
  stop(): void {
    this.#isDead = true
  }

  async #transact(batches: readonly Outgoing[], offset: GroupOffset): Promise<void> {
    const deadline = Date.now() + commitDeadline
    const identity = this.#identity()
    const transactions = await coordinator(this.#connection, this.#transactionalId)
    const topics = partitionsOf(batches)
    if (topics.length > 0) {
      await this.#patiently(deadline, () =>
        transactions.addPartitionsToTxn({ ...identity, topics }),
      )
    }
    for (const request of requestsOf(batches)) await this.#send(request, deadline)
    const { groupId, topic, partition, metadata } = offset
    await this.#patiently(deadline, () => transactions.addOffsetsToTxn({ ...identity, groupId }))
    const group = await groupCoordinator(this.#connection, groupId)
    const positions = [{ partition, offset: `${offset.offset}`, metadata }]
    await this.#patiently(deadline, () =>
      group.txnOffsetCommit({ ...identity, groupId, topics: [{ topic, partitions: positions }] }),
    )
    this.#assertAlive(deadline)
    await transactions.endTxn({ ...identity, transactionResult: true })
  }

  /** Repeats what the coordinator has not even begun. */
  async #patiently(deadline: number, step: () => Promise<unknown>): Promise<void> {
    for (;;) {
      this.#assertAlive(deadline)
      try {
        await step()
        return
      } catch (error) {
        if (!isNotYet(error)) throw error
        await pause(markersPause)
      }
    }
  }

  async #send(request: readonly Outgoing[], deadline: number): Promise<void> {
    const sequenced = request.map((each) => ({ ...each, firstSequence: this.#sequence(each) }))
    await this.#connection.attempt(deadline - Date.now(), async () => {
      this.#assertAlive(deadline)
      for (const [nodeId, mine] of this.#byLeader(sequenced)) {
        const broker = await this.#connection.cluster.findBroker({ nodeId })
        const topicData = topicDataOf(mine)
        await broker.produce({ ...this.#identity(), topicData, acks: -1, timeout: 10_000 })
      }
    })
    for (const { topic, partition, records } of request) {
      const place = `${topic} ${partition}`
      // As brokers and Java's client count: behind the largest number comes 0.
      this.#sequences.set(place, ((this.#sequences.get(place) ?? 0) + records.length) % 2 ** 31)
    }
  }

  #byLeader<Each extends Outgoing>(request: readonly Each[]): Map<number, Each[]> {
    const byLeader = new Map<number, Each[]>()
    for (const each of request) {
      const nodeId = this.#connection.leaderId(each.topic, each.partition)
      const mine = byLeader.get(nodeId)
      if (mine === undefined) byLeader.set(nodeId, [each])
      else mine.push(each)
    }
    return byLeader
  }

  #sequence({ topic, partition }: Outgoing): number {
    return this.#sequences.get(`${topic} ${partition}`) ?? 0
  }

  #identity() {
    return {
      transactionalId: this.#transactionalId,
      producerId: this.#producerId,
      producerEpoch: this.#epoch,
    }
  }

  #assertAlive(deadline: number): void {
    if (this.#isDead) throw new TransientFault('the producer was given up')
    if (Date.now() > deadline) throw new TransientFault('Kafka has not answered in time')
  }

  async #orDie(work: () => Promise<void>): Promise<void> {
    if (this.#isDead) throw new TransientFault('the producer was given up')
    try {
      await work()
    } catch (error) {
      this.#isDead = true
      throw error
    }
  }
}

function coordinator(connection: Connection, transactionalId: string | undefined): Promise<Broker> {
  if (transactionalId === undefined) return connection.cluster.findControllerBroker()
  const coordinatorType = coordinatorOf.transaction
  return connection.cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType })
}

/** The broker that keeps the positions of this group. */
export function groupCoordinator({ cluster }: Connection, groupId: string): Promise<Broker> {
  return cluster.findGroupCoordinator({ groupId, coordinatorType: coordinatorOf.group })
}

/** Requests of at most one record batch a partition, in the order of the records. */
function requestsOf(batches: readonly Outgoing[]): Outgoing[][] {
  const waiting = merged(batches).map((each) => chunksOf(each))
  const requests: Outgoing[][] = []
  for (let round = 0; waiting.some((chunks) => round < chunks.length); round += 1) {
    let request: Outgoing[] = []
    let size = 0
    for (const chunks of waiting) {
      const chunk = chunks[round]
      if (chunk === undefined) continue
      if (size + chunk.size > fullRequest && request.length > 0) {
        requests.push(request)
        request = []
        size = 0
      }
      request.push(chunk.outgoing)
      size += chunk.size
    }
    requests.push(request)
  }
  return requests
}

/** One entry a partition, in the order of their first records. */
function merged(batches: readonly Outgoing[]): Outgoing[] {
  const byPlace = new Map<string, Outgoing & { readonly records: OutgoingRecord[] }>()
  for (const { topic, partition, records } of batches) {
    if (records.length === 0) continue
    const known = byPlace.get(`${topic} ${partition}`)
    if (known === undefined) {
      byPlace.set(`${topic} ${partition}`, { topic, partition, records: [...records] })
    } else for (const record of records) known.records.push(record)
  }
  return [...byPlace.values()]
}

function chunksOf({ topic, partition, records }: Outgoing) {
  const chunks: { readonly outgoing: Outgoing; readonly size: number }[] = []
  let start = 0
  while (start < records.length) {
    let size = 0
    let end = start
    for (; end < records.length; end += 1) {
      const { key, value } = records[end] as OutgoingRecord
      const more = (key?.length ?? 0) + value.length + recordOverhead
      if (end > start && size + more > fullChunk) break
      size += more
    }
    chunks.push({ outgoing: { topic, partition, records: records.slice(start, end) }, size })
    start = end
  }
  return chunks
}

function topicDataOf(parts: readonly (Outgoing & { readonly firstSequence: number })[]) {
  const byTopic = new Map<string, ProducedPartition[]>()
  for (const { topic, partition, records, firstSequence } of parts) {
    const messages = records.map(({ key, value }) => ({
      key: key === null ? null : bufferOver(key),
      value: bufferOver(value),
    }))
    const produced = { partition, firstSequence, messages }
    const known = byTopic.get(topic)
    if (known === undefined) byTopic.set(topic, [produced])
    else known.push(produced)
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }))
}

function partitionsOf(batches: readonly Outgoing[]) {
  const byTopic = new Map<string, Set<number>>()
  for (const { topic, partition, records } of batches) {
    if (records.length === 0) continue
    const known = byTopic.get(topic)
    if (known === undefined) byTopic.set(topic, new Set([partition]))
    else known.add(partition)
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions: [...partitions] }))
}

/** The same bytes, as kafkajs wants them. */
function bufferOver({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
