import serialize from 'canonicalize'
import { namedDays } from '../../domain/rulebook/named-days.ts'
import type { DayStart } from '../../fold/events.ts'
import { kindOf, type Reading } from './reading.ts'
import { readDay } from './value-readers.ts'
import type { ZoneDays } from './zone-days.ts'

// The package is CommonJS and its types say `default`, which Node resolves to the function itself.
const canonicalize = serialize as unknown as (value: unknown) => string

/** Reads a rule book or contract as its canonical JSON, and remembers it for its days. */
export function readDocument(value: unknown, reading: Reading, field: string): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw reading.refusal(field, `must be an object, not ${kindOf(value)}`)
  }
  reading.document = value
  reading.documentField = field
  return canonicalJson(value, reading, field)
}

function canonicalJson(value: object, reading: Reading, field: string): string {
  try {
    return canonicalize(value)
  } catch {
    // Numbers beyond the range of JSON, or objects nested deeper than the stack.
    throw reading.refusal(field, 'has no canonical form: a number is too large, or it is too deep')
  }
}

/** The start of each day that the document names: a rule book's in its own zone. */
export function readDocumentDays(_: unknown, reading: Reading): DayStart[] {
  const names = namedDays(reading.document)
  if (names.length === 0) return []
  const zoneDays = zoneDaysOf(reading)
  return names.map((name) => {
    const day = readDay(name, reading, reading.documentField)
    return { day, startsAt: zoneDays.startOf(day) }
  })
}

function zoneDaysOf(reading: Reading): ZoneDays {
  if (reading.documentField === 'ruleBook') return ruleBookDays(reading)
  if (reading.zoneDays !== null) return reading.zoneDays
  throw reading.refusal(
    reading.documentField,
    'names local days: give --zone, the zone of the rule book',
  )
}

function ruleBookDays(reading: Reading): ZoneDays {
  const { zone } = reading.document as { readonly zone?: unknown }
  if (typeof zone !== 'string') {
    throw reading.refusal('ruleBook.zone', 'must be the name of the zone of its days')
  }
  try {
    return reading.daysOf(zone)
  } catch (error) {
    throw reading.refusal('ruleBook.zone', (error as Error).message)
  }
}
