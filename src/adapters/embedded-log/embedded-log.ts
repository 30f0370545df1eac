// The log without a broker: one LevelDB database in one folder, for one process at a time. It keeps
// the laws of ports/log.ts as follows.
//
//   L1. A commit is one synced batch of LevelDB with all records, the position and the heads.
//       Memory follows when the batch is written, so nobody sees a part.
//   L2, L3. Leases live in memory and die with the process; `acquire` raises the stored epoch
//           first.
//   L4. A commit takes one more offset in every partition it wrote, as on Kafka.
//   L5. Everything that writes runs in one queue; offsets are given out there.
//
// Damage to its files is a CorruptState, found on opening or on reading (rows.ts, E1 and E2). Some
// of it LevelDB meets first and ends the process with a failed assertion, which is loud as well.
//
// What it cannot see: a loss of synced writes from the end of LevelDB's journal together with the
// file that counts them (watermark.ts), say by restoring an old copy of the whole folder. Then the
// log is a consistent older one, and the runtime finds its store ahead of the committed position.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import { type Failpoints, type Fault, noFailpoints } from '../../ports/faults.ts'
import type {
  AppendOptions,
  CommitResult,
  Committed,
  Consumer,
  Lease,
  Log,
  LogDescription,
  OutgoingBatch,
  OutgoingRecord,
  Position,
  RecordBatch,
  Subscription,
  Topic,
} from '../../ports/log.ts'
import { SerialQueue } from '../../ports/serial-queue.ts'
import { classifyError } from './classify-error.ts'
import { type Database, type OpenedDatabase, openDatabase } from './database.ts'
import { Delivery } from './delivery.ts'
import { type LoadedLog, loadLog } from './load-log.ts'
import { readRecords } from './read-records.ts'
import { encodeRecords } from './record-batches.ts'
import {
  copyOf,
  decodeMark,
  type Heads,
  headIndex,
  headsRow,
  markKey,
  markRow,
  type Owner,
  ownerRow,
  type Row,
  unseal,
} from './rows.ts'

export interface EmbeddedLogOptions {
  readonly folder: string
  /** Fixed when the log is created. Undefined takes what is stored. */
  readonly partitions?: number | undefined
  readonly clock: Clock
  readonly failpoints?: Failpoints | undefined
  /** The id of a log that is created here; a random one where none is given. */
  readonly newClusterId?: string | undefined
}

const maxMetadata = 4_000

/**
 * Opens the log in a folder, or creates it. FatalFault: locked (exit code 9), another number of
 * partitions (3). CorruptState: something that was synced is damaged or gone.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<Log> {
  return startLog(await openDatabase(options.folder), options)
}

/** The log over a database that is open already, which may be one that fails on purpose. */
export async function startLog(opened: OpenedDatabase, options: EmbeddedLogOptions): Promise<Log> {
  const { partitions, newClusterId = randomUUID() } = options
  try {
    const loaded = await loadLog(opened, { partitions, newClusterId })
    return new EmbeddedLog(opened.database, loaded, options)
  } catch (error) {
    await opened.database.close()
    throw classifyError(error, options.folder)
  }
}

class EmbeddedLog implements Log {
  readonly #database: Database
  readonly #clusterId: string
  readonly #clock: Clock
  readonly #failpoints: Failpoints
  readonly #queue = new SerialQueue()
  readonly #deliveries = new Set<Delivery>()
  /** Epoch of the lease that may commit, by partition. */
  readonly #leases = new Map<number, number>()
  readonly #owners: Owner[]
  #heads: Heads
  #failedWrite: Fault | undefined

  constructor(database: Database, loaded: LoadedLog, options: EmbeddedLogOptions) {
    this.#database = database
    this.#clusterId = loaded.identity.clusterId
    this.#heads = loaded.heads
    this.#owners = loaded.owners
    this.#clock = options.clock
    this.#failpoints = options.failpoints ?? noFailpoints
  }

  async describe(): Promise<LogDescription> {
    const { partitions } = this.#heads
    return {
      clusterId: this.#clusterId,
      partitions,
      events: Array.from({ length: partitions }, (_, p) => ({
        start: 0,
        end: this.#end('events', p),
      })),
      settings: { log: 'embedded', folder: this.#database.folder },
    }
  }

  append(batches: readonly OutgoingBatch[], options: AppendOptions = {}): Promise<void> {
    return this.#queue.run(async () => {
      this.#assertWritable()
      this.#failpoints.reach('append:before')
      const heads = copyOf(this.#heads)
      const rows = this.#place(batches, heads, 0)
      if (options.mark !== undefined) {
        heads.markRevision += 1
        rows.push(markRow(heads.markRevision, options.mark))
      }
      await this.#write(rows, heads, options.durable ?? true)
      this.#failpoints.reach('append:after')
    })
  }

  async readMark(): Promise<Uint8Array | undefined> {
    const stored = this.#database.get(markKey)
    return stored === undefined ? undefined : decodeMark(unseal([markKey, stored])).mark
  }

