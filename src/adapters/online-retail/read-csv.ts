import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { FatalFault } from '../../ports/faults.ts'
import { columns, type RawRow } from './row.ts'

/** A row with the line of the file on which it starts. */
export interface PlacedRow {
  readonly line: number
  readonly raw: RawRow
}

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * Streams the rows of a CSV file, gunzipped when its name ends in `.gz`. Throws FatalFault with
 * exit code 4 for a file that is no such CSV, 6 for one that is not there, 7 for one that may not
 * be read.
 */
export async function* readCsv(path: string): AsyncGenerator<PlacedRow> {
  const parser = parse({ bom: true, info: true, skip_empty_lines: true })
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  // Errors of every stage destroy the parser, which throws them at whoever reads the rows.
  if (path.endsWith('.gz')) pipeline(file, createGunzip(), parser, () => undefined)
  else pipeline(file, parser, () => undefined)
  let places: readonly number[] | undefined
  let before = 0
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (places === undefined) places = placesOf(record, path)
      else yield { line: lineOf(record, before, info.lines), raw: rawRow(record, places) }
      before = info.lines
    }
  } catch (error) {
    throw classify(error, path)
  }
  if (places === undefined)
    throw new FatalFault(4, `${path}:1: the file is empty, not even a header`)
}

/** The line on which a record starts: not the one after its predecessor if lines are blank. */
function lineOf(record: readonly string[], before: number, last: number): number {
  if (last === before + 1) return last
  const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
  return last - breaks
}

function placesOf(header: readonly string[], path: string): number[] {
  const missing = columns.filter((name) => !header.includes(name))
  if (missing.length > 0) {
    const names = missing.join(', ')
    throw new FatalFault(
      4,
      `${path}:1: ${names}: the header lacks it; needed are ${columns.join(', ')}`,
    )
  }
  return columns.map((name) => header.indexOf(name))
}

function rawRow(record: readonly string[], places: readonly number[]): RawRow {
  const cell = (index: number) => record[places[index] as number] ?? ''
  return {
    InvoiceNo: cell(0),
    StockCode: cell(1),
    Description: cell(2),
    Quantity: cell(3),
    InvoiceDate: cell(4),
    UnitPrice: cell(5),
    CustomerID: cell(6),
  }
}

function classify(error: unknown, path: string): unknown {
  if (error instanceof CsvError) {
    const line = typeof error.lines === 'number' ? error.lines : 1
    return new FatalFault(4, `${path}:${line}: ${error.message}`, { cause: error })
  }
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT')
    return new FatalFault(6, `${path}: there is no such file`, { cause: error })
  if (code === 'EACCES') return new FatalFault(7, `${path}: may not be read`, { cause: error })
  if (code === 'EISDIR') return new FatalFault(4, `${path}: is a directory`, { cause: error })
  if (code?.startsWith('Z_') === true || code === 'ERR_BUFFER_TOO_LARGE') {
    return new FatalFault(4, `${path}: cannot be gunzipped: ${message}`, { cause: error })
  }
  return error
}
