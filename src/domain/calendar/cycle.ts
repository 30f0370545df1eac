import { type Calendar, dayAt, type Instant, startOf } from './calendar.ts'
import { civilOf, type Day, dayOf, formatDay, weekdayOf } from './day.ts'

/** How often a party is settled. */
export type CycleKind = 'REALTIME' | 'DAILY' | 'WEEKLY' | 'BIWEEKLY' | 'MONTHLY' | 'CUSTOM'

export const cycleKinds: readonly CycleKind[] = [
  'REALTIME',
  'DAILY',
  'WEEKLY',
  'BIWEEKLY',
  'MONTHLY',
  'CUSTOM',
]

export interface Cycle {
  readonly kind: CycleKind
  readonly calendar: string
  /** Local day of the month on which a monthly period starts, 1–28. */
  readonly cutoffDay: number
  /** How long a period that has ended still takes facts of its time, in milliseconds. */
  readonly grace: number
  /** The first days of CUSTOM periods, rising. */
  readonly starts: readonly Day[]
}

/** A half-open span [start, end) of one cycle; `id` is the local date on which it starts. */
export interface Period {
  readonly id: string
  readonly start: Instant
  readonly end: Instant
}

/** Monday 2018-01-01: all fortnights of all parties count from here. */
const fortnightOrigin = dayOf({ year: 2018, month: 1, date: 1 })

/** The period of the cycle that holds the instant; undefined where the calendar does not reach. */
export function periodAt(cycle: Cycle, calendar: Calendar, instant: Instant): Period | undefined {
  const day = dayAt(calendar, instant)
  if (day === undefined) return undefined
  const first = firstDayOf(cycle, calendar, day)
  return first === undefined ? undefined : periodFrom(cycle, calendar, first)
}

/** The period that starts where `period` ends; undefined where the calendar does not reach. */
export function nextPeriod(cycle: Cycle, calendar: Calendar, period: Period): Period | undefined {
  return periodAt(cycle, calendar, period.end)
}

function periodFrom(cycle: Cycle, calendar: Calendar, first: Day): Period | undefined {
  const last = firstDayAfter(cycle, first)
  if (last === undefined) return undefined
  const start = startOf(calendar, first)
  const end = startOf(calendar, last)
  if (start === undefined || end === undefined) return undefined
  return { id: formatDay(first), start, end }
}

/** The first day of the period that holds `day`. */
function firstDayOf(cycle: Cycle, calendar: Calendar, day: Day): Day | undefined {
  switch (cycle.kind) {
    case 'DAILY':
    case 'REALTIME':
      return day
    case 'WEEKLY':
      return day - ((weekdayOf(day) - calendar.weekStart + 7) % 7)
    case 'BIWEEKLY':
      return day - ((((day - fortnightOrigin) % 14) + 14) % 14)
    case 'MONTHLY':
      return monthStart(day, cycle.cutoffDay)
    case 'CUSTOM':
      return cycle.starts.findLast((start) => start <= day)
  }
}

/** The first day of the period after the one that starts on `first`. */
function firstDayAfter(cycle: Cycle, first: Day): Day | undefined {
  switch (cycle.kind) {
    case 'DAILY':
    case 'REALTIME':
      return first + 1
    case 'WEEKLY':
      return first + 7
    case 'BIWEEKLY':
      return first + 14
    case 'MONTHLY':
      return monthStart(first + 31, cycle.cutoffDay)
    case 'CUSTOM':
      return cycle.starts.find((start) => start > first)
  }
}

/** The latest day ≤ `day` that is the cut-off day of its month. */
function monthStart(day: Day, cutoffDay: number): Day {
  const { year, month, date } = civilOf(day)
  if (date >= cutoffDay) return dayOf({ year, month, date: cutoffDay })
  return month === 1
    ? dayOf({ year: year - 1, month: 12, date: cutoffDay })
    : dayOf({ year, month: month - 1, date: cutoffDay })
}
