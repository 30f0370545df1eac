// The log on Kafka. It keeps the laws of ports/log.ts as follows.
//
//   L1. A commit is one transaction of a producer with outputs and the offset of the group.
//   L2. One transactional id per input partition: a new producer of it fences all older ones,
//       in whatever process, and ends what they had begun.
//   L3. `acquire` makes the producer first and asks for the committed offset then.
//   L4. Offsets are the broker's. A transaction's end takes one in each partition it wrote.
//   L5. Appends run one after another through one idempotent producer, acknowledged by all
//       replicas in sync, whether `durable` or not.
//
// A mark is the metadata of an offset of the group `<group>.loader`, committed in one transaction
// with the records that it belongs to.
import { FatalFault, OwnershipLost } from '../../ports/faults.ts'
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
import { SerialQueue } from '../../ports/serial-queue.ts'
import { setDecompressors } from './codecs.ts'
import { Connection, pause } from './connection.ts'
import { Delivery } from './delivery.ts'
import { Feed } from './feed.ts'
import { assertVersion, type Connecting } from './kafkajs.ts'
import { Membership } from './membership.ts'
import { fetchCommitted } from './offsets.ts'
import { type GroupOffset, type Outgoing, Producer } from './producer.ts'
import { readRange } from './reader.ts'
import { findTopics, nameOf, namesOf, refuseFaulty } from './topics.ts'

export interface KafkaLogOptions {
  readonly connecting: Connecting
  /** Before the names of topics, as `settlement.`. */
  readonly prefix: string
  /** The consumer group; also a part of the transactional ids. */
  readonly group: string
  /** Milliseconds after which a process that gives no sign loses its partitions. */
  readonly sessionTimeout: number
}

const maxMetadata = 4_000
/** The broker's own limit for the metadata of an offset. */
const maxStored = 4_096
const undecided = 15_000

/**
 * Connects to a settlement's topics. FatalFault: brokers that are away (5), rights (7), topics that
 * are missing or unsafe (3).
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  assertVersion()
  setDecompressors()
  const connection = new Connection(options.connecting)
  try {
    await connectFirst(connection)
    const found = await findTopics(connection, options.prefix)
    refuseFaulty(found, options.prefix)
    await connection.open(namesOf(options.prefix))
    const partitions = found.found.find(({ topic }) => topic === 'events')?.partitions ?? 0
    return new KafkaLog(connection, options, {
      // Other topics of the same cluster are another log.
      clusterId: `${found.clusterId} ${options.prefix}`,
      partitions,
    })
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** FatalFault 5 where no broker answers: whoever starts a process sees to it, or tries again. */
export async function connectFirst(connection: Connection): Promise<void> {
  try {
    await connection.attempt(10_000, () => connection.cluster.connect())
  } catch (error) {
    if (error instanceof FatalFault) throw error
    throw new FatalFault(5, `${(error as Error).message}; start the brokers or check kafkaBrokers`)
  }
}

interface Identity {
  readonly clusterId: string
  readonly partitions: number
}

interface Holding {
  readonly lease: Lease
  readonly producer: Producer
}

class KafkaLog implements Log {
  readonly #connection: Connection
  readonly #options: KafkaLogOptions
  readonly #identity: Identity
  /** Appends, and the marks among them. */
  readonly #appends = new SerialQueue()
  /** By partition: its acquisitions and commits, one after another. */
  readonly #queues: readonly SerialQueue[]
  readonly #holdings = new Map<number, Holding>()
  readonly #deliveries = new Set<Delivery>()
  #appender: Producer | undefined
  #marker: Producer | undefined
  #isClosed = false

  constructor(connection: Connection, options: KafkaLogOptions, identity: Identity) {
    this.#connection = connection
    this.#options = options
    this.#identity = identity
    this.#queues = Array.from({ length: identity.partitions }, () => new SerialQueue())
  }

