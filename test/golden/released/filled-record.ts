import type { FieldSchema, RecordSchema, Schema } from '../../../src/adapters/avro/schema.ts'

/** A sound record that has every field of its schema, and two items in every list. */
export function filledRecord(schema: RecordSchema): Record<string, unknown> {
  return Object.fromEntries(schema.fields.map((field) => [field.name, filledField(field)]))
}

const named = new Map<string, Schema>()

function filledField({ name, type, settle }: FieldSchema & { settle?: string }): unknown {
  if (settle === 'calendarDays') return [calendarDay(0), calendarDay(1)]
  return filled(name, type, settle)
}

function filled(name: string, type: Schema, settle: string | undefined): unknown {
  if (Array.isArray(type)) return filled(name, type[1] as Schema, settle)
  if (typeof type === 'string') {
    const known = named.get(type)
    return known === undefined ? scalar(name, type, settle) : filled(name, known, settle)
  }
  const part = type as Exclude<Schema, string | readonly Schema[]>
  if (part.type === 'record') {
    named.set(part.name, part)
    return settle === 'decimal' ? { unscaled: 150, scale: 2 } : filledRecord(part)
  }
  if (part.type === 'enum') {
    named.set(part.name, part)
    return part.symbols.at(-1)
  }
  if (part.type !== 'array') return scalar(name, part.type, settle)
  const first = filled(name, part.items, 'name')
  return typeof first === 'string' ? [first, `${first}-2`] : [first]
}

function scalar(name: string, type: string, settle: string | undefined): unknown {
  if (type === 'boolean') return true
  if (type === 'bytes') return Buffer.from(`bytes of ${name}`)
  if (type === 'string') return texts[settle ?? 'name'] ?? 'name-1'
  return numbers[settle ?? 'integer'] ?? 7
}

const texts: Readonly<Record<string, string>> = {
  id: 'X-1',
  text: 'text 文',
  document: '{}',
  currency: 'CNY',
}

const numbers: Readonly<Record<string, number>> = {
  minor: 100,
  integer: 1,
  day: 20_454,
  instant: 1_767_225_600_000,
  instantOrDay: 1_767_225_600_000,
  dayStart: 1_767_225_600_000,
}

function calendarDay(day: number): unknown {
  return { day, startsAt: day * 86_400_000, workday: true }
}
