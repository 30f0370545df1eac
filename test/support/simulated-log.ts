import { TransientFault } from '../../src/ports/faults.ts'
import type {
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
} from '../../src/ports/log.ts'
import type { Chance } from './chance.ts'
import type { LoggedRecord } from './oracle.ts'
import { recordBatch } from './record-batch.ts'
import type { Mortal, VirtualTime } from './virtual-time.ts'

/** A commit as the broker has it. */
export interface Transaction {
  readonly epoch: number
  readonly outputs: readonly OutgoingBatch[]
  readonly position: Position
  readonly metadata: string
}

/** One input partition, and what was committed for it. */
export class SimulatedPartition {
  readonly records: LoggedRecord[] = []
  readonly visible: OutgoingBatch[] = []
  start = 0
  end = 0
  epoch = 0
  committed: Committed | undefined
  /** Prepared, with an outcome that only time or the next fence decides. */
  inDoubt: Transaction | undefined
  lastEpoch = 0
  owner: SimulatedLog | undefined

  append(value: Uint8Array, gap: number): void {
    this.records.push({ offset: this.end, value })
    this.end += 1 + gap
  }
}

export interface BrokerParts {
  readonly partitions: readonly SimulatedPartition[]
  readonly time: VirtualTime
  readonly chance: Chance
  /** Called where a transaction becomes visible. */
  readonly onCommit: (partition: number) => void
  readonly onViolation: (what: string) => void
}

/** What all simulated processes share: partitions, epochs, transactions. */
export class SimulatedBroker {
  readonly parts: BrokerParts
  /** Faults happen while it is true. */
  isFaulty = true
  private readonly self: Mortal = { alive: true }

  constructor(parts: BrokerParts) {
    this.parts = parts
  }

  partition(number: number): SimulatedPartition {
    return this.parts.partitions[number] as SimulatedPartition
  }

  /** L2: from here on no older lease commits; the predecessor's transaction is decided. */
  fence(number: number): Lease {
    const partition = this.partition(number)
    partition.epoch += 1
    this.decide(partition, number, this.parts.chance.oneIn(2))
    return { partition: number, epoch: partition.epoch }
  }

  apply(number: number, transaction: Transaction): void {
    const partition = this.partition(number)
    const { onViolation, onCommit } = this.parts
    if (transaction.epoch < partition.lastEpoch) onViolation('R7: a commit of an older epoch')
    const last = partition.committed?.position ?? { offset: 0, step: 0 }
    const { offset, step } = transaction.position
    if ((offset - last.offset || step - last.step) <= 0) onViolation('R10: C did not move on')
    partition.lastEpoch = transaction.epoch
    partition.committed = { position: transaction.position, metadata: transaction.metadata }
    partition.visible.push(...transaction.outputs)
    onCommit(number)
  }

  /** The transaction stays open; some time later it completes by itself, if it still may. */
  leaveInDoubt(number: number, transaction: Transaction): void {
    const partition = this.partition(number)
    partition.inDoubt = transaction
    const { time, chance } = this.parts
    time.pause(this.self, chance.below(400)).then(() => {
      if (partition.inDoubt === transaction) this.decide(partition, number, true)
    })
  }

  private decide(partition: SimulatedPartition, number: number, completes: boolean): void {
    const { inDoubt } = partition
    partition.inDoubt = undefined
    if (inDoubt !== undefined && completes) this.apply(number, inDoubt)
  }
}

/** The log as one simulated process sees it. */
export class SimulatedLog implements Log {
  readonly broker: SimulatedBroker
  readonly owner: Mortal
  consumer: Consumer | undefined
  private readonly cursors = new Map<number, number>()
  private readonly seeks = new Map<number, number>()
  private readonly indefinite = new Set<string>()
  private readonly loops = new Map<number, Promise<void>>()
  private isStopped = false

  constructor(broker: SimulatedBroker, owner: Mortal) {
    this.broker = broker
    this.owner = owner
  }

  async describe(): Promise<LogDescription> {
    await this.pause()
    this.mayFail('describe')
    const { partitions } = this.broker.parts
    const events = partitions.map(({ start, end }) => ({ start, end }))
    return { clusterId: 'simulated', partitions: partitions.length, events, settings: {} }
  }

  async append(): Promise<void> {
    throw new Error('the simulated log is appended to by the simulator')
  }

  async readMark(): Promise<Uint8Array | undefined> {
    return undefined
  }

  async *read(
    topic: Topic,
    partition: number,
    from: number,
    to: number,
  ): AsyncGenerator<RecordBatch> {
    let at = from
    while (at < to) {
      await this.pause()
      this.mayFail('read')
      const batch = this.batch(topic, partition, at, to)
      if (batch === undefined) return
      yield batch
      at = batch.nextOffset
    }
  }

