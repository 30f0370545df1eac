import type { Instant } from '../calendar/calendar.ts'
import { type Day, formatDay } from '../calendar/day.ts'
import type { Fields, Place } from './place.ts'

/** The instant at which a local day starts, as published with the document; undefined: not said. */
export type StartOfDay = (day: Day) => Instant | undefined

/** How long something is valid: [from, to) in days and in instants; null: for good. */
export interface Validity {
  readonly place: Place
  readonly from: Day
  readonly to: Day | null
  readonly validFrom: Instant
  readonly validTo: Instant | null
}

/** Reads `validFrom` and `validTo?`. */
export function readValidity(fields: Fields, startOfDay: StartOfDay): Validity | undefined {
  const from = fields.required('validFrom', 'the first day, YYYY-MM-DD')
  const to = fields.optional('validTo')
  const first = from?.day()
  const end = to === undefined ? null : to.day()
  const validFrom = first === undefined ? undefined : instantOf(first, from, startOfDay)
  const validTo = typeof end === 'number' ? instantOf(end, to, startOfDay) : end
  if (first === undefined || end === undefined) return undefined
  if (end !== null && end <= first) {
    return to?.refuse(`${formatDay(end)} is not after validFrom ${formatDay(first)}`)
  }
  if (validFrom === undefined || validTo === undefined) return undefined
  return { place: fields.place, from: first, to: end, validFrom, validTo }
}

/** Refuses what overlaps and, where `gaps` says so, what leaves days uncovered. `what`: of what. */
export function refuseClashes(
  validities: readonly Validity[],
  { what, gaps }: { readonly what: string; readonly gaps: boolean },
): void {
  const rising = [...validities].sort((a, b) => a.from - b.from)
  let covered = rising[0]
  for (const next of rising.slice(1)) {
    if (covered === undefined) return
    if (covered.to === null || covered.to > next.from) {
      next.place.refuse(
        `overlaps in validity with ${covered.place.path}, the same ${what}: ` +
          `valid from ${formatDay(next.from)}, but that one ${endOf(covered)}`,
      )
    } else if (gaps && covered.to < next.from) {
      next.place.refuse(
        `leaves a gap in validity after ${covered.place.path}, the same ${what}: ` +
          `valid from ${formatDay(next.from)}, but that one ${endOf(covered)}`,
      )
    }
    covered = later(covered, next)
  }
}

function instantOf(
  day: Day,
  place: Place | undefined,
  startOfDay: StartOfDay,
): Instant | undefined {
  return startOfDay(day) ?? place?.refuse('the instant at which this day starts is not published')
}

function endOf({ to }: Validity): string {
  return to === null ? 'has no validTo' : `ends on ${formatDay(to)}`
}

function later(a: Validity, b: Validity): Validity {
  if (a.to === null) return a
  return b.to === null || b.to > a.to ? b : a
}
