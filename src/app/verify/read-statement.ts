import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { formatInstant } from '../../adapters/json-lines/instants.ts'
import { cycleKinds } from '../../domain/calendar/cycle.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { statementStatuses } from '../../domain/statements/statement.ts'
import type { StatementRecord } from '../queries/queries.ts'
import type { FeeTotalJson } from '../statement-picture.ts'
import { type FieldFault, isObject, JsonFields } from './json-fields.ts'

/** A statement of an export with its amounts in minor units and its instants as numbers. */
export interface ReadStatement {
  readonly json: StatementRecord
  readonly statementId: string
  /** 0: not closed. */
  readonly number: number
  /** partyId/entity/mode/currency/cycle. */
  readonly key: string
  readonly currency: string
  readonly periodStart: number
  readonly periodEnd: number
  readonly closedAt: number | null
  readonly finalisedAt: number | null
  readonly opening: number
  readonly total: number
  readonly closing: number
  readonly taxTotal: number
  readonly totals: readonly ReadTotal[]
  readonly lineCount: number
  readonly entryCount: number
  readonly lateLines: number
  readonly root: string | null
  readonly previousRoot: string | null
  readonly entrySchema: string
  readonly ruleBookVersions: readonly number[]
  readonly history: readonly { readonly status: string; readonly at: number }[]
}

export interface ReadTotal {
  readonly feeType: string
  readonly forward: number
  readonly reverse: number
  readonly other: number
}

/** Every field that a statement may have. */
const names: ReadonlySet<string> = new Set([
  ...['statementId', 'number', 'partyId', 'partyKind', 'entity', 'mode', 'currency', 'zone'],
  ...['cycle', 'periodStart', 'periodEnd', 'status', 'opening', 'total', 'closing', 'taxTotal'],
  ...['totals', 'lineCount', 'entryCount', 'root', 'previousRoot', 'entrySchema', 'closedAt'],
  ...['finalisedAt', 'dueOn', 'ruleBookVersions', 'lateLines', 'history'],
])

/** Reads an exported statement; a field that could not have been written so is a fault. */
export function readStatement(json: JsonObject): ReadStatement | FieldFault {
  const unknown = Object.keys(json).find((name) => !names.has(name))
  if (unknown !== undefined) return { field: unknown, message: 'is no field of a statement' }
  const fields = new JsonFields(json)
  const currency = fields.text('currency')
  for (const name of ['partyId', 'partyKind', 'entity', 'mode', 'zone']) fields.text(name)
  fields.oneOf('cycle', cycleKinds)
  fields.oneOf('status', statementStatuses)
  fields.optionalDay('dueOn')
  const statement: ReadStatement = {
    json: json as unknown as StatementRecord,
    statementId: fields.text('statementId'),
    number: fields.optionalInteger('number') ?? 0,
    key: ['partyId', 'entity', 'mode', 'currency', 'cycle'].map((name) => json[name]).join('/'),
    currency,
    periodStart: fields.instant('periodStart'),
    periodEnd: fields.instant('periodEnd'),
    closedAt: fields.optionalInstant('closedAt'),
    finalisedAt: fields.optionalInstant('finalisedAt'),
    opening: fields.money('opening', currency),
    total: fields.money('total', currency),
    closing: fields.money('closing', currency),
    taxTotal: fields.money('taxTotal', currency),
    totals: readTotals(fields, currency),
    lineCount: fields.integer('lineCount'),
    entryCount: fields.integer('entryCount'),
    lateLines: fields.integer('lateLines'),
    root: readHash(fields, 'root'),
    previousRoot: readHash(fields, 'previousRoot'),
    entrySchema: fields.text('entrySchema'),
    ruleBookVersions: readVersions(fields),
    history: readHistory(fields),
  }
  return fields.fault ?? writtenOtherwise(statement) ?? statement
}

/** Whether reading gave a fault. */
export function isStatementFault(read: ReadStatement | FieldFault): read is FieldFault {
  return 'field' in read
}

function readHash(fields: JsonFields, name: string): string | null {
  const text = fields.optionalText(name)
  if (text === null || /^[0-9a-f]{64}$/.test(text)) return text
  return fields.refuse(name, 'must be 64 hexadecimal digits', null)
}

function readVersions(fields: JsonFields): number[] {
  const versions = fields.list('ruleBookVersions')
  if (versions.every(Number.isSafeInteger)) return versions as number[]
  return fields.refuse('ruleBookVersions', 'must be whole numbers', [])
}

function readTotals(fields: JsonFields, currency: string): ReadTotal[] {
  return fields.list('totals').map((json, place) => {
    const row = new JsonFields(isObject(json) ? json : {}, `totals[${place}].`)
    const total = {
      feeType: row.text('feeType'),
      forward: row.money('forward', currency),
      reverse: row.money('reverse', currency),
      other: row.money('other', currency),
    }
    const net = row.money('net', currency)
    if (net !== total.forward + total.reverse + total.other) {
      row.refuse('net', `is ${formatMinor(net, currency)}, not the sum of its row`, null)
    }
    refuseOthers(row, json, ['feeType', 'forward', 'reverse', 'other', 'net'])
    fields.join(row)
    return total
  })
}

function readHistory(fields: JsonFields): { status: string; at: number }[] {
  return fields.list('history').map((json, place) => {
    const row = new JsonFields(isObject(json) ? json : {}, `history[${place}].`)
    const step = { status: row.oneOf('status', statementStatuses), at: row.instant('at') }
    row.optionalText('by')
    row.optionalText('reason')
    refuseOthers(row, json, ['status', 'at', 'by', 'reason'])
    fields.join(row)
    return step
  })
}

function refuseOthers(row: JsonFields, json: unknown, known: readonly string[]): void {
  const other = isObject(json) ? Object.keys(json).find((name) => !known.includes(name)) : undefined
  if (other !== undefined) row.refuse(other, 'is no field of it', null)
}

/** Amounts and instants that say the same in another spelling were not written by `settle`. */
function writtenOtherwise(statement: ReadStatement): FieldFault | undefined {
  const { json, currency } = statement
  for (const name of ['opening', 'total', 'closing', 'taxTotal'] as const) {
    if (formatMinor(statement[name], currency) !== json[name]) return spelt(name)
  }
  for (const name of ['periodStart', 'periodEnd', 'closedAt', 'finalisedAt'] as const) {
    const instant = statement[name]
    if (instant !== null && formatInstant(instant) !== json[name]) return spelt(name)
  }
  const place = json.totals.findIndex((row, at) =>
    isOtherTotal(row, statement.totals[at], currency),
  )
  return place < 0 ? historyWrittenOtherwise(statement) : spelt(`totals[${place}]`)
}

function isOtherTotal(row: FeeTotalJson, total: ReadTotal | undefined, currency: string): boolean {
  const names = ['forward', 'reverse', 'other'] as const
  return names.some((name) => formatMinor(total?.[name] ?? 0, currency) !== row[name])
}

function historyWrittenOtherwise({ json, history }: ReadStatement): FieldFault | undefined {
  const place = json.history.findIndex(
    ({ at }, step) => formatInstant(history[step]?.at ?? 0) !== at,
  )
  return place < 0 ? undefined : spelt(`history[${place}].at`)
}

function spelt(field: string): FieldFault {
  return { field, message: 'is not written as `settle` writes it' }
}
