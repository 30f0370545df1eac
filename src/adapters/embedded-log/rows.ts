// The rows of the embedded log, in one LevelDB database.
//
//   i                              identity: cluster id, number of partitions; written once
//   h                              heads: what every other row must agree with; in every write
//   m                              the mark of the last `append` that had one
//   p | partition                  epoch, committed position and metadata
//   r | topic | partition | base   records, see record-batches.ts
//
//   E1. Every value ends in a CRC-32 over key and value. LevelDB as it is embedded here checks no
//       block it reads, so a flipped bit would otherwise be a wrong value.
//   E2. Every write carries the heads: its own number, the next offset of every partition, and the
//       revision of each `p` row and of the mark. LevelDB may lose batches without an error; a lost
//       one leaves a row or a run of offsets that differs from the heads.
import { crc32 } from 'node:zlib'
import { CorruptState } from '../../ports/faults.ts'
import { type Committed, type Topic, topics } from '../../ports/log.ts'

export type Row = readonly [key: Uint8Array, value: Uint8Array]

/** Room that a value leaves at its end for `seal`. */
export const sealLength = 4

/** Writes the checksum into the last four bytes (E1). */
export function seal(key: Uint8Array, value: Buffer): Row {
  const end = value.length - sealLength
  value.writeUInt32LE(checksum(key, value.subarray(0, end)), end)
  return [key, value]
}

/** The value without its checksum; CorruptState where the two do not belong together. */
export function unseal([key, stored]: Row): Buffer {
  const value = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const end = value.length - sealLength
  const sealed = end >= 0 && value.readUInt32LE(end) === checksum(key, value.subarray(0, end))
  if (!sealed) throw new CorruptState(`${nameOf(key)}: the stored bytes fail their checksum`)
  return value.subarray(0, end)
}

function checksum(key: Uint8Array, value: Uint8Array): number {
  return crc32(value, crc32(key))
}

/** Numbered, because their place in `topics` is part of every key: only ever add at the end. */
export function topicNo(topic: Topic): number {
  return topics.indexOf(topic)
}

const runKeyLength = 14
const recordTag = 'r'.charCodeAt(0)

export const identityKey: Uint8Array = Buffer.from('i')
export const headsKey: Uint8Array = Buffer.from('h')
export const markKey: Uint8Array = Buffer.from('m')

export function ownerKey(partition: number): Uint8Array {
  const key = Buffer.alloc(5, 'p')
  key.writeUInt32BE(partition, 1)
  return key
}

export function runKey(topic: Topic, partition: number, base: number): Uint8Array {
  const key = Buffer.alloc(runKeyLength, recordTag)
  key[1] = topicNo(topic)
  key.writeUInt32BE(partition, 2)
  key.writeUInt32BE(Math.floor(base / 2 ** 32), 6)
  key.writeUInt32BE(base % 2 ** 32, 10)
  return key
}

export function baseOf(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  return view.getUint32(6) * 2 ** 32 + view.getUint32(10)
}

/** A row in the words of the manual, for faults. */
function nameOf(key: Uint8Array): string {
  const [tag = 0, topic = 0] = key
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  if (tag === recordTag && key.length === runKeyLength) {
    return `${topics[topic]}, partition ${view.getUint32(2)}, offset ${baseOf(key)}`
  }
  if (key.length === 5) return `committed position of partition ${view.getUint32(1)}`
  return { i: 'identity', h: 'heads', m: 'mark' }[String.fromCharCode(tag)] ?? 'unknown row'
}

/** What the log is, from its creation on. */
export interface Identity {
  readonly clusterId: string
  readonly partitions: number
}

const format = 1

export function identityRow({ clusterId, partitions }: Identity): Row {
  const id = Buffer.from(clusterId)
  const value = Buffer.alloc(8 + id.length + sealLength)
  value.writeUInt32LE(format, 0)
  value.writeUInt32LE(partitions, 4)
  value.set(id, 8)
  return seal(identityKey, value)
}

