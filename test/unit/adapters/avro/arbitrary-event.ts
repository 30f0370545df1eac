import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { ZoneDays } from '../../../../src/adapters/json-lines/zone-days.ts'
import { dayOf } from '../../../../src/domain/calendar/day.ts'
import type { Event, EventType } from '../../../../src/fold/events.ts'

/** Where the schemas stand. */
export const schemasFolder = 'schemas'

/** The zone in which the documents' days start. */
export const zone = 'Asia/Shanghai'

/** A schema as JSON, loosely typed: the tests walk it. */
export interface AvroSchema {
  readonly type: unknown
  readonly name: string
  readonly doc?: string
  readonly fields: readonly AvroField[]
}

export interface AvroField {
  readonly name: string
  readonly type: unknown
  readonly doc?: string
  readonly default?: unknown
  readonly settle?: string
  readonly minimum?: number
  readonly nonEmpty?: boolean
  readonly unique?: string
}

export function schemaOf(name: string): AvroSchema {
  return JSON.parse(readFileSync(`${schemasFolder}/${name}.avsc`, 'utf8')) as AvroSchema
}

export const registry = JSON.parse(
  readFileSync(`${schemasFolder}/registry.json`, 'utf8'),
) as Readonly<Record<string, number>>

/** All events have ids below 100. */
export const eventTypes = Object.keys(registry).filter(
  (name) => (registry[name] as number) < 100,
) as EventType[]

/** Sent from fold to fold, so no file has them. */
const loopback = ['GuideCredited', 'GuideClawedBack', 'ClockPassed']

/** Events that files may hold. */
export const fileEventTypes = eventTypes.filter((type) => !loopback.includes(type))

/** Any sound event of a type, with every field that its schema has. */
function arbitraryEvent(type: EventType): fc.Arbitrary<Event> {
  return recordOf(schemaOf(type))
    .chain((record) => whole(type, record))
    .map((record) => ({ type, ...record }) as unknown as Event)
}

type Json = Record<string, unknown>

/** Makes good what the fields of a record owe to each other. */
function whole(type: EventType, record: Json): fc.Arbitrary<Json> {
  if (type === 'Tick') return fc.constant({ ...record, at: record.occurredAt })
  if (type === 'RefundSucceeded') return fc.constant(withFreight(record))
  if (type === 'FxRatePublished') return fc.constant({ ...record, pair: 'USD/CNY' })
  if (type === 'ExchangeCompleted') {
    return fc.constant({ ...record, refund: withFreight(record.refund as Json) })
  }
  if (type === 'CalendarPublished') return calendar.map((days) => ({ ...record, ...days }))
  if ('document' in record) return document(type).map((filled) => ({ ...record, ...filled }))
  return fc.constant(record)
}

function withFreight(record: Json): Json {
  const { lines, fees } = record as { lines: unknown[]; fees: unknown[] }
  const empty = lines.length === 0 && fees.length === 0 && record.freight === null
  return empty ? { ...record, freight: { unscaled: 5, scale: 1 } } : record
}

const zoneDays = new ZoneDays(zone)

const someDay = fc.integer({
  min: dayOf({ year: 1990, month: 1, date: 1 }),
  max: dayOf({ year: 2040, month: 1, date: 1 }),
})

const calendar = fc
  .tuple(someDay, fc.array(fc.boolean(), { minLength: 2, maxLength: 5 }))
  .map(([first, workdays]) => ({
    zone,
    days: workdays.map((workday, index) => ({
      day: first + index,
      startsAt: zoneDays.startOf(first + index),
      workday,
    })),
  }))

function document(type: EventType): fc.Arbitrary<Json> {
  const body =
    type === 'RuleBookPublished'
      ? '"versions":[{"validFrom":"2026-01-01","validTo":"2026-02-01"}],"zone":"Asia/Shanghai"'
      : '"mode":"SOP","validFrom":"2026-01-01","validTo":"2026-02-01"'
  const days = [dayOf({ year: 2026, month: 1, date: 1 }), dayOf({ year: 2026, month: 2, date: 1 })]
  return fc.constant({
    document: `{${body}}`,
    days: days.map((day) => ({ day, startsAt: zoneDays.startOf(day) })),
  })
}

function recordOf(schema: AvroSchema): fc.Arbitrary<Json> {
  const fields = schema.fields.map((field) => [field.name, fieldOf(field)] as const)
  return fc.record(Object.fromEntries(fields))
}

function fieldOf(field: AvroField): fc.Arbitrary<unknown> {
  const optional = Array.isArray(field.type)
  const type = optional ? (field.type as unknown[])[1] : field.type
  const value = typedValue(field, type)
  return optional ? fc.option(value, { nil: null }) : value
}

function typedValue(field: AvroField, type: unknown): fc.Arbitrary<unknown> {
  const { items, symbols, fields } = type as {
    items?: unknown
    symbols?: string[]
    fields?: unknown
  }
  if (field.settle === 'decimal') return decimal(field)
  if (symbols !== undefined) return fc.constantFrom(...symbols)
  if (fields !== undefined) return recordOf(type as AvroSchema)
  if (items === undefined) return scalar(field)
  return listOf(field, items)
}

function listOf(field: AvroField, items: unknown): fc.Arbitrary<unknown> {
  const minLength = field.nonEmpty === true ? 1 : 0
  const item = typeof items === 'string' ? scalar(field) : recordOf(items as AvroSchema)
  if (field.unique === undefined) return fc.array(item, { minLength, maxLength: 3 })
  const unique = field.unique
  return fc.uniqueArray(item as fc.Arbitrary<Json>, {
    minLength,
    maxLength: 3,
    selector: (value) => value[unique],
  })
}

function decimal(field: AvroField): fc.Arbitrary<unknown> {
  const min = field.minimum ?? -1_000_000
  return fc.record({
    unscaled: fc.integer({ min, max: 1_000_000 }),
    scale: fc.integer({ min: 0, max: 9 }),
  })
}

const text = fc.string({ unit: 'grapheme', maxLength: 6 })
const idCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:?-'
const instant = fc.integer({ min: 0, max: 253_402_300_799_999 })

function scalar(field: AvroField): fc.Arbitrary<unknown> {
  switch (field.settle) {
    case 'id':
      return fc.string({
        unit: fc.constantFrom(...idCharacters),
        minLength: 1,
        maxLength: 64,
      })
    case 'name':
    case 'document':
      return text.filter((value) => value !== '')
    case 'text':
      return text
    case 'currency':
      return fc.constantFrom('CNY', 'JPY', 'KWD')
    case 'integer':
      return fc.integer({ min: field.minimum ?? -1000, max: 1000 })
    case 'boolean':
      return fc.boolean()
    case 'minor':
      return fc.integer({ min: field.minimum ?? -1_000_000, max: 1_000_000 })
    case 'instant':
    case 'instantOrDay':
    case 'dayStart':
      return instant
    case 'day':
      return someDay
    default:
      throw new Error(`no values for field ${field.name}`)
  }
}

/** Any sound event of a file. */
export const anyFileEvent: fc.Arbitrary<Event> = fc.oneof(...fileEventTypes.map(arbitraryEvent))

/** Any sound event. */
export const anyEvent: fc.Arbitrary<Event> = fc.oneof(...eventTypes.map(arbitraryEvent))
