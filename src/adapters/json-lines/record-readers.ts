import type { CalendarDay } from '../../fold/events.ts'
import { readDocument, readDocumentDays } from './document-readers.ts'
import { kindOf, type Reading } from './reading.ts'
import {
  type FieldSchema,
  isEnum,
  isList,
  isOptional,
  isRecord,
  type ListSchema,
  type RecordSchema,
  type Schema,
  valueType,
} from './schema.ts'
import { didYouMean } from './suggest.ts'
import {
  decimalReader,
  integerReader,
  minorReader,
  type ReadValue,
  readBoolean,
  readCurrency,
  readDay,
  readId,
  readInstant,
  readInstantOrDay,
  readName,
  readText,
  symbolReader,
} from './value-readers.ts'

/** Reads a JSON object as a record of its schema. */
export type ReadRecord = (value: unknown, reading: Reading) => Record<string, unknown>

/** The reader of a record, made once from its schema. */
export function compileRecord(schema: RecordSchema, named = new Map<string, Schema>()): ReadRecord {
  const plan = schema.fields.map((field) => planOf(field, named))
  const known = new Set(plan.filter(({ derived }) => !derived).map(({ inFile }) => inFile))
  const hasCurrency = schema.fields.some(({ settle }) => settle === 'currency')

  return (value, reading) => {
    const source = asObject(value, reading)
    for (const key of Object.keys(source)) {
      if (!known.has(key)) throw unknownField(key, { reading, schema, known })
    }
    // Amounts may stand before their currency.
    if (hasCurrency) reading.currency = currencyOf(source, reading)
    const record: Record<string, unknown> = {}
    for (const field of plan) record[field.name] = readField(field, source, reading)
    return record
  }
}

interface FieldPlan {
  readonly name: string
  readonly inFile: string
  readonly optional: boolean
  readonly list: boolean
  readonly nonEmpty: boolean
  /** Not in files: computed from what was read before. */
  readonly derived: boolean
  readonly read: ReadValue
}

function planOf(field: FieldSchema, named: Map<string, Schema>): FieldPlan {
  const derived = field.settle === 'documentDays'
  return {
    name: field.name,
    inFile: field.inFiles ?? field.name,
    optional: isOptional(field.type),
    list: isList(field.type),
    nonEmpty: field.nonEmpty === true,
    derived,
    read: derived ? readDocumentDays : valueReader(field, named),
  }
}

function readField(
  field: FieldPlan,
  source: Readonly<Record<string, unknown>>,
  reading: Reading,
): unknown {
  const value = source[field.inFile]
  if (value !== undefined && (value !== null || !field.optional)) {
    return field.read(value, reading, field.inFile)
  }
  if (field.derived) return field.read(value, reading, field.inFile)
  if (!field.optional || field.nonEmpty) throw reading.refusal(field.inFile, 'is missing')
  return field.list ? [] : null
}

function asObject(value: unknown, reading: Reading): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw reading.refusal('', `must be an object, not ${kindOf(value)}`)
}

function currencyOf(source: Readonly<Record<string, unknown>>, reading: Reading): string {
  const { currency } = source
  if (currency === undefined) throw reading.refusal('currency', 'is missing')
  return readCurrency(currency, reading, 'currency')
}

interface Place {
  readonly reading: Reading
  readonly schema: RecordSchema
  readonly known: ReadonlySet<string>
}

function unknownField(key: string, { reading, schema, known }: Place): Error {
  // A key is foreign text of any length.
  const name = key.length > 64 ? `${key.slice(0, 64)}…` : key
  return reading.refusal(name, `is no field of ${schema.name}${didYouMean(key, known)}`)
}

function valueReader(field: FieldSchema, named: Map<string, Schema>): ReadValue {
  const type = resolve(valueType(field.type), named)
  if (isList(type)) return listReader(field, type, named)
  if (isRecord(type) && field.settle !== 'decimal') return nestedReader(type, named)
  if (isEnum(type)) return symbolReader(type.symbols)
  return scalarReader(field)
}

/** The definition behind a name; definitions are remembered where they first stand. */
function resolve(type: Schema, named: Map<string, Schema>): Schema {
  if (typeof type === 'string') return named.get(type) ?? type
  if (isRecord(type) || isEnum(type)) named.set(type.name, type)
  return type
}

function scalarReader(field: FieldSchema): ReadValue {
  switch (field.settle) {
    case 'id':
      return readId
    case 'name':
      return readName
    case 'text':
      return readText
    case 'currency':
      return readCurrency
    case 'integer':
      return integerReader(field.minimum)
    case 'boolean':
      return readBoolean
    case 'minor':
      return minorReader(field.minimum)
    case 'decimal':
      return decimalReader(field.minimum)
    case 'instant':
    case 'dayStart':
      return readInstant
    case 'instantOrDay':
      return readInstantOrDay
    case 'day':
      return readDay
    case 'document':
      return readDocument
    default:
      throw new Error(`field ${field.name} has no form in files`)
  }
}

function nestedReader(schema: RecordSchema, named: Map<string, Schema>): ReadValue {
  const read = compileRecord(schema, named)
  return (value, reading, field) => {
    reading.path.push(field)
    const record = read(value, reading)
    reading.path.pop()
    return record
  }
}

function listReader(field: FieldSchema, type: ListSchema, named: Map<string, Schema>): ReadValue {
  const items = resolve(type.items, named)
  const read = isRecord(items) ? compileRecord(items, named) : itemReader(scalarReader(field))
  const { unique, nonEmpty, settle } = field
  return (value, reading, name) => {
    if (!Array.isArray(value)) {
      throw reading.refusal(name, `must be a list, not ${kindOf(value)}`)
    }
    if (nonEmpty === true && value.length === 0) throw reading.refusal(name, 'must not be empty')
    reading.path.push(name)
    const list: unknown[] = []
    for (let index = 0; index < value.length; index += 1) {
      reading.path.push(index)
      list.push(read(value[index], reading))
      reading.path.pop()
    }
    if (unique !== undefined) checkUnique(list as Record<string, unknown>[], unique, reading)
    if (settle === 'calendarDays') checkConsecutive(list as CalendarDay[], reading)
    reading.path.pop()
    return list
  }
}

function itemReader(read: ReadValue): (value: unknown, reading: Reading) => unknown {
  return (value, reading) => read(value, reading, '')
}

function checkUnique(
  list: readonly Record<string, unknown>[],
  key: string,
  reading: Reading,
): void {
  if (list.length < 2) return
  const seen = new Set<unknown>()
  for (let index = 0; index < list.length; index += 1) {
    const value = list[index]?.[key]
    if (seen.has(value)) {
      reading.path.push(index)
      throw reading.refusal(key, `${String(value)} stands twice`)
    }
    seen.add(value)
  }
}

function checkConsecutive(days: readonly CalendarDay[], reading: Reading): void {
  if (days.length < 2) throw reading.refusal('', 'a calendar has at least two days')
  for (let index = 1; index < days.length; index += 1) {
    const before = days[index - 1] as CalendarDay
    const { day, startsAt } = days[index] as CalendarDay
    if (day === before.day + 1 && startsAt > before.startsAt) continue
    reading.path.push(index)
    if (day !== before.day + 1) {
      throw reading.refusal('day', 'does not follow the day before it')
    }
    throw reading.refusal('startsAt', 'is not after the start of the day before it')
  }
}
