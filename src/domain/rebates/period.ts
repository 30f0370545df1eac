import { civilOf, type Day, dayOf, weekdayOf } from '../calendar/day.ts'
import type { RebatePeriod } from './rebate.ts'

/** A span of local days, the end exclusive. */
export interface DaySpan {
  readonly from: Day
  readonly to: Day
}

const monthsOf = { MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12 } as const

/** The rebate period that holds a day; weeks start on `weekStart`, 0 = Monday. */
export function rebatePeriodAt(period: RebatePeriod, day: Day, weekStart: number): DaySpan {
  if (period === 'DAY') return { from: day, to: day + 1 }
  if (period === 'WEEK') {
    const from = day - ((weekdayOf(day) - weekStart + 7) % 7)
    return { from, to: from + 7 }
  }
  const months = monthsOf[period]
  const { year, month } = civilOf(day)
  const first = month - ((month - 1) % months)
  const next = first + months
  const to = next > 12 ? { year: year + 1, month: next - 12 } : { year, month: next }
  return { from: dayOf({ year, month: first, date: 1 }), to: dayOf({ ...to, date: 1 }) }
}
