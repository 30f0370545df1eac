import { bookLine, type LedgerLine } from '../../domain/ledger/book-line.ts'
import { bookStatement, type LedgerStatement } from '../../domain/ledger/book-statement.ts'
import type { Booking } from '../../domain/ledger/journal.ts'
import { FatalFault } from '../../ports/faults.ts'
import { checkedBook } from '../queries/checked-book.ts'
import type { LineJson, Queries, StatementFilter, StatementRecord } from '../queries/queries.ts'
import { parseMinor } from '../verify/json-fields.ts'

const faulty = 4

/** A booking with the party and the instant that it belongs to. */
export interface DatedBooking extends Booking {
  readonly partyId: string
  /** ISO 8601. */
  readonly at: string
}

/**
 * All bookings of the statements that fit, by statement id: the lines in order, then the steps.
 * FatalFault 4: the lines of a statement do not add up to its total.
 */
export async function* bookingsOf(
  queries: Queries,
  filter: StatementFilter,
): AsyncGenerator<DatedBooking> {
  const postings = new Postings(queries)
  for await (const { statement, entries } of queries.entries(filter)) {
    const { partyId, periodEnd, closedAt } = statement
    const lines = entries.flatMap(({ lines }) => lines)
    refuseOtherTotal(statement, lines)
    for (const line of lines) {
      const posting = await postings.of(line, statement)
      const booking = bookLine(ledgerLine(line, statement), posting)
      if (booking !== undefined) yield { ...booking, partyId, at: line.occurredAt }
    }
    for (const booking of bookStatement(ledgerStatement(statement))) {
      yield { ...booking, partyId, at: closedAt ?? periodEnd }
    }
  }
}

function refuseOtherTotal(
  { statementId, total, currency }: StatementRecord,
  lines: readonly LineJson[],
): void {
  let sum = 0
  for (const { leg, amount } of lines) if (leg !== 'CARRY') sum += minor(amount, currency)
  if (sum === minor(total, currency)) return
  throw new FatalFault(faulty, `${statementId}: its lines do not add up to its total, ${total}`)
}

function ledgerLine(line: LineJson, { entity, mode }: StatementRecord): LedgerLine {
  const { lineId, partyId, currency, feeType, leg, amount, taxAmount } = line
  return {
    lineId,
    partyId,
    entity,
    mode,
    currency,
    feeType,
    leg,
    amount: minor(amount, currency),
    taxAmount: taxAmount === undefined ? 0 : minor(taxAmount, currency),
  }
}

function ledgerStatement(statement: StatementRecord): LedgerStatement {
  const { statementId, partyId, entity, mode, currency, status, number } = statement
  return {
    statementId,
    partyId,
    entity,
    mode,
    currency,
    status,
    number: number ?? 0,
    opening: minor(statement.opening, currency),
    total: minor(statement.total, currency),
    closing: minor(statement.closing, currency),
  }
}

function minor(text: string, currency: string): number {
  const amount = parseMinor(text, currency)
  if (amount === undefined) throw new Error(`"${text}" is no amount in ${currency}`)
  return amount
}

/** How the fee types of each rule book are booked. */
class Postings {
  readonly #queries: Queries
  readonly #books = new Map<number, Map<string, string>>()

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** Undefined: the fee type is none of a rule book. */
  async of(line: LineJson, { ruleBookVersions }: StatementRecord): Promise<string | undefined> {
    const version = line.ruleBookVersion ?? ruleBookVersions.at(-1)
    if (version === undefined) return undefined
    let book = this.#books.get(version)
    if (book === undefined) {
      book = await this.#read(version)
      this.#books.set(version, book)
    }
    return book.get(line.feeType)
  }

  async #read(version: number): Promise<Map<string, string>> {
    const ruleBook = await checkedBook(this.#queries, version)
    if (ruleBook === undefined) throw new Error(`rule book ${version} is not in the state`)
    return new Map(ruleBook.feeTypes.map(({ code, posting }) => [code, posting]))
  }
}
