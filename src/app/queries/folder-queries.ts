import type { OutputReader } from '../../adapters/avro/output-reader.ts'
import { sha256 } from '../../adapters/hashing/sha256.ts'
import type { EventWriter, JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { lineJson, rejectionJson, statementJson } from '../../adapters/json-lines/output-writer.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { hashLeaf } from '../../domain/statements/seal.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import { versionKey } from '../../fold/books.ts'
import { ByteReader } from '../../fold/bytes.ts'
import { payoutId } from '../../fold/clearing/move-on.ts'
import type { Rejection } from '../../fold/emissions.ts'
import { clearings, ruleBooks, statements as statementTable } from '../../fold/tables.ts'
import type { Codec } from '../../ports/codec.ts'
import { type Log, recordKey, recordValue, type Topic } from '../../ports/log.ts'
import { partitionOf } from '../../ports/partition-of.ts'
import type { CheckedStore } from '../../runtime/checked-store.ts'
import type {
  LineJson,
  PayoutJson,
  PublishedRuleBook,
  Queries,
  RejectionFilter,
  RejectionJson,
  SealedEntry,
  StatementEntries,
  StatementFilter,
  StatementRecord,
} from './queries.ts'

/**
 * What the answers come from: a log that is folded to its end, and the stores of its partitions.
 * Both may go on meanwhile; the log is never behind the stores.
 */
export interface QuerySources {
  readonly log: Log
  readonly codec: Codec
  readonly stores: readonly CheckedStore[]
  readonly reader: OutputReader
  readonly writer: EventWriter
  /** The log is written meanwhile. */
  readonly isLive: boolean
  /** Lines whose bytes are held at a time; the log is read once for each so many. */
  readonly linesHeld: number
  readonly close: () => Promise<void>
}

/** A statement whose entries are being gathered, as bytes: a fifth of the objects' size. */
interface Held {
  readonly statement: StatementRecord
  readonly entryCount: number
  readonly entries: Uint8Array[]
}

/** Answers from the stores, and for lines from the log's `lines` topic, which is read through. */
export class FolderQueries implements Queries {
  readonly #sources: QuerySources

  constructor(sources: QuerySources) {
    this.#sources = sources
  }

  async *statements(filter: StatementFilter): AsyncGenerator<StatementRecord> {
    for await (const statement of this.#rows(filter)) yield recordOf(statement)
  }

  async statement(statementId: string): Promise<StatementRecord | undefined> {
    const store = this.#sources.stores[this.#partitionOf(partyOf(statementId))]
    const row = store?.get(statementTable.prefix + statementId)
    return row === undefined ? undefined : recordOf(statementTable.decode(new ByteReader(row)))
  }

  async *lines(statementId: string): AsyncGenerator<LineJson> {
    const party = partyOf(statementId)
    for await (const entry of this.#entriesIn(this.#partitionOf(party), party)) {
      if (entry.statementId !== statementId) continue
      for (const line of entry.lines) yield lineJson(entry, line) as unknown as LineJson
    }
  }

  async payouts(statementId: string): Promise<PayoutJson[]> {
    const store = this.#sources.stores[this.#partitionOf(partyOf(statementId))]
    const row = store?.get(clearings.prefix + statementId)
    if (row === undefined) return []
    const currency = statementId.split('/')[3] as string
    return clearings.decode(new ByteReader(row)).payouts.map(({ amount, state, without }, at) => ({
      instructionId: payoutId(statementId, at + 1),
      amount: formatMinor(amount, currency),
      state,
      without,
    }))
  }

  async *entries(filter: StatementFilter): AsyncGenerator<StatementEntries> {
    for await (const group of this.#groups(filter)) {
      await this.#fill(group, filter.party)
      for (const { statement, entries } of group.values()) {
        yield { statement, entries: entries.map((entry) => this.#sealed(entry)) }
      }
    }
  }

  async linesOfOrder(orderId: string, partyId?: string): Promise<LineJson[]> {
    const lines: LineJson[] = []
    for (const partition of this.#partitions(partyId)) {
      for await (const entry of this.#entriesIn(partition, partyId)) {
        for (const line of entry.lines) {
          if (line.orderId === orderId) lines.push(lineJson(entry, line) as unknown as LineJson)
        }
      }
    }
    return lines.sort((a, b) => order(a.statementId, b.statementId) || a.seq - b.seq)
  }

  async *rejections(filter: RejectionFilter): AsyncGenerator<RejectionJson> {
    const found: Rejection[] = []
    for (const partition of this.#partitions(undefined)) {
      for await (const { value } of this.#records('rejections', partition)) {
        const rejection = this.#sources.reader.decodeRejection(value)
        if (fits(rejection, filter)) found.push(rejection)
      }
    }
    found.sort((a, b) => order(a.eventId, b.eventId) || order(a.code, b.code))
    for (const rejection of found) {
      yield rejectionJson(rejection, this.#eventOf(rejection)) as unknown as RejectionJson
    }
  }

  async ruleBook(version: number): Promise<PublishedRuleBook | undefined> {
    const row = this.#sources.stores[0]?.get(ruleBooks.prefix + versionKey(version))
    if (row === undefined) return undefined
    const { ruleBookId, document, days } = ruleBooks.decode(new ByteReader(row))
    return { ruleBookId, version, document, days }
  }

  async event(eventId: string, partyId: string): Promise<JsonObject | undefined> {
    const { codec, writer } = this.#sources
    for await (const { key, value } of this.#records('events', this.#partitionOf(partyId))) {
      if (key !== partyId) continue
      const decoded = codec.decodeEvent(value)
      if (decoded.ok && decoded.event.eventId === eventId) return writer.toJson(decoded.event)
    }
    return undefined
  }

  async close(): Promise<void> {
    await this.#sources.close()
  }

  /** The rows of all partitions that fit, by id: a merge of what each store has in order. */
  async *#rows(filter: StatementFilter): AsyncGenerator<Statement> {
    const ids = filter.ids === undefined ? undefined : new Set(filter.ids)
    const sources = this.#partitions(filter.party).map((partition) =>
      this.#rowsIn(this.#sources.stores[partition] as CheckedStore, filter.party),
    )
    for await (const statement of merged(sources)) {
      if (isWanted(statement, filter, ids)) yield statement
    }
  }

  async *#rowsIn(store: CheckedStore, party: string | undefined): AsyncGenerator<Statement> {
    const from = statementTable.prefix + (party === undefined ? '' : `${party}/`)
    for await (const [, value] of store.scan(from, `${from}\xff`)) {
      yield statementTable.decode(new ByteReader(value))
    }
  }

  /** Statements by id, as many at a time as have together about `linesHeld` lines. */
  async *#groups(filter: StatementFilter): AsyncGenerator<Map<string, Held>> {
    let group = new Map<string, Held>()
    let lines = 0
    for await (const row of this.#rows(filter)) {
      const { statementId, entryCount } = row
      group.set(statementId, { statement: recordOf(row), entryCount, entries: [] })
      lines += row.lineCount
      if (lines < this.#sources.linesHeld) continue
      yield group
      group = new Map()
      lines = 0
    }
    if (group.size > 0) yield group
  }

  /** What the log got after a statement's row was read is not of what that row says. */
  async #fill(group: ReadonlyMap<string, Held>, party: string | undefined): Promise<void> {
    const { isLive } = this.#sources
    for (const partition of this.#partitions(party)) {
      for await (const entry of this.#entriesIn(partition, party)) {
        const held = group.get(entry.statementId)
        if (held === undefined || (isLive && entry.entryNo > held.entryCount)) continue
        held.entries.push(this.#sources.reader.entryBytes(entry))
      }
    }
  }

  async *#entriesIn(
    partition: number,
    party: string | undefined,
  ): AsyncGenerator<ReturnType<OutputReader['decodeEntry']>> {
    for await (const { key, value } of this.#records('lines', partition)) {
      if (party !== undefined && key !== party) continue
      for (const { entry } of this.#sources.reader.decodeEntryPack(value).entries) yield entry
    }
  }

  async *#records(
    topic: Topic,
    partition: number,
  ): AsyncGenerator<{ readonly key: string; readonly value: Uint8Array }> {
    const { log } = this.#sources
    const end = await log.end(topic, partition)
    for await (const batch of log.read(topic, partition, 0, end)) {
      for (let index = 0; index < batch.count; index += 1) {
        const key = Buffer.from(recordKey(batch, index) ?? []).toString('utf8')
        yield { key, value: recordValue(batch, index) }
      }
    }
  }

  #sealed(bytes: Uint8Array): SealedEntry {
    const entry = this.#sources.reader.decodeEntry(bytes)
    return {
      entryNo: entry.entryNo,
      leaf: Buffer.from(hashLeaf(bytes, sha256)).toString('hex'),
      lines: entry.lines.map((line) => lineJson(entry, line) as unknown as LineJson),
    }
  }

  /** The event as in a file; bytes that are no event as base64. */
  #eventOf({ record }: Rejection): JsonObject | null {
    if (record.length === 0) return null
    const decoded = this.#sources.codec.decodeEvent(record)
    if (decoded.ok) return this.#sources.writer.toJson(decoded.event)
    return { base64: Buffer.from(record).toString('base64') }
  }

  #partitionOf(party: string): number {
    return partitionOf(party, this.#sources.stores.length)
  }

  #partitions(party: string | undefined): number[] {
    if (party !== undefined) return [this.#partitionOf(party)]
    return this.#sources.stores.map((_, partition) => partition)
  }
}

