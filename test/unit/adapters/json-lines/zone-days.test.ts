import { describe, expect, test } from 'vitest'
import {
  calendarDays,
  isTimeZone,
  ZoneDays,
} from '../../../../src/adapters/json-lines/zone-days.ts'
import { formatDay, parseDay } from '../../../../src/domain/calendar/day.ts'

const day = (text: string): number => parseDay(text) as number

// biome-ignore format: the columns are a table
const starts = [
  // zone                 day           starts at               why
  ['Asia/Shanghai',       '2026-01-01', '2025-12-31T16:00:00Z', 'no summer time'],
  ['Europe/London',       '2026-03-29', '2026-03-29T00:00:00Z', 'clocks go forward'],
  ['Europe/London',       '2026-03-30', '2026-03-29T23:00:00Z', 'the day after'],
  ['America/Sao_Paulo',   '2018-11-04', '2018-11-04T03:00:00Z', 'clocks skip midnight'],
  ['America/New_York',    '2026-11-01', '2026-11-01T04:00:00Z', 'clocks go back'],
  ['UTC',                 '1900-01-01', '1900-01-01T00:00:00Z', 'before all events'],
] as const

test.each(starts)('in %s %s starts at %s: %s', (zone, name, startsAt) => {
  const days = new ZoneDays(zone)
  expect(new Date(days.startOf(day(name))).toISOString()).toBe(startsAt.replace('Z', '.000Z'))
  // The second answer comes from memory.
  expect(new Date(days.startOf(day(name))).toISOString()).toBe(startsAt.replace('Z', '.000Z'))
  expect(formatDay(days.dayAt(Date.parse(startsAt)))).toBe(name)
  expect(days.dayAt(Date.parse(startsAt) - 1)).toBe(day(name) - 1)
})

test('a zone that is none has no days', () => {
  expect(isTimeZone('Asia/Shanghai')).toBe(true)
  expect(isTimeZone('Asia/Shangai')).toBe(false)
  expect(() => new ZoneDays('')).toThrow('is no time zone')
})

describe('the days of a calendar', () => {
  const days = calendarDays({
    zone: 'Asia/Shanghai',
    holidays: [day('2026-10-01'), day('2026-10-02')],
    makeUpDays: [day('2026-10-03'), day('2026-10-01')],
    from: Date.parse('2026-09-30T15:59:59.999Z'),
    to: Date.parse('2026-10-05T16:00:00.000Z'),
  })

  test('run from the day that holds the first instant to the day after the last one', () => {
    expect(days.map((each) => formatDay(each.day))).toEqual([
      '2026-09-30',
      '2026-10-01',
      '2026-10-02',
      '2026-10-03',
      '2026-10-04',
      '2026-10-05',
      '2026-10-06',
      '2026-10-07',
    ])
    expect(days[0]?.startsAt).toBe(Date.parse('2026-09-30T00:00:00+08:00'))
  })

  test('are trading days from Monday to Friday, less holidays, and on every make-up day', () => {
    const workdays = days.filter(({ workday }) => workday).map((each) => formatDay(each.day))
    expect(workdays).toEqual([
      '2026-09-30',
      '2026-10-01',
      '2026-10-03',
      '2026-10-05',
      '2026-10-06',
      '2026-10-07',
    ])
  })
})
