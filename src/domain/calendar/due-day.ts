import type { Calendar } from './calendar.ts'
import { type Day, weekdayOf } from './day.ts'

/**
 * The day `termDays` after `from`. WORKDAY counts trading days of the calendar, make-up days
 * included, and never ends on a day off; beyond the published days Monday to Friday count.
 */
export function dueDay(
  calendar: Calendar,
  from: Day,
  termDays: number,
  dayKind: 'CALENDAR' | 'WORKDAY',
): Day {
  if (dayKind === 'CALENDAR') return from + termDays
  let day = from
  for (let left = termDays; left > 0; ) {
    day += 1
    if (isWorkday(calendar, day)) left -= 1
  }
  while (!isWorkday(calendar, day)) day += 1
  return day
}

function isWorkday({ firstDay, workdays }: Calendar, day: Day): boolean {
  return workdays[day - firstDay] ?? weekdayOf(day) < 5
}
