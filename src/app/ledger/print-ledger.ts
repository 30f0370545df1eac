import { Balances } from '../../domain/ledger/balances.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { csvTexts } from '../queries/csv.ts'
import type { Column } from '../queries/csv-columns.ts'
import { openQueries } from '../queries/open-queries.ts'
import { print } from '../queries/print-statements.ts'
import type { Queries, StatementFilter } from '../queries/queries.ts'
import { table } from '../statement-table.ts'
import { bookingsOf } from './read-ledger.ts'

export type LedgerFormat = 'table' | 'json' | 'jsonl' | 'csv'

/** Which statements and accounts are wanted, and how they are printed. */
export interface LedgerOptions {
  readonly state: string
  readonly filter: StatementFilter
  /** The beginning of an account's name. */
  readonly account: string | undefined
  readonly output: LedgerFormat
}

const balanceColumns: readonly Column[] = [
  { name: 'entity', kind: 'text', path: ['entity'] },
  { name: 'currency', kind: 'text', path: ['currency'] },
  { name: 'account', kind: 'text', path: ['account'] },
  { name: 'debit', kind: 'number', path: ['debit'] },
  { name: 'credit', kind: 'number', path: ['credit'] },
  { name: 'balance', kind: 'number', path: ['balance'] },
]

const postingColumns: readonly Column[] = [
  { name: 'at', kind: 'text', path: ['at'] },
  { name: 'kind', kind: 'text', path: ['kind'] },
  { name: 'ref', kind: 'text', path: ['ref'] },
  { name: 'partyId', kind: 'text', path: ['partyId'] },
  { name: 'entity', kind: 'text', path: ['entity'] },
  { name: 'currency', kind: 'text', path: ['currency'] },
  { name: 'account', kind: 'text', path: ['account'] },
  { name: 'debit', kind: 'number', path: ['debit'] },
  { name: 'credit', kind: 'number', path: ['credit'] },
]

/** Prints what stands on each account; the exit code is 4 where a currency does not sum to zero. */
export async function printBalances(options: LedgerOptions): Promise<number> {
  return await withQueries(options.state, async (queries) => {
    const balances = new Balances()
    for await (const booking of bookingsOf(queries, options.filter)) balances.add(booking)
    const rows = balances
      .rows()
      .filter(({ account }) => account.startsWith(options.account ?? ''))
      .map(({ entity, currency, account, debit, credit, balance }) => ({
        entity,
        currency,
        account,
        debit: formatMinor(debit, currency),
        credit: formatMinor(credit, currency),
        balance: formatMinor(balance, currency),
      }))
    await print(textsOf(each(rows), options.output, balanceColumns))
    const sums = [...balances.sums()]
    if (options.output === 'table') await print(sums.map(sumText))
    return sums.every(([, sum]) => sum === 0n) ? 0 : 4
  })
}

function sumText([currency, sum]: readonly [string, bigint]): string {
  return `sum of all balances in ${currency}: ${formatMinor(sum, currency)}`
}

/** Prints every posting of the statements that fit. */
export async function printPostings(options: LedgerOptions): Promise<number> {
  return await withQueries(options.state, async (queries) => {
    await print(textsOf(postingsOf(queries, options), options.output, postingColumns))
    return 0
  })
}

async function* postingsOf(
  queries: Queries,
  { filter, account }: LedgerOptions,
): AsyncGenerator<Record<string, string>> {
  for await (const booking of bookingsOf(queries, filter)) {
    const { at, kind, ref, partyId, entity, currency, postings } = booking
    for (const posting of postings) {
      if (!posting.account.startsWith(account ?? '')) continue
      const debit = Math.max(posting.amount, 0)
      yield {
        at,
        kind,
        ref,
        partyId,
        entity,
        currency,
        account: posting.account,
        debit: formatMinor(debit, currency),
        credit: formatMinor(debit - posting.amount, currency),
      }
    }
  }
}

async function withQueries(
  state: string,
  ask: (queries: Queries) => Promise<number>,
): Promise<number> {
  const queries = await openQueries(state)
  try {
    return await ask(queries)
  } finally {
    await queries.close()
  }
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}

async function* textsOf(
  records: AsyncIterable<Record<string, string>>,
  format: LedgerFormat,
  columns: readonly Column[],
): AsyncGenerator<string> {
  if (format === 'csv') {
    yield* csvTexts(records, columns)
    return
  }
  const all: Record<string, string>[] = []
  for await (const record of records) {
    if (format === 'jsonl') yield JSON.stringify(record)
    else all.push(record)
  }
  if (format === 'json') yield JSON.stringify(all, undefined, 2)
  if (format === 'table') yield tableOf(all, columns).trimEnd()
}

function tableOf(records: readonly Record<string, string>[], columns: readonly Column[]): string {
  const names = columns.map(({ name }) => name)
  const numbers = columns.flatMap(({ kind }, place) => (kind === 'number' ? [place] : []))
  const rows = records.map((record) => names.map((name) => record[name] ?? ''))
  return table(names, rows, numbers)
}
