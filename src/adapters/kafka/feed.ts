import { type Fault, Halted } from '../../ports/faults.ts'
import type { RecordBatch } from '../../ports/log.ts'
import { type Connection, pause } from './connection.ts'
import { classifyError, isRetriable } from './errors.ts'
import { emptyBatch, type Fetched, toBatches } from './fetched.ts'
import { fetchOnce, type Wanted } from './reader.ts'

const fetchWait = 100
const retryPause = 200
/** As many bytes of a partition are fetched ahead of its handler. */
const fullQueue = 4 * 1024 * 1024

interface Inbox {
  next: number
  queue: RecordBatch[]
  bytes: number
  /** Counts seeks: what was asked for before one is not wanted after it. */
  seeks: number
  wake: () => void
}

/**
 * Fetches for several partitions of `events` at once, ahead of those who handle them. A partition
 * has its own queue, so a slow one keeps no other waiting.
 */
export class Feed {
  readonly #connection: Connection
  readonly #topic: string
  readonly #brokers: readonly string[]
  readonly #inboxes = new Map<number, Inbox>()
  #fault: Fault | undefined
  #running: Promise<void> | undefined
  #isClosed = false
  #wakeLoop: () => void = () => undefined

  constructor(connection: Connection, topic: string, brokers: readonly string[]) {
    this.#connection = connection
    this.#topic = topic
    this.#brokers = brokers
  }

  /** From here on the partition is fetched from this offset; also a seek. */
  want(partition: number, offset: number): void {
    const known = this.#inboxes.get(partition)
    known?.wake()
    const seeks = (known?.seeks ?? 0) + 1
    const wake = () => undefined
    this.#inboxes.set(partition, { next: offset, queue: [], bytes: 0, seeks, wake })
    this.#running ??= this.#run()
    this.#wakeLoop()
  }

  forget(partition: number): void {
    this.#inboxes.get(partition)?.wake()
    this.#inboxes.delete(partition)
  }

  /** The next batch; undefined where there is none yet and someone else is to be heard first. */
  async take(partition: number): Promise<RecordBatch | undefined> {
    const inbox = this.#inboxes.get(partition)
    if (inbox === undefined) return undefined
    if (inbox.queue.length === 0) {
      if (this.#fault !== undefined) throw this.#fault
      await new Promise<void>((resolve) => {
        inbox.wake = resolve
      })
      if (this.#fault !== undefined) throw this.#fault
    }
    if (this.#inboxes.get(partition) !== inbox) return undefined
    const batch = inbox.queue.shift()
    if (batch !== undefined) inbox.bytes -= batch.bytes.length
    this.#wakeLoop()
    return batch
  }

  /** Lets who waits in `take` look around. */
  wake(partition: number): void {
    this.#inboxes.get(partition)?.wake()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wakeLoop()
    for (const { wake } of this.#inboxes.values()) wake()
    await this.#running
    await this.#connection.close()
  }

  async #run(): Promise<void> {
    await this.#connection.open([this.#topic]).catch((error) => this.#recover(error))
    while (!this.#isClosed && this.#fault === undefined) {
      const requests = this.#requests()
      if (requests.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wakeLoop = resolve
        })
        continue
      }
      try {
        await Promise.all(requests.map(({ nodeId, wanted }) => this.#fetch(nodeId, wanted)))
      } catch (error) {
        await this.#recover(error)
      }
    }
  }

  /** What every broker is to be asked for. */
  #requests() {
    const byLeader = new Map<number, Wanted[]>()
    for (const [partition, { next, bytes }] of this.#inboxes) {
      if (bytes >= fullQueue) continue
      const nodeId = this.#leaderOrNone(partition)
      const wanted = byLeader.get(nodeId)
      if (wanted === undefined) byLeader.set(nodeId, [{ partition, offset: next }])
      else wanted.push({ partition, offset: next })
    }
    return [...byLeader].map(([nodeId, wanted]) => ({ nodeId, wanted }))
  }

  /** Asking broker −1 fails, and that makes the metadata fresh. */
  #leaderOrNone(partition: number): number {
    try {
      return this.#connection.leaderId(this.#topic, partition)
    } catch {
      return -1
    }
  }

  async #fetch(nodeId: number, wanted: readonly Wanted[]): Promise<void> {
    const seeks = wanted.map(({ partition }) => this.#inboxes.get(partition)?.seeks)
    const request = { nodeId, topic: this.#topic, wanted, wait: fetchWait }
    const found = await fetchOnce(this.#connection, request)
    wanted.forEach(({ partition }, i) => {
      const inbox = this.#inboxes.get(partition)
      const fetched = found.get(partition)
      if (inbox === undefined || fetched === undefined || inbox.seeks !== seeks[i]) return
      deposit(inbox, partition, fetched)
    })
  }

  /** What may pass is tried again for ever: the group decides how long the partitions are ours. */
  async #recover(error: unknown): Promise<void> {
    const fault = classifyError(error, this.#brokers)
    if (fault instanceof Halted || !isRetriable(error)) {
      this.#fault = fault
      for (const { wake } of this.#inboxes.values()) wake()
      return
    }
    await pause(retryPause)
    const { cluster } = this.#connection
    await cluster
      .connect()
      .then(() => cluster.refreshMetadata())
      .catch(() => undefined)
  }
}

function deposit(inbox: Inbox, partition: number, { records, next }: Fetched): void {
  const isFurther = next > inbox.next
  inbox.next = next
  const place = { topic: 'events', partition } as const
  for (const batch of toBatches(place, records, next)) {
    inbox.queue.push(batch)
    inbox.bytes += batch.bytes.length
  }
  // Only control records came: the position passes them all the same, or nobody gets to the end.
  if (isFurther && records.length === 0) inbox.queue.push(emptyBatch(place, next))
  if (inbox.queue.length > 0) inbox.wake()
}