/** Rows that each source has in order of their ids, in order over all of them. */
async function* merged(sources: readonly AsyncGenerator<Statement>[]): AsyncGenerator<Statement> {
  const heads: { row: Statement; source: AsyncGenerator<Statement> }[] = []
  const take = async (source: AsyncGenerator<Statement>): Promise<void> => {
    const { done, value } = await source.next()
    if (done !== true) heads.push({ row: value, source })
  }
  try {
    for (const source of sources) await take(source)
    while (heads.length > 0) {
      heads.sort((a, b) => order(a.row.statementId, b.row.statementId))
      const { row, source } = heads.shift() as (typeof heads)[number]
      yield row
      await take(source)
    }
  } finally {
    for (const source of sources) await source.return(undefined)
  }
}

function isWanted(
  statement: Statement,
  filter: StatementFilter,
  ids: ReadonlySet<string> | undefined,
): boolean {
  if (ids !== undefined && !ids.has(statement.statementId)) return false
  if (filter.closed === true && statement.number === 0) return false
  const { party, period, status, currency, entity, mode } = filter
  const wanted = [party, period, status, currency, entity, mode]
  const { partyId, periodDay } = statement
  const given = [partyId, periodDay, statement.status, statement.currency, statement.entity]
  return [...given, statement.mode].every(
    (value, place) => wanted[place] === undefined || wanted[place] === value,
  )
}

function fits({ eventId, partyId, code }: Rejection, filter: RejectionFilter): boolean {
  if (filter.eventId !== undefined && filter.eventId !== eventId) return false
  if (filter.party !== undefined && filter.party !== partyId) return false
  return filter.code === undefined || filter.code === code
}

function recordOf(statement: Statement): StatementRecord {
  return statementJson(statement) as unknown as StatementRecord
}

function partyOf(statementId: string): string {
  return statementId.split('/')[0] as string
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