  async describe(): Promise<LogDescription> {
    this.#assertOpen()
    const { clusterId, partitions } = this.#identity
    const name = this.#name('events')
    const events = Array.from({ length: partitions }, async (_, partition) => ({
      start: await this.#connection.start(name, partition),
      end: await this.end('events', partition),
    }))
    const { connecting, prefix, group } = this.#options
    return {
      clusterId,
      partitions,
      events: await Promise.all(events),
      settings: { log: 'kafka', brokers: connecting.brokers.join(','), prefix, group },
    }
  }

  append(batches: readonly OutgoingBatch[], options: AppendOptions = {}): Promise<void> {
    const outgoing = batches.map((batch) => this.#outgoing(batch))
    return this.#appends.run(async () => {
      this.#assertOpen()
      if (options.mark !== undefined) return this.#appendMarked(outgoing, options.mark)
      if (this.#appender === undefined || this.#appender.isDead) {
        this.#appender = await Producer.open(this.#connection)
      }
      await this.#appender.append(outgoing)
    })
  }

  async readMark(): Promise<Uint8Array | undefined> {
    this.#assertOpen()
    const stored = await fetchCommitted(this.#connection, this.#markPlace())
    return stored === undefined ? undefined : Buffer.from(stored.metadata, 'base64')
  }

  async *read(
    topic: Topic,
    partition: number,
    from: number,
    to: number,
  ): AsyncGenerator<RecordBatch> {
    const end = await this.end(topic, partition)
    const name = this.#name(topic)
    yield* readRange(this.#connection, { topic, name, partition, from, to: Math.min(to, end) })
  }

  /** Waits for transactions that are open now: they end within their time-out. */
  async end(topic: Topic, partition: number): Promise<number> {
    this.#assertOpen()
    this.#assertPartition(partition)
    const name = this.#name(topic)
    const wanted = await this.#connection.highWatermark(name, partition)
    const deadline = Date.now() + undecided
    for (;;) {
      const stable = await this.#connection.stableEnd(name, partition)
      if (stable >= wanted || Date.now() > deadline) return stable
      await pause(2)
    }
  }

  acquire(
    partition: number,
  ): Promise<{ readonly lease: Lease; readonly committed: Committed | undefined }> {
    return this.#queue(partition).run(async () => {
      this.#assertOpen()
      this.#drop(partition)
      for (const delivery of this.#deliveries) await delivery.confirm(partition)
      const producer = await Producer.open(this.#connection, this.#transactionalId(partition))
      const committed = await this.#committed(partition)
      const lease = { partition, epoch: producer.epoch }
      this.#holdings.set(partition, { lease, producer })
      return { lease, committed }
    })
  }

  async commit(
    lease: Lease,
    outputs: readonly OutgoingBatch[],
    position: Position,
    metadata: string,
  ): Promise<CommitResult> {
    const outgoing = outputs.map((batch) => this.#outgoing(batch))
    const { partition, epoch } = lease
    if (Buffer.byteLength(metadata) > maxMetadata) {
      throw new RangeError(`the metadata of a commit has more than ${maxMetadata} bytes`)
    }
    return this.#queue(partition).run(async () => {
      const held = this.#holdings.get(partition)
      if (held?.lease.epoch !== epoch) return 'fenced'
      const result = await this.#transact(held.producer, outgoing, {
        groupId: this.#options.group,
        topic: this.#name('events'),
        partition,
        offset: position.offset,
        metadata: `${position.step} ${metadata}`,
      })
      if (result !== 'committed') this.#drop(partition)
      return result
    })
  }

  release({ partition, epoch }: Lease): Promise<void> {
    return this.#queue(partition).run(async () => {
      if (this.#holdings.get(partition)?.lease.epoch === epoch) this.#drop(partition)
    })
  }

  subscribe(consumer: Consumer): Subscription {
    const { connecting, group, sessionTimeout } = this.#options
    const topic = this.#name('events')
    // A fetch that waits, and a join that waits, must not keep requests behind them waiting.
    const fetching = new Connection(connecting)
    const joining = new Connection(connecting)
    const feed = new Feed(fetching, topic, connecting.brokers)
    const membership = new Membership(
      joining,
      { groupId: group, topic, sessionTimeout },
      connecting.brokers,
    )
    const parts = {
      membership,
      feed,
      committedOffset: async (p: number) => (await this.#committed(p))?.position.offset ?? 0,
      revoked: (p: number) => this.#drop(p),
    }
    const delivery = new Delivery(parts, consumer)
    this.#deliveries.add(delivery)
    const forget = () => this.#deliveries.delete(delivery)
    delivery.done.then(forget, forget)
    return delivery
  }

  async close(): Promise<void> {
    // A handler's fault is for the reader of `done`, not for who closes the log.
    await Promise.allSettled([...this.#deliveries].map((delivery) => delivery.stop()))
    this.#isClosed = true
    await this.#appends.idle()
    await Promise.all(this.#queues.map((queue) => queue.idle()))
    await this.#connection.close()
  }

  /** The mark is committed with the records, so neither is there without the other. */
  async #appendMarked(outgoing: readonly Outgoing[], mark: Uint8Array): Promise<void> {
    const metadata = Buffer.from(mark).toString('base64')
    if (metadata.length > maxStored) {
      throw new RangeError(`a mark of ${mark.length} bytes does not fit into a position's metadata`)
    }
    if (this.#marker === undefined || this.#marker.isDead) {
      const id = `settle-${this.#options.group}-${this.#name('events')}-loader`
      this.#marker = await Producer.open(this.#connection, id)
    }
    const place = this.#markPlace()
    const result = await this.#transact(this.#marker, outgoing, { ...place, offset: 0, metadata })
    if (result === 'fenced') throw new OwnershipLost('another process loads into these topics')
    if (result === 'unknown') {
      throw new FatalFault(5, 'it is not known whether the last events were appended; load again')
    }
  }

  /**
   * One transaction that is over only when its position can be read. The broker answers EndTxn when
   * it has decided, and writes the markers behind that; killed in between and started again, it may
   * forget them, and with them what was decided (Kafka 4.3.1, see docs/decisions/0019).
   */
  async #transact(
    producer: Producer,
    outgoing: readonly Outgoing[],
    position: GroupOffset,
  ): Promise<CommitResult> {
    const result = await producer.commit(outgoing, position)
    if (result !== 'committed' || (await this.#isShown(position))) return result
    producer.stop()
    return 'unknown'
  }

  async #isShown({ offset, metadata, ...place }: GroupOffset): Promise<boolean> {
    const deadline = Date.now() + undecided
    try {
      while (Date.now() < deadline) {
        const stored = await fetchCommitted(this.#connection, place)
        if (stored?.offset === offset && stored.metadata === metadata) return true
        await pause(2)
      }
    } catch {
      // Whatever kept it from being read: it is not known to be there.
    }
    return false
  }

  async #committed(partition: number): Promise<Committed | undefined> {
    const groupId = this.#options.group
    const place = { groupId, topic: this.#name('events'), partition }
    const stored = await fetchCommitted(this.#connection, place)
    if (stored === undefined) return undefined
    const [, step = '0', metadata = stored.metadata] = /^(\d+) (.*)$/s.exec(stored.metadata) ?? []
    return { position: { offset: stored.offset, step: Number(step) }, metadata }
  }

  #drop(partition: number): void {
    this.#holdings.get(partition)?.producer.stop()
    this.#holdings.delete(partition)
  }

  #outgoing({ topic, partition, records }: OutgoingBatch): Outgoing {
    this.#assertPartition(partition)
    return { topic: this.#name(topic), partition, records }
  }

  #transactionalId(partition: number): string {
    return `settle-${this.#options.group}-${this.#name('events')}-${partition}`
  }

  #markPlace() {
    const groupId = `${this.#options.group}.loader`
    return { groupId, topic: this.#name('events'), partition: 0 }
  }

  #name(topic: Topic): string {
    return nameOf(this.#options.prefix, topic)
  }

  #queue(partition: number): SerialQueue {
    this.#assertPartition(partition)
    return this.#queues[partition] as SerialQueue
  }

  #assertPartition(partition: number): void {
    if (this.#queues[partition] !== undefined) return
    throw new RangeError(`the log has no partition ${partition}`)
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new FatalFault(1, 'the log is closed')
  }
}
