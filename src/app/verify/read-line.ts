import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import {
  type BasisRow,
  type EntryRow,
  type LineRow,
  lineJson,
} from '../../adapters/json-lines/output-writer.ts'
import { legs } from '../../domain/statements/statement.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type FieldFault, JsonFields } from './json-fields.ts'

/** A line of an export with its entry, as the log has them. */
export interface ReadLine {
  readonly entry: EntryRow
  readonly line: LineRow
}

/** Reads an exported line; what `lineJson` would not write exactly so is a fault of its field. */
export function readLine(json: JsonObject): ReadLine | FieldFault {
  const fields = new JsonFields(json)
  const statementId = fields.text('statementId')
  const currency = statementId.split('/')[3] ?? ''
  const entry: EntryRow = {
    statementId,
    entryNo: fields.integer('entryNo'),
    eventId: fields.optionalText('eventId'),
  }
  const line: LineRow = {
    seq: fields.integer('seq'),
    orderId: fields.optionalText('orderId'),
    lineNo: fields.optionalInteger('lineNo'),
    sku: fields.optionalText('sku'),
    feeType: fields.text('feeType'),
    leg: fields.oneOf('leg', legs),
    amount: fields.money('amount', currency),
    taxAmount: fields.optionalMoney('taxAmount', currency),
    basis: readBasis(fields, currency),
    ruleId: fields.optionalText('ruleId'),
    ruleBookVersion: fields.optionalInteger('ruleBookVersion'),
    occurredAt: fields.instant('occurredAt'),
    originLineId: fields.optionalText('originLineId'),
    originPeriod: fields.optionalDay('originPeriod'),
    lateReason: readLateReason(fields),
  }
  return fields.fault ?? differs(json, lineJson(entry, line)) ?? { entry, line }
}

/** Whether reading gave a fault. */
export function isFault(read: ReadLine | FieldFault): read is FieldFault {
  return 'field' in read
}

function readBasis(fields: JsonFields, currency: string): BasisRow | null {
  const basis = fields.object('basis')
  if (basis === null) return null
  const row = {
    of: basis.text('of'),
    base: basis.optionalMoney('base', currency),
    rate: basis.optionalText('rate'),
    exact: basis.optionalText('exact'),
  }
  fields.join(basis)
  return row
}

function readLateReason(fields: JsonFields): string | null {
  const reason = fields.optionalText('lateReason')
  if (reason === null || reason === 'PERIOD_CLOSED') return reason
  return fields.refuse('lateReason', `"${reason}" is none of those that exist`, null)
}

/** The first field in which a record is not what its own facts make of it. */
function differs(json: JsonObject, made: JsonObject): FieldFault | undefined {
  if (JSON.stringify(json) === JSON.stringify(made)) return undefined
  for (const field of new Set([...Object.keys(made), ...Object.keys(json)])) {
    if (canonicalJson(json[field] ?? null) === canonicalJson(made[field] ?? null)) continue
    const expected = made[field] === undefined ? 'absent' : JSON.stringify(made[field])
    const own = JSON.stringify(json[field])
    const message = `is ${own}, but the rest of the line makes it ${expected}`
    return { field, message }
  }
  return undefined
}
