import { join, relative } from 'node:path'
import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import type { OutgoingBatch, OutgoingRecord } from '../../ports/log.ts'

// How other commands speak to the instance that holds a folder: one line of JSON for a request, one
// for its answer, over a Unix socket in the folder. The answer to a query is lines of items before
// its last line, sent as they are taken.
//
//   {"request":"status"}                                  → {"ok":true,"result":{…}}
//   {"request":"append","batches":[{partition,records}]}  → {"ok":true,"result":null}
//   {"request":"query","question":…,"given":{…}}          → {"ok":true,"items":[…]} …, as above
//   anything that is refused                              → {"ok":false,"exitCode":…,"message":…}

export interface Request extends JsonObject {
  readonly request: string
}

export type Response = Last | Piece

/** Items of an answer, more to come. */
export interface Piece {
  readonly ok: true
  readonly items: readonly unknown[]
}

/** What ends an answer. */
export type Last =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly exitCode: number; readonly message: string }

/** Bytes of one line: a chunk of events fits many times. */
export const longestLine = 64 * 1024 * 1024

/** What `status` answers. */
export interface RunStatus {
  readonly version: string
  readonly pid: number
  readonly state: string
  readonly clusterId: string
  readonly clock: 'live' | 'replay'
  readonly partitions: number
  readonly positions: readonly PartitionStatus[]
  /** Null before there is one. */
  readonly ruleBook: {
    readonly ruleBookId: string
    readonly version: number
    readonly zone: string
  } | null
  /** Where the shortest calendar ends; null before there is one. */
  readonly calendarsEnd: number | null
}

export interface PartitionStatus {
  readonly partition: number
  readonly state: 'running' | 'recovering' | 'halted'
  readonly reason: string | null
  /** The next offset to fold, what is committed, what the store holds, and the partition's end. */
  readonly offset: number
  readonly committed: number
  readonly stored: number
  readonly end: number
}

/** Longer ones cannot be bound; relative ones are often shorter. */
const longestPath = 100

/** The socket of a folder; undefined where its path is too long to be one. */
export function socketPath(folder: string): string | undefined {
  const path = join(folder, 'settle.sock')
  const paths = [path, relative(process.cwd(), path)]
  return paths.find((each) => Buffer.byteLength(each) <= longestPath)
}

/** Batches of `events` as they travel. */
export function batchesToJson(batches: readonly OutgoingBatch[]): JsonObject[] {
  return batches.map(({ partition, records }) => ({
    partition,
    records: records.map(({ key, value }) => [key === null ? null : base64(key), base64(value)]),
  }))
}

/** The batches of a request; undefined where they have another shape. */
export function batchesOf(json: unknown, partitions: number): OutgoingBatch[] | undefined {
  if (!Array.isArray(json)) return undefined
  const batches: OutgoingBatch[] = []
  for (const each of json) {
    const { partition, records } = (each ?? {}) as JsonObject
    if (!Number.isInteger(partition) || !Array.isArray(records)) return undefined
    const place = Number(partition)
    if (place < 0 || place >= partitions) return undefined
    const read = records.map(recordOf)
    if (read.includes(undefined)) return undefined
    batches.push({ topic: 'events', partition: place, records: read as OutgoingRecord[] })
  }
  return batches
}

function recordOf(json: unknown): OutgoingRecord | undefined {
  if (!Array.isArray(json) || json.length !== 2) return undefined
  const [key, value] = json
  if (typeof value !== 'string' || (key !== null && typeof key !== 'string')) return undefined
  return {
    key: key === null ? null : Buffer.from(key, 'base64'),
    value: Buffer.from(value, 'base64'),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
