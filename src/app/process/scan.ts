import type { Instant } from '../../domain/calendar/calendar.ts'
import type { RuleBookPublished } from '../../fold/events.ts'
import type { Input } from './input.ts'

/** What a pass over the whole input found; only a sound input gets this far. */
export interface Scan {
  readonly count: number
  /** Earliest and latest instant of an event; null for an empty input. */
  readonly earliest: Instant | null
  readonly latest: Instant | null
  /** Rule books among the events. */
  readonly ruleBooks: readonly RuleBookPublished[]
}

/** Checks every line before anything is written. */
export async function scanInput(input: Input): Promise<Scan> {
  let count = 0
  let earliest: Instant | null = null
  let latest: Instant | null = null
  const ruleBooks: RuleBookPublished[] = []
  for await (const { event } of input.events()) {
    count += 1
    const { occurredAt } = event
    if (earliest === null || occurredAt < earliest) earliest = occurredAt
    if (latest === null || occurredAt > latest) latest = occurredAt
    if (event.type === 'RuleBookPublished') ruleBooks.push(event)
  }
  return { count, earliest, latest, ruleBooks }
}