  async *read(
    topic: Topic,
    partition: number,
    from: number,
    to: number,
  ): AsyncGenerator<RecordBatch> {
    const end = this.#end(topic, partition)
    yield* readRecords(this.#database, { topic, partition, from, to: Math.min(to, end) })
  }

  async end(topic: Topic, partition: number): Promise<number> {
    return this.#end(topic, partition)
  }

  acquire(
    partition: number,
  ): Promise<{ readonly lease: Lease; readonly committed: Committed | undefined }> {
    return this.#queue.run(async () => {
      this.#assertWritable()
      const { epoch, committed } = this.#owner(partition)
      this.#leases.delete(partition)
      const owner = { epoch: epoch + 1, committed }
      const heads = copyOf(this.#heads)
      await this.#write([this.#own(partition, owner, heads)], heads, true)
      this.#owners[partition] = owner
      this.#leases.set(partition, owner.epoch)
      return { lease: { partition, epoch: owner.epoch }, committed }
    })
  }

  commit(
    lease: Lease,
    outputs: readonly OutgoingBatch[],
    position: Position,
    metadata: string,
  ): Promise<CommitResult> {
    return this.#queue.run(async () => {
      const { partition, epoch } = lease
      if (this.#leases.get(partition) !== epoch) return 'fenced'
      if (Buffer.byteLength(metadata) > maxMetadata) {
        throw new RangeError(`the metadata of a commit has more than ${maxMetadata} bytes`)
      }
      const heads = copyOf(this.#heads)
      const rows = this.#place(outputs, heads, 1)
      const owner = { epoch, committed: { position: { ...position }, metadata } }
      rows.push(this.#own(partition, owner, heads))
      try {
        this.#assertWritable()
        await this.#write(rows, heads, true)
      } catch {
        // Some of it may be on disk. The cause is kept: the next `acquire` fails with it.
        this.#leases.delete(partition)
        return 'unknown'
      }
      this.#owners[partition] = owner
      return 'committed'
    })
  }

  release({ partition, epoch }: Lease): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#leases.get(partition) === epoch) this.#leases.delete(partition)
    })
  }

  subscribe(consumer: Consumer): Subscription {
    const source = {
      partitions: this.#heads.partitions,
      committedOffset: (p: number) => this.#owner(p).committed?.position.offset ?? 0,
      end: (p: number) => this.#end('events', p),
      read: (p: number, from: number, to: number) => this.read('events', p, from, to),
    }
    const delivery = new Delivery(source, consumer)
    this.#deliveries.add(delivery)
    const forget = () => this.#deliveries.delete(delivery)
    delivery.done.then(forget, forget)
    return delivery
  }

  async close(): Promise<void> {
    // A handler's fault is for the reader of `done`, not for who closes the log.
    await Promise.allSettled([...this.#deliveries].map((delivery) => delivery.stop()))
    await this.#queue.idle()
    this.#leases.clear()
    await this.#database.close()
  }

  #end(topic: Topic, partition: number): number {
    this.#owner(partition)
    return this.#heads.next[headIndex(this.#heads, topic, partition)] as number
  }

  #owner(partition: number): Owner {
    const owner = this.#owners[partition]
    if (owner === undefined) throw new RangeError(`the log has no partition ${partition}`)
    return owner
  }

  /** The rows of these records at the end of their partitions; moves `heads` behind them. */
  #place(batches: readonly OutgoingBatch[], heads: Heads, controlRecords: number): Row[] {
    // Appended records are dated by the log; a clock that was set back does not take time back.
    heads.lastAppendTime = Math.max(heads.lastAppendTime, this.#clock.now())
    const rows: Row[] = []
    for (const { topic, partition, records } of byPartition(batches)) {
      const base = this.#end(topic, partition)
      const place = { topic, partition, base, appendTime: heads.lastAppendTime, controlRecords }
      for (const row of encodeRecords(records, place)) rows.push(row)
      heads.next[headIndex(heads, topic, partition)] = base + records.length + controlRecords
    }
    return rows
  }

  #own(partition: number, owner: Owner, heads: Heads): Row {
    const revision = (heads.ownerRevisions[partition] as number) + 1
    heads.ownerRevisions[partition] = revision
    return ownerRow(partition, revision, owner)
  }

  async #write(rows: readonly Row[], heads: Heads, sync: boolean): Promise<void> {
    heads.writeNo += 1
    try {
      await this.#database.write([...rows, headsRow(heads)], { sync, writeNo: heads.writeNo })
    } catch (error) {
      this.#failedWrite = classifyError(error, this.#database.folder)
      throw this.#failedWrite
    }
    const before = this.#heads
    this.#heads = heads
    this.#wakeReaders(before)
  }

  /** After a failed write nobody knows what is on disk; only opening the log again finds out. */
  #assertWritable(): void {
    if (this.#failedWrite !== undefined) throw this.#failedWrite
  }

  #wakeReaders(before: Heads): void {
    for (let partition = 0; partition < before.partitions; partition += 1) {
      const index = headIndex(before, 'events', partition)
      if (before.next[index] === this.#heads.next[index]) continue
      for (const delivery of this.#deliveries) delivery.wake(partition)
    }
  }
}

/** One batch per written partition, in the order of their first records. */
function byPartition(batches: readonly OutgoingBatch[]): OutgoingBatch[] {
  const merged = new Map<string, OutgoingBatch & { readonly records: OutgoingRecord[] }>()
  for (const { topic, partition, records } of batches) {
    if (records.length === 0) continue
    const place = `${topic} ${partition}`
    const known = merged.get(place)
    if (known === undefined) merged.set(place, { topic, partition, records: [...records] })
    else for (const record of records) known.records.push(record)
  }
  return [...merged.values()]
}
