// Records as they are stored: one value holds a run of them, up to about 1 MB.
//
//   count (4) | next offset (8) | append time (8)
//   per record: key length, −1 for none (4) | value length (4)
//   per record: key | value
//   checksum (4)
//
// The base offset is in the key. All numbers have their lowest byte first. The offsets from the
// last record to `next` are taken by control records, which hold nothing.
import type { OutgoingRecord, RecordBatch, Topic } from '../../ports/log.ts'
import { baseOf, type Row, runKey, seal, sealLength, unseal } from './rows.ts'

const headLength = 20
const indexLength = 8
const fullBatch = 1024 * 1024

/** Where records go, and the time they get. */
export interface Placement {
  readonly topic: Topic
  readonly partition: number
  readonly base: number
  readonly appendTime: number
  /** Offsets to leave free behind the last record. */
  readonly controlRecords: number
}

/** The rows that hold these records; there is at least one record. */
export function encodeRecords(records: readonly OutgoingRecord[], place: Placement): Row[] {
  const rows: Row[] = []
  let start = 0
  while (start < records.length) {
    const { end, length } = cut(records, start)
    const isLast = end === records.length
    const next = place.base + end + (isLast ? place.controlRecords : 0)
    const value = Buffer.allocUnsafe(length)
    value.writeUInt32LE(end - start, 0)
    value.writeDoubleLE(next, 4)
    value.writeDoubleLE(place.appendTime, 12)
    fill(value, records, start, end)
    rows.push(seal(runKey(place.topic, place.partition, place.base + start), value))
    start = end
  }
  return rows
}

/** The end of a run that fills one value, but holds at least one record. */
function cut(records: readonly OutgoingRecord[], start: number) {
  let length = headLength + sealLength
  let end = start
  while (end < records.length) {
    const { key, value } = records[end] as OutgoingRecord
    const more = indexLength + (key?.length ?? 0) + value.length
    if (end > start && length + more > fullBatch) break
    length += more
    end += 1
  }
  return { end, length }
}

function fill(
  target: Buffer,
  records: readonly OutgoingRecord[],
  start: number,
  end: number,
): void {
  let index = headLength
  let body = headLength + (end - start) * indexLength
  for (let i = start; i < end; i += 1) {
    const { key, value } = records[i] as OutgoingRecord
    target.writeInt32LE(key === null ? -1 : key.length, index)
    target.writeInt32LE(value.length, index + 4)
    index += indexLength
    if (key !== null) {
      target.set(key, body)
      body += key.length
    }
    target.set(value, body)
    body += value.length
  }
}

/** A stored run after its checksum was found right. */
export interface StoredRun {
  readonly count: number
  readonly base: number
  readonly next: number
  readonly bytes: Buffer
}

export function openRun(row: Row): StoredRun {
  const bytes = unseal(row)
  return {
    count: bytes.readUInt32LE(0),
    base: baseOf(row[0]),
    next: bytes.readDoubleLE(4),
    bytes,
  }
}

/** The records of a run with from ≤ offset < to; maybe none. */
export function batchOf(
  { topic, partition }: { readonly topic: Topic; readonly partition: number },
  run: StoredRun,
  from: number,
  to: number,
): RecordBatch {
  const first = Math.max(0, from - run.base)
  const end = Math.min(run.count, to - run.base)
  const count = Math.max(0, end - first)
  const batch = {
    topic,
    partition,
    count,
    bytes: run.bytes,
    offsets: new Float64Array(count),
    appendTimes: new Float64Array(count).fill(run.bytes.readDoubleLE(12)),
    keyStart: new Int32Array(count),
    keyEnd: new Int32Array(count),
    valueStart: new Int32Array(count),
    valueEnd: new Int32Array(count),
    nextOffset: Math.min(run.next, to),
  }
  indexRecords(batch, run, first, end)
  return batch
}

/** One pass over the lengths: no object per record. */
function indexRecords(batch: RecordBatch, run: StoredRun, first: number, end: number): void {
  const { bytes } = run
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let body = headLength + run.count * indexLength
  for (let i = 0; i < end; i += 1) {
    const keyLength = view.getInt32(headLength + i * indexLength, true)
    const valueStart = body + Math.max(0, keyLength)
    const valueEnd = valueStart + view.getInt32(headLength + i * indexLength + 4, true)
    if (i >= first) {
      const at = i - first
      batch.offsets[at] = run.base + i
      batch.keyStart[at] = body
      batch.keyEnd[at] = keyLength < 0 ? -1 : valueStart
      batch.valueStart[at] = valueStart
      batch.valueEnd[at] = valueEnd
    }
    body = valueEnd
  }
}
