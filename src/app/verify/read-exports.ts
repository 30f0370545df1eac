import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { readFileLines } from '../../adapters/json-lines/read-lines.ts'
import { FatalFault } from '../../ports/faults.ts'
import { readCsvRows } from '../queries/csv.ts'
import {
  type Column,
  lineColumns,
  recordOf,
  sealColumns,
  statementColumns,
} from '../queries/csv-columns.ts'
import type { Placed } from './breaks.ts'
import { isObject } from './json-fields.ts'

/** What an exported file holds. */
export type ExportKind = 'lines' | 'statements' | 'seals'

const faulty = 4

/** What a file holds, by its first record; undefined for an empty file. */
export async function kindOf(path: string): Promise<ExportKind | undefined> {
  for await (const { json, place } of readExport(path)) {
    const kind = kindOfRecord(json)
    if (kind !== undefined) return kind
    throw new FatalFault(faulty, `${place}: is neither a line, a statement nor a seal of an export`)
  }
  return undefined
}

function kindOfRecord(json: JsonObject): ExportKind | undefined {
  if ('seq' in json || 'lineId' in json) return 'lines'
  if ('lineCount' in json || 'status' in json) return 'statements'
  if ('leaf' in json || 'head' in json) return 'seals'
  return undefined
}

/** The records of an exported file, JSON Lines or CSV by its name; `.gz` is gunzipped. */
export async function* readExport(path: string): AsyncGenerator<Placed> {
  if (/\.csv(\.gz)?$/.test(path)) yield* readCsvExport(path)
  else yield* readJsonLines(path)
}

async function* readJsonLines(path: string): AsyncGenerator<Placed> {
  for await (const { number, text } of readFileLines(path)) {
    const place = `${path}:${number}`
    const json = parse(text)
    if (!isObject(json)) throw new FatalFault(faulty, `${place}: is no JSON object`)
    yield { json: json as JsonObject, place }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function* readCsvExport(path: string): AsyncGenerator<Placed> {
  let columns: readonly Column[] | undefined
  for await (const { line, cells } of readCsvRows(path)) {
    const place = `${path}:${line}`
    if (columns === undefined) {
      columns = columnsOf(cells, place)
      continue
    }
    const json = recordOf(cells, columns)
    if (typeof json === 'string') throw new FatalFault(faulty, `${place}: ${json}`)
    yield { json, place }
  }
}

/** Columns may stand in any order, but all of them must be there and no other. */
function columnsOf(head: readonly string[], place: string): readonly Column[] {
  const known = [lineColumns, statementColumns, sealColumns].find(
    (columns) => columns.length === head.length && columns.every(({ name }) => head.includes(name)),
  )
  if (known === undefined) {
    const message =
      'is not the head of exported lines, statements or seals: a column is missing, or new'
    throw new FatalFault(faulty, `${place}: ${message}`)
  }
  return head.map((name) => known.find((column) => column.name === name) as Column)
}
