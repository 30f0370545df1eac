// From what a broker answered to batches of the port: without aborted records and control records.
import type { RecordBatch, Topic } from '../../ports/log.ts'
import type { FetchedPartition, FetchedRecord } from './kafkajs.ts'

const fullBatch = 1024 * 1024

/** The committed records of a fetch. */
export interface Fetched {
  readonly records: readonly FetchedRecord[]
  /** The offset of the first record or control record; undefined where nothing came. */
  readonly first: number | undefined
  /** Behind everything that came, control records and aborted records included. */
  readonly next: number
  /** Behind the last thing that can be read for now. */
  readonly stable: number
}

/** Sorts out what a fetch at offset `from` brought. */
export function sortOut(fetched: FetchedPartition, from: number): Fetched {
  const { messages } = fetched
  const [first, last] = [messages[0], messages.at(-1)]
  return {
    records: committedOf(fetched).filter(({ offset }) => Number(offset) >= from),
    first: first === undefined ? undefined : Number(first.batchContext.firstOffset),
    next: last === undefined ? from : Math.max(from, endOf(last)),
    stable: Number(fetched.lastStableOffset),
  }
}

function endOf({ batchContext }: FetchedRecord): number {
  return Number(batchContext.firstOffset) + batchContext.lastOffsetDelta + 1
}

/**
 * A transaction that was aborted begins at its `firstOffset` and ends at the control record of its
 * producer. Several may be open at once, and a control record is known by its batch: the key of a
 * user's record may look like that of one.
 */
function committedOf({ messages, abortedTransactions }: FetchedPartition): FetchedRecord[] {
  const coming = abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) }))
    .sort((a, b) => a.firstOffset - b.firstOffset)
  const aborted = new Set<string>()
  let begun = 0
  return messages.filter((message) => {
    const { producerId, inTransaction } = message.batchContext
    const offset = Number(message.offset)
    for (; begun < coming.length; begun += 1) {
      const each = coming[begun] as (typeof coming)[number]
      if (each.firstOffset > offset) break
      aborted.add(each.producerId)
    }
    if (message.isControlRecord) aborted.delete(producerId)
    return !message.isControlRecord && !(inTransaction && aborted.has(producerId))
  })
}

/** Batches of at most 1 MB or one record; the last one ends at `next`. None for no records. */
export function toBatches(
  { topic, partition }: { readonly topic: Topic; readonly partition: number },
  records: readonly FetchedRecord[],
  next: number,
): RecordBatch[] {
  const batches: RecordBatch[] = []
  let start = 0
  while (start < records.length) {
    const { end, length } = cut(records, start)
    const following = records[end]
    const nextOffset = following === undefined ? next : Number(following.offset)
    const part = records.slice(start, end)
    batches.push({ ...fill(part, length), topic, partition, nextOffset })
    start = end
  }
  return batches
}

/** Tells that there are only control records before `next`. */
export function emptyBatch(
  { topic, partition }: { readonly topic: Topic; readonly partition: number },
  next: number,
): RecordBatch {
  return { ...fill([], 0), topic, partition, nextOffset: next }
}

function cut(records: readonly FetchedRecord[], start: number) {
  let length = 0
  let end = start
  for (; end < records.length; end += 1) {
    const { key, value } = records[end] as FetchedRecord
    const more = (key?.length ?? 0) + (value?.length ?? 0)
    if (end > start && length + more > fullBatch) break
    length += more
  }
  return { end, length }
}

/** Keys and values one after another in a buffer of their own: fetched ones pin the response. */
function fill(records: readonly FetchedRecord[], length: number) {
  const count = records.length
  const batch = {
    count,
    bytes: Buffer.allocUnsafe(length),
    offsets: new Float64Array(count),
    appendTimes: new Float64Array(count),
    keyStart: new Int32Array(count),
    keyEnd: new Int32Array(count),
    valueStart: new Int32Array(count),
    valueEnd: new Int32Array(count),
  }
  let at = 0
  for (let i = 0; i < count; i += 1) {
    const { key, value, offset, timestamp } = records[i] as FetchedRecord
    batch.offsets[i] = Number(offset)
    batch.appendTimes[i] = Number(timestamp)
    batch.keyStart[i] = at
    if (key !== null) at += key.copy(batch.bytes, at)
    batch.keyEnd[i] = key === null ? -1 : at
    batch.valueStart[i] = at
    if (value !== null) at += value.copy(batch.bytes, at)
    batch.valueEnd[i] = at
  }
  return batch
}
