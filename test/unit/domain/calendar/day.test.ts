import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  civilOf,
  dayOf,
  formatDay,
  parseDay,
  weekdayOf,
} from '../../../../src/domain/calendar/day.ts'

// biome-ignore format: the columns are a table
const days = [
  // text        day     weekday (0 = Monday)
  ['1970-01-01', 0,      3],
  ['1969-12-31', -1,     2],
  ['2000-02-29', 11_016, 1],
  ['2018-01-01', 17_532, 0],
  ['2024-02-29', 19_782, 3],
  ['2025-10-26', 20_387, 6],
  ['2100-03-01', 47_541, 0],
] as const

for (const [text, day, weekday] of days) {
  test(`${text} is day ${day}`, () => {
    expect(parseDay(text)).toBe(day)
    expect(formatDay(day)).toBe(text)
    expect(weekdayOf(day)).toBe(weekday)
  })
}

for (const text of [
  '2025-02-29',
  '2100-02-29',
  '2025-13-01',
  '2025-00-01',
  '2025-04-31',
  '25-1-1',
]) {
  test(`${text} is no day`, () => expect(parseDay(text)).toBeUndefined())
}

test('day and date turn into each other as in the Gregorian calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 400_000 }), (day) => {
      const date = new Date(day * 86_400_000)
      const civil = civilOf(day)
      expect(civil).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        date: date.getUTCDate(),
      })
      expect(dayOf(civil)).toBe(day)
    }),
  )
})
