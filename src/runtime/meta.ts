import { ByteReader, ByteWriter } from '../fold/bytes.ts'
import { CorruptState } from '../ports/faults.ts'
import type { Position } from '../ports/log.ts'
import type { StoreWrite } from '../ports/store.ts'
import type { CheckedStore } from './checked-store.ts'

// What the store says about itself. It stands in the same batch as the rows it describes.
//
//   M1. The rows are those of the fold at `position`, all of it and nothing else (R1).
//   M2. The last 64 batches each left a row with their number; a batch that the disk lost leaves a
//       hole there, and a store with a hole is corrupt.

/** The key of the row that describes the store; every key of this module starts with NUL. */
export const metaKey = '\u0000meta'

const formatVersion = 1
const remembered = 64

/** What log and which settings the rows were made of (R11). */
export interface Identity {
  readonly clusterId: string
  readonly topic: string
  readonly partition: number
  readonly partitionCount: number
  /** Digest of the settings that change results. */
  readonly ledger: string
}

/** The last record that was folded, wholly or in part. */
export interface LastRecord {
  readonly offset: number
  /** CRC-32 of its value. */
  readonly hash: number
}

export interface Meta {
  readonly position: Position
  /** Counts the batches written to this store, from 0. */
  readonly batchNo: number
  readonly digest: string
  readonly nextOutSeq: number
  readonly foldVersion: number
  readonly identity: Identity
  readonly last: LastRecord | undefined
}

/** What a commit leaves with the position in the log. */
export interface CommitMetadata {
  readonly digest: string
  readonly foldVersion: number
  readonly nextOutSeq: number
}

/** The rows that end a batch. */
export function metaWrites(meta: Meta): StoreWrite[] {
  return [
    [metaKey, encodeMeta(meta)],
    [batchKey(meta.batchNo), encodeBatchRow(meta.batchNo, meta.position)],
  ]
}

/** The store's description; undefined for an empty store. Throws `CorruptState` where M2 fails. */
export async function readMeta(store: CheckedStore): Promise<Meta | undefined> {
  const bytes = store.get(metaKey)
  if (bytes === undefined) {
    if ((await store.firstKey()) === undefined) return undefined
    throw new CorruptState('the store has rows but no row that describes them')
  }
  const meta = decodeMeta(bytes)
  const oldest = Math.max(0, meta.batchNo - remembered + 1)
  const numbers = Array.from({ length: meta.batchNo - oldest + 1 }, (_, at) => oldest + at)
  const rows = await store.getMany(numbers.map(batchKey))
  for (const [at, number] of numbers.entries()) checkBatchRow(rows[at], number, meta)
  return meta
}

/** Sorted keys, some 60 bytes. */
export function encodeMetadata(metadata: CommitMetadata): string {
  const { digest, foldVersion, nextOutSeq } = metadata
  return JSON.stringify({ digest, foldVersion, nextOutSeq })
}

/** Undefined for what this program did not write, such as offsets that a tool has reset. */
export function decodeMetadata(text: string): CommitMetadata | undefined {
  const found = metadataForm.exec(text)?.groups
  if (found === undefined) return undefined
  return {
    digest: String(found.digest),
    foldVersion: Number(found.fold),
    nextOutSeq: Number(found.next),
  }
}

const metadataForm =
  /^\{"digest":"(?<digest>[0-9a-f]{16})","foldVersion":(?<fold>\d+),"nextOutSeq":(?<next>\d+)\}$/

function checkBatchRow(row: Uint8Array | undefined, number: number, meta: Meta): void {
  if (row === undefined) throw new CorruptState(`the store has lost its batch ${number}`)
  const reader = new ByteReader(row)
  const found = reader.unsigned()
  const [offset, step] = [reader.unsigned(), reader.unsigned()]
  if (found !== number) {
    throw new CorruptState(`the store has lost its batch ${number}: batch ${found} is in its place`)
  }
  if (number !== meta.batchNo) return
  if (offset !== meta.position.offset || step !== meta.position.step) {
    throw new CorruptState(`batch ${number} of the store ends at another position than the store`)
  }
}

function batchKey(number: number): string {
  return `\u0000b${String(number % remembered).padStart(2, '0')}`
}

/** The row that a batch leaves (M2). */
export function encodeBatchRow(batchNo: number, position: Position): Uint8Array {
  const writer = new ByteWriter(32)
  writer.unsigned(batchNo)
  writer.unsigned(position.offset)
  writer.unsigned(position.step)
  return writer.copy()
}

/** The row of `metaKey`. */
export function encodeMeta(meta: Meta): Uint8Array {
  const writer = new ByteWriter()
  writer.byte(formatVersion)
  writer.unsigned(meta.position.offset)
  writer.unsigned(meta.position.step)
  writer.unsigned(meta.batchNo)
  writer.text(meta.digest)
  writer.unsigned(meta.nextOutSeq)
  writer.unsigned(meta.foldVersion)
  writer.text(meta.identity.clusterId)
  writer.text(meta.identity.topic)
  writer.unsigned(meta.identity.partition)
  writer.unsigned(meta.identity.partitionCount)
  writer.text(meta.identity.ledger)
  writer.flag(meta.last !== undefined)
  if (meta.last !== undefined) {
    writer.unsigned(meta.last.offset)
    writer.unsigned(meta.last.hash)
  }
  return writer.copy()
}

/** Throws `CorruptState` on a format that this release does not know. */
export function decodeMeta(bytes: Uint8Array): Meta {
  const reader = new ByteReader(bytes)
  const version = reader.byte()
  if (version !== formatVersion) {
    throw new CorruptState(`the store is of format ${version}, this release reads ${formatVersion}`)
  }
  return {
    position: { offset: reader.unsigned(), step: reader.unsigned() },
    batchNo: reader.unsigned(),
    digest: reader.text(),
    nextOutSeq: reader.unsigned(),
    foldVersion: reader.unsigned(),
    identity: {
      clusterId: reader.text(),
      topic: reader.text(),
      partition: reader.unsigned(),
      partitionCount: reader.unsigned(),
      ledger: reader.text(),
    },
    last: reader.flag() ? { offset: reader.unsigned(), hash: reader.unsigned() } : undefined,
  }
}
