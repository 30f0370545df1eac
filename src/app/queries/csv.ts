import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { FatalFault } from '../../ports/faults.ts'
import { type Column, cellsOf } from './csv-columns.ts'

/** A row of a CSV file with the line on which it ends. */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** Rows that are put into text together: one call of the library costs as much as many rows. */
const rowsAtOnce = 500

/** The head and the rows of a CSV file as pieces of text, which lack their last line end. */
export async function* csvTexts(
  records: AsyncIterable<object>,
  columns: readonly Column[],
): AsyncGenerator<string> {
  let rows: (string | undefined)[][] = [columns.map(({ name }) => name)]
  for await (const record of records) {
    rows.push(cellsOf(record, columns))
    if (rows.length < rowsAtOnce) continue
    yield textOf(rows)
    rows = []
  }
  if (rows.length > 0) yield textOf(rows)
}

function textOf(rows: readonly (readonly (string | undefined)[])[]): string {
  return stringify(rows as (string | undefined)[][], { eof: false })
}

/** Streams the rows of a CSV file, its head first; `.gz` is gunzipped. FatalFault: 4, 6. */
export async function* readCsvRows(path: string): AsyncGenerator<CsvRow> {
  const parser = parse({ bom: true, info: true, skip_empty_lines: true })
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  // Errors of every stage destroy the parser, which throws them at whoever reads the rows.
  if (path.endsWith('.gz')) pipeline(file, createGunzip(), parser, () => undefined)
  else pipeline(file, parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      yield { line: info.lines, cells: record }
    }
  } catch (error) {
    throw classify(error, path)
  }
}

interface ParsedRow {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

function classify(error: unknown, path: string): unknown {
  if (error instanceof CsvError) {
    const line = typeof error.lines === 'number' ? `:${error.lines}` : ''
    return new FatalFault(4, `${path}${line}: is no CSV: ${error.message}`, { cause: error })
  }
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT')
    return new FatalFault(6, `${path}: there is no such file`, { cause: error })
  if (code?.startsWith('Z_') === true) {
    return new FatalFault(4, `${path}: is no sound gzip file (${message})`, { cause: error })
  }
  return error
}
