import { writeLines } from '../../adapters/line-output/write-lines.ts'
import { payoutOfLine } from '../../domain/statements/clearing.ts'
import { FatalFault } from '../../ports/faults.ts'
import { statementPicture } from '../statement-picture.ts'
import { statementTable, table } from '../statement-table.ts'
import { csvTexts } from './csv.ts'
import { statementColumns } from './csv-columns.ts'
import { openQueries } from './open-queries.ts'
import type { LineJson, PayoutJson, StatementFilter, StatementRecord } from './queries.ts'

/** The forms in which lists are printed. */
export const listFormats = ['table', 'json', 'jsonl', 'csv'] as const

export type ListFormat = (typeof listFormats)[number]

/** Prints the statements that fit. */
export async function listStatements(
  state: string,
  filter: StatementFilter,
  format: ListFormat,
): Promise<void> {
  const queries = await openQueries(state)
  try {
    await print(textsOf(queries.statements(filter), format))
  } finally {
    await queries.close()
  }
}

async function* textsOf(
  statements: AsyncIterable<StatementRecord>,
  format: ListFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield* csvTexts(statements, statementColumns)
  else if (format === 'jsonl') for await (const each of statements) yield JSON.stringify(each)
  else {
    const all: StatementRecord[] = []
    for await (const each of statements) all.push(each)
    yield format === 'json' ? JSON.stringify(all, undefined, 2) : statementTable(all).trimEnd()
  }
}

export interface ShowOptions {
  readonly state: string
  readonly lines: boolean
  readonly output: 'table' | 'json'
}

const notFound = 6

/** Prints one statement, and its lines unless they are not wanted; FatalFault 6: there is none. */
export async function showStatement(id: string, options: ShowOptions): Promise<void> {
  const queries = await openQueries(options.state)
  try {
    const statement = await queries.statement(id)
    if (statement === undefined) {
      const remedy = 'settle statements list prints the ids'
      throw new FatalFault(
        notFound,
        `${id}: there is no such statement in ${options.state}; ${remedy}`,
      )
    }
    const lines: LineJson[] = []
    if (options.lines) {
      for await (const line of queries.lines(id)) {
        // What came after the statement was read is not in its totals.
        if (line.seq <= statement.lineCount) lines.push(line)
      }
    }
    const payouts = await queries.payouts(id)
    const paid = lines.map((line) => withPayout(line, payouts))
    const shown = options.lines ? { ...statement, payouts, lines: paid } : { ...statement, payouts }
    await print([
      options.output === 'json'
        ? JSON.stringify(shown, undefined, 2)
        : picture(statement, payouts, paid),
    ])
  } finally {
    await queries.close()
  }
}

/** A line with the instruction that pays it, where one does. */
interface PaidLine extends LineJson {
  readonly payoutId?: string
}

function withPayout(line: LineJson, payouts: readonly PayoutJson[]): PaidLine {
  const attempt = payoutOfLine(payouts, line.seq)
  const payoutId = attempt === null ? undefined : payouts[attempt - 1]?.instructionId
  return payoutId === undefined ? line : { ...line, payoutId }
}

function picture(
  statement: StatementRecord,
  payouts: readonly PayoutJson[],
  lines: readonly PaidLine[],
): string {
  const parts = [statementPicture(statement)]
  if (payouts.length > 0) parts.push(payoutTable(payouts))
  if (lines.length > 0) parts.push(lineTable(lines))
  return parts.map((part) => part.trimEnd()).join('\n\n')
}

function payoutTable(payouts: readonly PayoutJson[]): string {
  const rows = payouts.map(({ instructionId, amount, state, without }) => [
    instructionId,
    amount,
    state,
    without.length === 0 ? '' : `without lines ${without.join(', ')}`,
  ])
  return table(['payout', 'amount', 'state', ''], rows, [1])
}

function lineTable(lines: readonly PaidLine[]): string {
  const rows = lines.map((line) => [
    String(line.seq),
    String(line.entryNo),
    line.occurredAt,
    line.orderId ?? '',
    line.lineNo === undefined ? '' : String(line.lineNo),
    line.feeType,
    line.leg,
    line.taxAmount ?? '',
    line.amount,
    line.payoutId === undefined ? '' : line.payoutId.slice(line.statementId.length + 1),
  ])
  const head = [
    'line',
    'entry',
    'occurred',
    'order',
    'no.',
    'fee',
    'leg',
    'tax',
    'amount',
    'paid by',
  ]
  return table(head, rows, [0, 1, 4, 7, 8])
}

/** Data goes to standard output; a reader that closes it early ends the printing quietly. */
export async function print(texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await writeLines(texts, { stream: process.stdout })
}