/** Undefined for a format that this release does not know. */
export function decodeIdentity(value: Buffer): Identity | undefined {
  if (value.readUInt32LE(0) !== format) return undefined
  return { partitions: value.readUInt32LE(4), clusterId: value.toString('utf8', 8) }
}

/** The state that every write carries (E2). */
export interface Heads {
  readonly partitions: number
  /** Rises by one with each write. */
  writeNo: number
  lastAppendTime: number
  markRevision: number
  /** By `headIndex`. */
  readonly next: Float64Array
  /** Revision of the `p` row, by partition. */
  readonly ownerRevisions: Float64Array
}

export function headIndex(heads: Heads, topic: Topic, partition: number): number {
  return topicNo(topic) * heads.partitions + partition
}

export function newHeads(partitions: number): Heads {
  return {
    partitions,
    writeNo: 0,
    lastAppendTime: 0,
    markRevision: 0,
    next: new Float64Array(topics.length * partitions),
    ownerRevisions: new Float64Array(partitions),
  }
}

export function copyOf(heads: Heads): Heads {
  return { ...heads, next: heads.next.slice(), ownerRevisions: heads.ownerRevisions.slice() }
}

export function headsRow(heads: Heads): Row {
  const numbers = [heads.writeNo, heads.lastAppendTime, heads.markRevision]
  const all = Float64Array.of(...numbers, ...heads.next, ...heads.ownerRevisions)
  const value = Buffer.alloc(all.length * 8 + sealLength)
  for (let i = 0; i < all.length; i += 1) value.writeDoubleLE(all[i] as number, i * 8)
  return seal(headsKey, value)
}

export function decodeHeads(value: Buffer, partitions: number): Heads {
  const heads = newHeads(partitions)
  const { next, ownerRevisions } = heads
  if (value.length !== (3 + next.length + ownerRevisions.length) * 8) {
    throw new CorruptState(`heads: they do not belong to a log of ${partitions} partitions`)
  }
  let at = 0
  const number = () => value.readDoubleLE(8 * at++)
  heads.writeNo = number()
  heads.lastAppendTime = number()
  heads.markRevision = number()
  for (let i = 0; i < next.length; i += 1) next[i] = number()
  for (let i = 0; i < ownerRevisions.length; i += 1) ownerRevisions[i] = number()
  return heads
}

/** Who may commit a partition, and what the last commit left. */
export interface Owner {
  readonly epoch: number
  readonly committed: Committed | undefined
}

const ownerHead = 33

export function ownerRow(partition: number, revision: number, { epoch, committed }: Owner): Row {
  const metadata = Buffer.from(committed?.metadata ?? '')
  const value = Buffer.alloc(ownerHead + metadata.length + sealLength)
  value.writeDoubleLE(revision, 0)
  value.writeDoubleLE(epoch, 8)
  value[16] = committed === undefined ? 0 : 1
  value.writeDoubleLE(committed?.position.offset ?? 0, 17)
  value.writeDoubleLE(committed?.position.step ?? 0, 25)
  value.set(metadata, ownerHead)
  return seal(ownerKey(partition), value)
}

export function decodeOwner(value: Buffer): Owner & { readonly revision: number } {
  const position = { offset: value.readDoubleLE(17), step: value.readDoubleLE(25) }
  const committed = { position, metadata: value.toString('utf8', ownerHead) }
  return {
    revision: value.readDoubleLE(0),
    epoch: value.readDoubleLE(8),
    committed: value[16] === 1 ? committed : undefined,
  }
}

export function markRow(revision: number, mark: Uint8Array): Row {
  const value = Buffer.alloc(8 + mark.length + sealLength)
  value.writeDoubleLE(revision, 0)
  value.set(mark, 8)
  return seal(markKey, value)
}

export function decodeMark(value: Buffer): { readonly revision: number; readonly mark: Buffer } {
  return { revision: value.readDoubleLE(0), mark: value.subarray(8) }
}
