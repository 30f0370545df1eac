import { expect, test } from 'vitest'
import type { Calendar } from '../../../../src/domain/calendar/calendar.ts'
import { formatDay, parseDay, weekdayOf } from '../../../../src/domain/calendar/day.ts'
import { dueDay } from '../../../../src/domain/calendar/due-day.ts'

const day = (text: string): number => parseDay(text) as number

/** Mainland China around the extended Spring Festival of 2020. */
function calendarOf(holidays: readonly string[], makeUpDays: readonly string[]): Calendar {
  const [first, last] = [day('2019-12-01'), day('2020-03-01')]
  const days = Array.from({ length: last - first }, (_, at) => first + at)
  const off = new Set(holidays.map(day))
  const on = new Set(makeUpDays.map(day))
  return {
    calendarId: 'CN',
    zone: 'Asia/Shanghai',
    firstDay: first,
    starts: days.map((each) => each * 86_400_000),
    workdays: days.map((each) => on.has(each) || (weekdayOf(each) < 5 && !off.has(each))),
  } as unknown as Calendar
}

const festival = Array.from({ length: 10 }, (_, at) => formatDay(day('2020-01-24') + at))
const china = calendarOf(['2020-01-01', ...festival], ['2020-01-19'])

// biome-ignore format: the columns are a table
test.each([
  ['2019-12-19', 2, 'WORKDAY',  '2019-12-23'],
  ['2020-01-23', 2, 'WORKDAY',  '2020-02-04'],
  ['2020-01-17', 1, 'WORKDAY',  '2020-01-19'],
  ['2020-01-25', 0, 'WORKDAY',  '2020-02-03'],
  ['2020-01-23', 2, 'CALENDAR', '2020-01-25'],
] as const)('F40: %s and T+%i %s is %s', (from, days, kind, want) => {
  expect(formatDay(dueDay(china, day(from), days, kind))).toBe(want)
})
