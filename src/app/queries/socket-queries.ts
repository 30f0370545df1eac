import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { streamFrom } from '../run/socket-client.ts'
import type { Question } from './answer-question.ts'
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

/** Answers of the instance that holds the folder: the same ones as the folder itself would give. */
export class SocketQueries implements Queries {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  statements(filter: StatementFilter): AsyncIterable<StatementRecord> {
    return this.#ask<StatementRecord>('statements', { filter })
  }

  statement(statementId: string): Promise<StatementRecord | undefined> {
    return first(this.#ask<StatementRecord>('statement', { statementId }))
  }

  lines(statementId: string): AsyncIterable<LineJson> {
    return this.#ask<LineJson>('lines', { statementId })
  }

  async payouts(statementId: string): Promise<PayoutJson[]> {
    const payouts: PayoutJson[] = []
    for await (const payout of this.#ask<PayoutJson>('payouts', { statementId })) {
      payouts.push(payout)
    }
    return payouts
  }

  /** A statement travels in front of its entries, each by itself: together they can be large. */
  async *entries(filter: StatementFilter): AsyncGenerator<StatementEntries> {
    let current: { statement: StatementRecord; entries: SealedEntry[] } | undefined
    for await (const item of this.#ask<StatementItem | SealedEntry>('entries', { filter })) {
      if ('entryNo' in item) current?.entries.push(item)
      else {
        if (current !== undefined) yield current
        current = { statement: item.statement, entries: [] }
      }
    }
    if (current !== undefined) yield current
  }

  async linesOfOrder(orderId: string, partyId?: string): Promise<LineJson[]> {
    const lines: LineJson[] = []
    const ask = this.#ask<LineJson>('linesOfOrder', { orderId, partyId })
    for await (const line of ask) lines.push(line)
    return lines
  }

  rejections(filter: RejectionFilter): AsyncIterable<RejectionJson> {
    return this.#ask<RejectionJson>('rejections', { filter })
  }

  ruleBook(version: number): Promise<PublishedRuleBook | undefined> {
    return first(this.#ask<PublishedRuleBook>('ruleBook', { version }))
  }

  event(eventId: string, partyId: string): Promise<JsonObject | undefined> {
    return first(this.#ask<JsonObject>('event', { eventId, partyId }))
  }

  /** Every question has its own connection, which ends with its answer. */
  async close(): Promise<void> {}

  #ask<Item>(question: Question, given: object): AsyncIterable<Item> {
    const request = { request: 'query', question, given }
    return streamFrom(this.#folder, request) as AsyncIterable<Item>
  }
}

interface StatementItem {
  readonly statement: StatementRecord
}

async function first<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item
  return undefined
}
