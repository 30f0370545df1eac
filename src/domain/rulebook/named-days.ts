import { parseDay } from '../calendar/day.ts'

const keys: readonly string[] = ['validFrom', 'validTo']

/**
 * Every day of a rule book or contract that stands for the instant at which it starts, sorted.
 * Holidays, make-up days and the starts of custom periods are days of a calendar and are not here.
 */
export function namedDays(document: unknown): string[] {
  const days = new Set<string>()
  // A list of its own: a document may be nested more deeply than calls can be.
  const open: unknown[] = [document]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, item] of Object.entries(value)) {
      if (keys.includes(key)) addDay(days, item)
      open.push(item)
    }
  }
  return [...days].sort()
}

function addDay(days: Set<string>, value: unknown): void {
  if (typeof value === 'string' && parseDay(value) !== undefined) days.add(value)
}
