import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createOutputReader, type OutputReader } from '../../adapters/avro/output-reader.ts'
import {
  createEventWriter,
  type EventWriter,
  type JsonObject,
} from '../../adapters/json-lines/event-writer.ts'
import {
  instructionJson,
  lineJson,
  noticeJson,
  rejectionJson,
  statementJson,
} from '../../adapters/json-lines/output-writer.ts'
import { writeLines } from '../../adapters/line-output/write-lines.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import { ByteReader } from '../../fold/bytes.ts'
import { partitionKey } from '../../fold/create-fold.ts'
import type { Rejection } from '../../fold/emissions.ts'
import type { PartitionRow } from '../../fold/rows/partition-row.ts'
import { partitions as partitionTable, statements as statementTable } from '../../fold/tables.ts'
import { recordValue, type Topic } from '../../ports/log.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { type Settlement, schemasFolder } from '../compose.ts'
import { type PartitionEnd, Summary } from './summary.ts'

/** Writes the six files of a run; each appears under its name only when it is whole. */
export async function writeOutputs(
  settlement: Settlement,
  out: string,
  ends: readonly PartitionEnd[],
  head: JsonObject,
): Promise<Summary> {
  mkdirSync(out, { recursive: true })
  const reader = createOutputReader(schemasFolder)
  const summary = new Summary(head)
  const lines = await collectLines(settlement, reader)
  const states = await readStates(settlement)
  const file = (name: string): { file: string } => ({ file: join(out, name) })
  const texts = lineTexts({ lines, reader, summary }, states.statements)
  await writeLines(texts, file('lines.jsonl'))
  await writeLines(statementTexts(states.statements, summary), file('statements.jsonl'))
  const instructions = await readAll(settlement, 'instructions', reader.decodeInstruction)
  await writeLines(
    instructions.map((row) => JSON.stringify(instructionJson(row))).sort(),
    file('instructions.jsonl'),
  )
  const notices = await readAll(settlement, 'notices', reader.decodeNotice)
  notices.sort((a, b) => order(a.noticeId, b.noticeId) || byParty(a, b))
  await writeLines(
    notices.map((notice) => JSON.stringify(noticeJson(notice))),
    file('notices.jsonl'),
  )
  const rejections = await readAll(settlement, 'rejections', reader.decodeRejection)
  rejections.sort((a, b) => order(a.eventId, b.eventId) || order(a.code, b.code) || byParty(a, b))
  const toJson = rejectedEvents(settlement)
  await writeLines(
    rejections.map((rejection) => JSON.stringify(rejectionJson(rejection, toJson(rejection)))),
    file('rejections.jsonl'),
  )
  for (const { code } of rejections) summary.addRejection(code)
  for (const [partition, row] of states.partitions.entries()) summary.addPartition(partition, row)
  const { clusterId } = await settlement.log.describe()
  const json = summary.finish(clusterId, ends)
  await writeLines([JSON.stringify(json, undefined, 2)], file('summary.json'))
  return summary
}

/** Where each party lives depends on the number of partitions, which must not show. */
function byParty(a: { partyId: string | null }, b: { partyId: string | null }): number {
  return order(a.partyId ?? '', b.partyId ?? '')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The event of a rejection as in a file; bytes that are no event as base64. */
function rejectedEvents({ codec }: Settlement): (rejection: Rejection) => JsonObject | null {
  const writer: EventWriter = createEventWriter(schemasFolder)
  return ({ record }) => {
    if (record.length === 0) return null
    const decoded = codec.decodeEvent(record)
    if (decoded.ok) return writer.toJson(decoded.event)
    return { base64: Buffer.from(record).toString('base64') }
  }
}

async function readAll<Row>(
  settlement: Settlement,
  topic: Topic,
  decode: (bytes: Uint8Array) => Row,
): Promise<Row[]> {
  const rows: Row[] = []
  for await (const value of valuesOf(settlement, topic)) rows.push(decode(value))
  return rows
}

/** The values of a topic, partition by partition. */
async function* valuesOf(
  { log, partitions }: Settlement,
  topic: Topic,
): AsyncGenerator<Uint8Array> {
  for (let partition = 0; partition < partitions; partition += 1) {
    const end = await log.end(topic, partition)
    for await (const batch of log.read(topic, partition, 0, end)) {
      for (let index = 0; index < batch.count; index += 1) yield recordValue(batch, index)
    }
  }
}

/** The entries of each statement in order, as bytes, which are a fifth of the objects' size. */
async function collectLines(
  settlement: Settlement,
  reader: OutputReader,
): Promise<Map<string, Uint8Array[]>> {
  const packs = new Map<string, Uint8Array[]>()
  for await (const value of valuesOf(settlement, 'lines')) {
    for (const { entry } of reader.decodeEntryPack(value).entries) {
      const known = packs.get(entry.statementId)
      const bytes = reader.entryBytes(entry)
      if (known === undefined) packs.set(entry.statementId, [bytes])
      else known.push(bytes)
    }
  }
  return packs
}

interface States {
  /** By id. */
  readonly statements: readonly Statement[]
  readonly partitions: readonly PartitionRow[]
}

async function readStates(settlement: Settlement): Promise<States> {
  const statements: Statement[] = []
  const partitions: PartitionRow[] = []
  for (let partition = 0; partition < settlement.partitions; partition += 1) {
    const store = await settlement.openStore(partition)
    try {
      const checked = new CheckedStore(store)
      const row = checked.get(partitionTable.prefix + partitionKey)
      if (row !== undefined) partitions.push(partitionTable.decode(new ByteReader(row)))
      const { prefix } = statementTable
      for await (const [, value] of checked.scan(prefix, `${prefix}\xff`)) {
        statements.push(statementTable.decode(new ByteReader(value)))
      }
    } finally {
      await store.close()
    }
  }
  statements.sort((a, b) => order(a.statementId, b.statementId))
  return { statements, partitions }
}

function* statementTexts(statements: readonly Statement[], summary: Summary): Generator<string> {
  for (const statement of statements) {
    summary.addStatement(statement)
    yield JSON.stringify(statementJson(statement))
  }
}

interface LineSource {
  /** Entries of each statement in order, as the bytes that its seal hashes. */
  readonly lines: ReadonlyMap<string, readonly Uint8Array[]>
  readonly reader: OutputReader
  readonly summary: Summary
}

function* lineTexts(
  { lines, reader, summary }: LineSource,
  statements: readonly Statement[],
): Generator<string> {
  for (const { statementId } of statements) {
    for (const bytes of lines.get(statementId) ?? []) {
      const entry = reader.decodeEntry(bytes)
      summary.addLines(entry.lines.length)
      for (const line of entry.lines) yield JSON.stringify(lineJson(entry, line))
    }
  }
}
