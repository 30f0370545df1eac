import { expect, test } from 'vitest'
import { type Day, formatDay, parseDay } from '../../../../src/domain/calendar/day.ts'
import { rebatePeriodAt } from '../../../../src/domain/rebates/period.ts'

// F30: the rebate period that holds a day. 2025-10-05 is a Sunday.

const [monday, sunday] = [0, 6]

// biome-ignore format: the columns are a table
test.each([
  // period      day           weeks from  from          to (exclusive)
  ['DAY',        '2025-10-31', monday,     '2025-10-31', '2025-11-01'],
  ['WEEK',       '2025-10-05', monday,     '2025-09-29', '2025-10-06'],
  ['WEEK',       '2025-10-06', monday,     '2025-10-06', '2025-10-13'],
  ['WEEK',       '2025-10-05', sunday,     '2025-10-05', '2025-10-12'],
  ['WEEK',       '2025-10-04', sunday,     '2025-09-28', '2025-10-05'],
  ['MONTH',      '2025-10-05', monday,     '2025-10-01', '2025-11-01'],
  ['MONTH',      '2025-12-31', monday,     '2025-12-01', '2026-01-01'],
  ['QUARTER',    '2025-09-30', monday,     '2025-07-01', '2025-10-01'],
  ['QUARTER',    '2025-12-31', monday,     '2025-10-01', '2026-01-01'],
  ['HALF_YEAR',  '2025-06-30', monday,     '2025-01-01', '2025-07-01'],
  ['HALF_YEAR',  '2025-07-01', monday,     '2025-07-01', '2026-01-01'],
  ['YEAR',       '2024-02-29', monday,     '2024-01-01', '2025-01-01'],
] as const)('the %s of %s, weeks from %d, is %s to %s', (period, day, weekStart, from, to) => {
  const found = rebatePeriodAt(period, parseDay(day) as Day, weekStart)
  expect([found.from, found.to].map(formatDay)).toEqual([from, to])
})