  async end(_topic: Topic, partition: number): Promise<number> {
    await this.pause()
    return this.broker.partition(partition).end
  }

  async acquire(partition: number) {
    await this.pause()
    this.mayFail('acquire')
    const lease = this.broker.fence(partition)
    await this.pause()
    this.mayFail('acquire')
    return { lease, committed: this.broker.partition(partition).committed }
  }

  async commit(
    lease: Lease,
    outputs: readonly OutgoingBatch[],
    position: Position,
    metadata: string,
  ): Promise<CommitResult> {
    const { broker } = this
    const id = `${lease.partition}/${lease.epoch}`
    if (this.indefinite.has(id)) broker.parts.onViolation('R8: a request after an unknown result')
    await this.pause()
    const partition = broker.partition(lease.partition)
    if (lease.epoch !== partition.epoch) return 'fenced'
    const transaction = { epoch: lease.epoch, outputs, position, metadata }
    const fate = broker.isFaulty ? broker.parts.chance.below(24) : 9
    if (fate === 0) broker.leaveInDoubt(lease.partition, transaction)
    // Fate 1 loses the request; fate 2, like all others, only the answer or nothing at all.
    else if (fate !== 1) broker.apply(lease.partition, transaction)
    if (fate === 3) await this.delay()
    await this.pause()
    if (fate > 2) return 'committed'
    this.indefinite.add(id)
    return 'unknown'
  }

  async release(): Promise<void> {
    await this.pause()
  }

  subscribe(consumer: Consumer): Subscription {
    this.consumer = consumer
    return {
      seek: (partition, offset) => {
        this.cursors.set(partition, offset)
        this.seeks.set(partition, (this.seeks.get(partition) ?? 0) + 1)
      },
      stop: async () => {
        this.isStopped = true
        for (const partition of this.broker.parts.partitions) {
          if (partition.owner === this) partition.owner = undefined
        }
        await Promise.all(this.loops.values())
      },
      done: new Promise(() => undefined),
    }
  }

  /** The group gives the partition to this process; it learns of losing it with some delay. */
  assign(partition: number): void {
    if (this.isStopped || this.loops.has(partition)) return
    this.broker.partition(partition).owner = this
    const loop = this.deliver(partition).then(() => {
      this.loops.delete(partition)
    })
    this.loops.set(partition, loop)
  }

  private async deliver(partition: number): Promise<void> {
    const { consumer, broker } = this
    if (consumer === undefined) return
    this.cursors.delete(partition)
    await consumer.onAssigned(partition)
    let patience = broker.parts.chance.below(6)
    while (patience >= 0) {
      // A zombie goes on for a while after the group took the partition away.
      if (broker.partition(partition).owner !== this) patience -= 1
      await this.deliverOnce(partition, consumer)
    }
    await consumer.onRevoked(partition)
  }

  private async deliverOnce(partition: number, consumer: Consumer): Promise<void> {
    await this.pause()
    const { broker } = this
    const { committed, end } = broker.partition(partition)
    const from = this.cursors.get(partition) ?? committed?.position.offset ?? 0
    const seeks = this.seeks.get(partition)
    const batch = this.batch('events', partition, from, end)
    if (batch === undefined) {
      await broker.parts.time.pause(this.owner, 40)
      return
    }
    await consumer.onBatch(batch)
    if (this.seeks.get(partition) !== seeks) return
    const { isFaulty, parts } = broker
    // The same batch again, as after a fetch that was answered twice; never one from before a seek.
    if (isFaulty && parts.chance.oneIn(20)) await consumer.onBatch(batch)
    if (this.seeks.get(partition) === seeks) this.cursors.set(partition, batch.nextOffset)
  }

  private batch(topic: Topic, partition: number, from: number, to: number) {
    const { records, end } = this.broker.partition(partition)
    const left = records.filter(({ offset }) => offset >= from && offset < to)
    if (left.length === 0) return undefined
    const taken = left.slice(0, 1 + this.broker.parts.chance.below(12))
    const nextOffset = left[taken.length]?.offset ?? Math.min(end, to)
    return recordBatch(taken, { topic, partition, nextOffset })
  }

  private mayFail(what: string): void {
    const { broker } = this
    if (broker.isFaulty && broker.parts.chance.oneIn(40)) throw new TransientFault(`${what} failed`)
  }

  /** Longer than all timers of a task together. */
  private delay(): Promise<void> {
    const { chance, time } = this.broker.parts
    return time.pause(this.owner, 400 + chance.below(4_000))
  }

  private pause(): Promise<void> {
    const { chance, time } = this.broker.parts
    return time.pause(this.owner, chance.oneIn(8) ? chance.below(60) : 0)
  }

  async close(): Promise<void> {
    this.isStopped = true
  }
}
