import { expect } from 'vitest'
import {
  type Committed,
  type Lease,
  type Log,
  type OutgoingBatch,
  type OutgoingRecord,
  type Position,
  type RecordBatch,
  recordKey,
  recordValue,
  type Topic,
} from '../../src/ports/log.ts'

/** The log of the running test. */
export interface Setup {
  log: Log
  reopen: () => Promise<void>
}

/** A record as it was read, bytes in hexadecimal. */
export interface Found {
  readonly offset: number
  readonly key: string | null
  readonly value: string
}

export async function readBatches(
  log: Log,
  topic: Topic,
  partition: number,
  from = 0,
  to?: number,
): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = []
  const end = to ?? (await log.end(topic, partition))
  for await (const each of log.read(topic, partition, from, end)) {
    batches.push({ ...each, bytes: each.bytes.slice() })
  }
  return batches
}

export async function readRecords(
  log: Log,
  topic: Topic,
  partition: number,
  from = 0,
  to?: number,
) {
  return (await readBatches(log, topic, partition, from, to)).flatMap(recordsOf)
}

export async function readAll(log: Log, topic: Topic, partition: number, from = 0, to?: number) {
  const records = await readRecords(log, topic, partition, from, to)
  return records.map(({ value }) => textOf(value))
}

export function recordsOf(found: RecordBatch): Found[] {
  return Array.from({ length: found.count }, (_, i) => ({
    offset: found.offsets[i] as number,
    key: hex(recordKey(found, i)),
    value: hex(recordValue(found, i)) as string,
  }))
}

/** All that a reader can see of the log. */
export async function picture(log: Log): Promise<unknown> {
  const { clusterId, partitions, events } = await log.describe()
  const seen: unknown[] = [clusterId, partitions, events]
  for (const topic of ['events', 'lines'] as const) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const batches = await readBatches(log, topic, partition)
      seen.push(batches.flatMap(recordsOf))
      seen.push(batches.flatMap(({ appendTimes }) => [...appendTimes]))
      seen.push(await log.end(topic, partition))
    }
  }
  return seen
}

/** Records of partition 0 of `events`: appended, and written by transactions of two leases. */
export async function fillWithGaps(log: Log): Promise<void> {
  const [one, two] = [await lease(log, 0), await lease(log, 1)]
  await log.append([batch('events', 0, numbered(0, 4))])
  await commit(log, one, [batch('events', 0, ['from one'])])
  await commit(log, two, [batch('events', 0, ['from two', 'from two again'])])
  await log.append([batch('events', 0, numbered(4, 6))])
  await commit(log, one, [batch('events', 0, ['the last'])])
}

export async function lease(log: Log, partition: number): Promise<Lease> {
  return (await log.acquire(partition)).lease
}

export async function commit(
  log: Log,
  mine: Lease,
  outputs: readonly OutgoingBatch[],
): Promise<void> {
  const position: Position = { offset: 0, step: 0 }
  expect(await log.commit(mine, outputs, position, '')).toBe('committed')
}

export function commitOne(log: Log, mine: Lease) {
  return log.commit(mine, [batch('lines', 0, ['x'])], { offset: 1, step: 0 }, '')
}

export async function committedOf(log: Log, partition: number): Promise<Committed | undefined> {
  return (await log.acquire(partition)).committed
}

export function batch(topic: Topic, partition: number, values: readonly string[]): OutgoingBatch {
  const records = values.map((value): OutgoingRecord => ({ key: null, value: bytes(value) }))
  return { topic, partition, records }
}

export function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `value ${from + i}`)
}

export function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text))
}

export function every(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => i)
}

export function hex(value: Uint8Array | null | undefined): string | null {
  return value == null ? null : Buffer.from(value).toString('hex')
}

export function textOf(hexadecimal: string): string {
  return Buffer.from(hexadecimal, 'hex').toString()
}

export function lengthOf({ valueStart, valueEnd }: RecordBatch, i: number): number {
  return (valueEnd[i] as number) - (valueStart[i] as number)
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
