import type { Day } from './day.ts'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/**
 * The local days of one zone with the instant each starts, as published into the log: the fold does
 * date arithmetic on days and never consults a time-zone table.
 */
export interface Calendar {
  readonly calendarId: string
  readonly version: number
  readonly zone: string
  /** 0 = Monday … 6 = Sunday: the day a weekly period starts on. */
  readonly weekStart: number
  readonly firstDay: Day
  /** `startsAt[i]` is the instant at which day `firstDay + i` starts; rising. */
  readonly startsAt: readonly Instant[]
  /** `workdays[i]`: whether day `firstDay + i` is a trading day. */
  readonly workdays: readonly boolean[]
}

/** The first instant that the calendar does not cover: the start of its last day. */
export function calendarEnd({ startsAt }: Calendar): Instant {
  return startsAt[startsAt.length - 1] as Instant
}

/** Whether the calendar can say which day the instant belongs to. */
export function covers(calendar: Calendar, instant: Instant): boolean {
  return instant >= (calendar.startsAt[0] as Instant) && instant < calendarEnd(calendar)
}

/** The local day of an instant; undefined outside the calendar. */
export function dayAt(calendar: Calendar, instant: Instant): Day | undefined {
  if (!covers(calendar, instant)) return undefined
  const { startsAt } = calendar
  let low = 0
  let high = startsAt.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((startsAt[middle] as Instant) <= instant) low = middle
    else high = middle
  }
  return calendar.firstDay + low
}

/** The instant at which a local day starts; undefined outside the calendar. */
export function startOf(calendar: Calendar, day: Day): Instant | undefined {
  return calendar.startsAt[day - calendar.firstDay]
}
