import { Halted, TransientFault } from '../../ports/faults.ts'
import type { RecordBatch, Topic } from '../../ports/log.ts'
import type { Connection } from './connection.ts'
import { isOutOfRange } from './errors.ts'
import { type Fetched, sortOut, toBatches } from './fetched.ts'
import { isolation } from './kafkajs.ts'

const maxBytes = 1024 * 1024
const maxAnswer = 16 * maxBytes

/** A partition to fetch from, and the offset that is wanted next. */
export interface Wanted {
  readonly partition: number
  readonly offset: number
}

/**
 * One request to one broker, for partitions of one topic that it leads; waits so many milliseconds
 * for something to come. Halted (LOG_TRUNCATED) where the log has lost what was asked for.
 */
export async function fetchOnce(
  { cluster }: Connection,
  request: {
    readonly nodeId: number
    readonly topic: string
    readonly wanted: readonly Wanted[]
    readonly wait: number
  },
): Promise<Map<number, Fetched>> {
  const { nodeId, topic, wanted, wait } = request
  const broker = await cluster.findBroker({ nodeId })
  const partitions = wanted.map(({ partition, offset }) => ({
    partition,
    fetchOffset: `${offset}`,
    maxBytes,
  }))
  const answer = await broker
    .fetch({
      isolationLevel: isolation.committed,
      maxWaitTime: wait,
      minBytes: 1,
      maxBytes: maxAnswer,
      topics: [{ topic, partitions }],
    })
    .catch((error) => {
      throw isOutOfRange(error) ? truncated(topic, wanted) : error
    })
  const found = new Map<number, Fetched>()
  for (const fetched of answer.responses.flatMap((response) => response.partitions)) {
    const from = wanted.find(({ partition }) => partition === fetched.partition)?.offset
    if (from === undefined) continue
    const sorted = sortOut(fetched, from)
    // Control records have offsets of their own, so whatever is missing was deleted.
    if (sorted.first !== undefined && sorted.first > from) {
      throw truncated(topic, [{ partition: fetched.partition, offset: from }])
    }
    found.set(fetched.partition, sorted)
  }
  return found
}

function truncated(topic: string, wanted: readonly Wanted[]): Halted {
  const places = wanted.map(({ partition, offset }) => `offset ${offset} of partition ${partition}`)
  return new Halted('LOG_TRUNCATED', `${topic}: the log no longer has ${places.join(' or ')}`)
}

/** Records of one partition with from ≤ offset < to, where `to` is decided already. */
export interface Range {
  readonly topic: Topic
  /** The topic's name on the broker. */
  readonly name: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** Reads the committed records of a range; its last batch ends behind all control records. */
export async function* readRange(
  connection: Connection,
  range: Range,
): AsyncGenerator<RecordBatch> {
  const { name, partition, from, to } = range
  let next = from
  // Held back until it is known what follows it.
  let last: RecordBatch | undefined
  while (next < to) {
    const fetched = await fetchOf(connection, name, { partition, offset: next })
    if (fetched.next === next) throw nothingCame(range, next)
    next = Math.min(to, fetched.next)
    const records = fetched.records.filter(({ offset }) => Number(offset) < to)
    for (const batch of toBatches(range, records, next)) {
      if (last !== undefined) yield last
      last = batch
    }
    if (last !== undefined) last = { ...last, nextOffset: next }
  }
  if (last !== undefined) yield last
}

function fetchOf(connection: Connection, topic: string, wanted: Wanted): Promise<Fetched> {
  return connection.attempt(30_000, async () => {
    const nodeId = connection.leaderId(topic, wanted.partition)
    const request = { nodeId, topic, wanted: [wanted], wait: 1_000 }
    const fetched = (await fetchOnce(connection, request)).get(wanted.partition)
    if (fetched !== undefined) return fetched
    throw new TransientFault(`${topic}, partition ${wanted.partition}: the broker has not answered`)
  })
}

function nothingCame({ name, partition, to }: Range, next: number): TransientFault {
  return new TransientFault(
    `${name}, partition ${partition}: nothing came from offset ${next}, and ${to - 1} is there`,
  )
}
