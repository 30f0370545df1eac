import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'

/**
 * How a cell stands in a CSV file. `text` is guarded against spreadsheets that take it for a
 * formula; `number` (amounts, rates) and `integer` are not; `json` is a list as JSON text.
 */
export type CellKind = 'text' | 'number' | 'integer' | 'json'

export interface Column {
  readonly name: string
  readonly kind: CellKind
  /** Where the value stands in the record. */
  readonly path: readonly [string] | readonly [string, string]
}

/** Columns of exported lines: every field that the seal hashes. Their order never changes. */
export const lineColumns: readonly Column[] = [
  column('lineId', 'text'),
  column('statementId', 'text'),
  column('seq', 'integer'),
  column('entryNo', 'integer'),
  column('eventId', 'text'),
  column('partyId', 'text'),
  column('orderId', 'text'),
  column('lineNo', 'integer'),
  column('sku', 'text'),
  column('feeType', 'text'),
  column('leg', 'text'),
  column('amount', 'number'),
  column('taxAmount', 'number'),
  column('currency', 'text'),
  { name: 'basisOf', kind: 'text', path: ['basis', 'of'] },
  { name: 'basisBase', kind: 'number', path: ['basis', 'base'] },
  { name: 'basisRate', kind: 'number', path: ['basis', 'rate'] },
  { name: 'basisExact', kind: 'text', path: ['basis', 'exact'] },
  column('ruleId', 'text'),
  column('ruleBookVersion', 'integer'),
  column('occurredAt', 'text'),
  column('originLineId', 'text'),
  column('originPeriod', 'text'),
  column('lateReason', 'text'),
]

/** Columns of exported statements. Their order never changes. */
export const statementColumns: readonly Column[] = [
  column('statementId', 'text'),
  column('number', 'integer'),
  column('partyId', 'text'),
  column('partyKind', 'text'),
  column('entity', 'text'),
  column('mode', 'text'),
  column('currency', 'text'),
  column('zone', 'text'),
  column('cycle', 'text'),
  column('periodStart', 'text'),
  column('periodEnd', 'text'),
  column('status', 'text'),
  column('opening', 'number'),
  column('total', 'number'),
  column('closing', 'number'),
  column('taxTotal', 'number'),
  column('totals', 'json'),
  column('lineCount', 'integer'),
  column('entryCount', 'integer'),
  column('root', 'text'),
  column('previousRoot', 'text'),
  column('entrySchema', 'text'),
  column('closedAt', 'text'),
  column('finalisedAt', 'text'),
  column('dueOn', 'text'),
  column('ruleBookVersions', 'json'),
  column('lateLines', 'integer'),
  column('history', 'json'),
]

/** Columns of exported seals. */
export const sealColumns: readonly Column[] = [
  column('statementId', 'text'),
  column('entryNo', 'integer'),
  column('leaf', 'text'),
  column('head', 'text'),
]

function column(name: string, kind: CellKind): Column {
  return { name, kind, path: [name] }
}

/** The cells of a record; undefined where it has no such field. */
export function cellsOf(record: object, columns: readonly Column[]): (string | undefined)[] {
  return columns.map(({ kind, path: [first, second] }) => {
    const outer = (record as JsonObject)[first]
    const value = second === undefined ? outer : (outer as JsonObject | undefined)?.[second]
    if (value === undefined) return undefined
    if (kind === 'json') return JSON.stringify(value)
    return kind === 'text' || !isNumber(String(value)) ? guarded(String(value)) : String(value)
  })
}

/**
 * The record of a row of cells, an empty one being an absent field, since no field is ever an empty
 * text; the text that is returned says what is wrong with the row.
 */
export function recordOf(
  cells: readonly string[],
  columns: readonly Column[],
): JsonObject | string {
  const record: JsonObject = {}
  for (const [place, { name, kind, path }] of columns.entries()) {
    const cell = cells[place] ?? ''
    if (cell === '') continue
    const value = cellValue(unguarded(cell), kind)
    if (value === undefined) return `${name}: "${cell}" is no list in JSON`
    put(record, path, value)
  }
  return record
}

function put(record: JsonObject, [first, second]: Column['path'], value: unknown): void {
  if (second === undefined) record[first] = value
  else record[first] = { ...(record[first] as JsonObject | undefined), [second]: value }
}

function cellValue(text: string, kind: CellKind): unknown {
  // A number that is none stays a text, which whoever reads the field refuses by its name.
  if (kind === 'integer') return /^-?[0-9]{1,16}$/.test(text) ? Number(text) : text
  if (kind !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isNumber(text: string): boolean {
  return /^-?[0-9]+(\.[0-9]+)?$/.test(text)
}

/**
 * A text that a spreadsheet would compute gets a leading apostrophe; so does one that begins with
 * apostrophes before such a character, so that `unguarded` gives every text back.
 */
export function guarded(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** The text that was guarded. */
export function unguarded(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}
