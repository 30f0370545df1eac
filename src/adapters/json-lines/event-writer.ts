import { formatDay } from '../../domain/calendar/day.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { type Decimal, decimalText } from '../../domain/money/decimal.ts'
import type { Event } from '../../fold/events.ts'
import { eventTypes } from './event-types.ts'
import { formatInstant } from './instants.ts'
import {
  type FieldSchema,
  isList,
  isRecord,
  loadSchema,
  type RecordSchema,
  type Schema,
  valueType,
} from './schema.ts'

/** A JSON object with its fields in the order in which they are to be written. */
export type JsonObject = Record<string, unknown>

/** Turns an event into the JSON object of its line: what the reader reads again. */
export interface EventWriter {
  toJson(event: Event): JsonObject
}

/** Reads the schemas once. */
export function createEventWriter(schemasFolder: string): EventWriter {
  const writers = new Map<string, WriteRecord>()
  for (const type of eventTypes) writers.set(type, compileRecord(loadSchema(schemasFolder, type)))
  return {
    toJson(event) {
      const write = writers.get(event.type) as WriteRecord
      return { type: event.type, ...write(event as unknown as JsonObject, '') }
    },
  }
}

type WriteRecord = (record: JsonObject, currency: string) => JsonObject
type WriteValue = (value: unknown, currency: string) => unknown

function compileRecord(schema: RecordSchema): WriteRecord {
  const fields = schema.fields
    .filter(({ settle }) => settle !== 'documentDays')
    .map((field) => ({
      name: field.name,
      inFile: field.inFiles ?? field.name,
      write: valueWriter(field),
    }))
  return (record, inherited) => {
    const own = record.currency
    const currency = typeof own === 'string' ? own : inherited
    const json: JsonObject = {}
    for (const { name, inFile, write } of fields) {
      const value = record[name]
      if (value === null || (Array.isArray(value) && value.length === 0)) continue
      json[inFile] = write(value, currency)
    }
    return json
  }
}

function valueWriter(field: FieldSchema): WriteValue {
  const type = valueType(field.type)
  if (isList(type)) return listWriter(type.items)
  if (isRecord(type) && field.settle !== 'decimal') return compileRecord(type) as WriteValue
  switch (field.settle) {
    case 'minor':
      return (value, currency) => formatMinor(value as number, currency)
    case 'decimal':
      return (value) => decimalText(value as Decimal)
    case 'instant':
    case 'instantOrDay':
    case 'dayStart':
      return (value) => formatInstant(value as number)
    case 'day':
      return (value) => formatDay(value as number)
    case 'document':
      return (value) => parseDocument(value as string)
    default:
      return (value) => value
  }
}

function listWriter(items: Schema): WriteValue {
  if (!isRecord(items)) return (value) => value
  const write = compileRecord(items)
  return (value, currency) => (value as JsonObject[]).map((item) => write(item, currency))
}

/** The document of a record that is already in the log need not be JSON. */
function parseDocument(document: string): unknown {
  try {
    return JSON.parse(document)
  } catch {
    return document
  }
}
