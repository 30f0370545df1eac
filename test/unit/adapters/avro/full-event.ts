import type { Event, EventType } from '../../../../src/fold/events.ts'
import { type AvroField, type AvroSchema, schemaOf } from './arbitrary-event.ts'

/** A sound event that has every field of its schema, and one item in every list. */
export function fullEvent(type: EventType): Event {
  const event = { type, ...fullRecord(schemaOf(type)) }
  return event as unknown as Event
}

function fullRecord(schema: AvroSchema): Record<string, unknown> {
  return Object.fromEntries(schema.fields.map((field) => [field.name, fullField(field)]))
}

function fullField(field: AvroField): unknown {
  const type = typeOf(field)
  if (field.settle === 'decimal') return { unscaled: 150, scale: 2 }
  if (field.settle === 'calendarDays') return [calendarDay(0), calendarDay(1)]
  if (type.symbols !== undefined) return type.symbols[0]
  if (type.fields !== undefined) return fullRecord(type as AvroSchema)
  if (type.items === undefined) return scalars[field.settle as string]
  const { items } = type
  return [typeof items === 'string' ? 'tag' : fullRecord(items as AvroSchema)]
}

function calendarDay(day: number): unknown {
  return { day, startsAt: day * 86_400_000, workday: true }
}

const scalars: Readonly<Record<string, unknown>> = {
  id: 'X-1',
  name: 'name',
  text: 'text 文',
  document: '{}',
  currency: 'CNY',
  integer: 1,
  minor: 100,
  boolean: true,
  instant: 1_767_225_600_000,
  instantOrDay: 1_767_225_600_000,
  day: 20_454,
  dayStart: 1_767_225_600_000,
}

interface TypeParts {
  readonly symbols?: readonly string[]
  readonly fields?: unknown
  readonly items?: unknown
}

function typeOf(field: AvroField): TypeParts {
  return (Array.isArray(field.type) ? field.type[1] : field.type) as TypeParts
}

/** Every single value of an event's schema: its path in the first items of lists, and its field. */
export function leaves(schema: AvroSchema, above = ''): [string, AvroField][] {
  return schema.fields.flatMap((field): [string, AvroField][] => {
    const type = typeOf(field)
    const path = above === '' ? field.name : `${above}.${field.name}`
    if (field.settle === 'decimal' || type.symbols !== undefined) return [[path, field]]
    if (type.fields !== undefined) return leaves(type as AvroSchema, path)
    if (type.items === undefined) return [[path, field]]
    if (typeof type.items === 'string') return [[`${path}[0]`, field]]
    return leaves(type.items as AvroSchema, `${path}[0]`)
  })
}

/** A copy of the event with another value at a path such as `order.lines[0].sku`. */
export function withValue(event: Event, path: string, value: unknown): Event {
  const copy = structuredClone(event) as unknown as Record<string, unknown>
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  const last = steps.pop() as string
  let place = copy
  for (const step of steps) place = place[step] as Record<string, unknown>
  place[last] = value
  return copy as unknown as Event
}
