import { type LineTarget, writeLines } from '../../adapters/line-output/write-lines.ts'
import { sealsOf } from '../verify/seals.ts'
import { csvTexts } from './csv.ts'
import { type Column, lineColumns, sealColumns, statementColumns } from './csv-columns.ts'
import { openQueries } from './open-queries.ts'
import type { Queries, StatementFilter } from './queries.ts'

/** How an export is written. */
export type ExportFormat = 'jsonl' | 'csv'

export interface ExportOptions {
  readonly state: string
  /** Where the lines go; `-` is standard output. */
  readonly out: string
  readonly statements?: string | undefined
  readonly seals?: string | undefined
  /** Undefined: by the name of each file, jsonl where that says nothing. */
  readonly format?: ExportFormat | undefined
}

/** What was written. */
export interface Exported {
  readonly statements: number
  readonly lines: number
}

/** Writes lines, and where a file is named for them statements and seals, each in one pass. */
export async function exportStatements(
  options: ExportOptions,
  filter: StatementFilter,
): Promise<Exported> {
  const queries = await openQueries(options.state)
  try {
    const counts = { statements: 0, lines: 0 }
    const write = writerOf(options.format)
    if (options.statements !== undefined) {
      await write(queries.statements(filter), statementColumns, options.statements)
    }
    if (options.seals !== undefined) {
      await write(sealRecords(queries, filter), sealColumns, options.seals)
    }
    await write(lineRecords(queries, filter, counts), lineColumns, options.out)
    return counts
  } finally {
    await queries.close()
  }
}

async function* lineRecords(
  queries: Queries,
  filter: StatementFilter,
  counts: { statements: number; lines: number },
): AsyncGenerator<object> {
  for await (const { entries } of queries.entries(filter)) {
    counts.statements += 1
    for (const { lines } of entries) {
      counts.lines += lines.length
      yield* lines
    }
  }
}

async function* sealRecords(queries: Queries, filter: StatementFilter): AsyncGenerator<object> {
  for await (const statement of queries.entries(filter)) yield* sealsOf(statement)
}

type Write = (
  records: AsyncIterable<object>,
  columns: readonly Column[],
  path: string,
) => Promise<void>

function writerOf(format: ExportFormat | undefined): Write {
  return async (records, columns, path) => {
    const asCsv = (format ?? formatOf(path)) === 'csv'
    const texts = asCsv ? csvTexts(records, columns) : jsonTexts(records)
    const target: LineTarget = path === '-' ? { stream: process.stdout } : { file: path }
    await writeLines(texts, target)
  }
}

function formatOf(path: string): ExportFormat {
  return /\.csv(\.gz)?$/.test(path) ? 'csv' : 'jsonl'
}

async function* jsonTexts(records: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const record of records) yield JSON.stringify(record)
}
