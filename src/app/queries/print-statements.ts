import { writeLines } from '../../adapters/line-output/write-lines.ts'
import { FatalFault } from '../../ports/faults.ts'
import { statementPicture } from '../statement-picture.ts'
import { statementTable, table } from '../statement-table.ts'
import { csvTexts } from './csv.ts'
import { statementColumns } from './csv-columns.ts'
import { openQueries } from './open-queries.ts'
import type { LineJson, StatementFilter, StatementRecord } from './queries.ts'

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
    const shown = options.lines ? { ...statement, lines } : statement
    await print([
      options.output === 'json' ? JSON.stringify(shown, undefined, 2) : picture(statement, lines),
    ])
  } finally {
    await queries.close()
  }
}

function picture(statement: StatementRecord, lines: readonly LineJson[]): string {
  const head = statementPicture(statement).trimEnd()
  return lines.length === 0 ? head : `${head}\n\n${lineTable(lines).trimEnd()}`
}

function lineTable(lines: readonly LineJson[]): string {
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
  ])
  const head = ['line', 'entry', 'occurred', 'order', 'no.', 'fee', 'leg', 'tax', 'amount']
  return table(head, rows, [0, 1, 4, 7, 8])
}

/** Data goes to standard output; a reader that closes it early ends the printing quietly. */
export async function print(texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await writeLines(texts, { stream: process.stdout })
}
