import { describe, expect, test } from 'vitest'
import { parseInstant } from '../../../../src/adapters/json-lines/instants.ts'
import { calendarDays } from '../../../../src/adapters/json-lines/zone-days.ts'
import type { Calendar, Instant } from '../../../../src/domain/calendar/calendar.ts'
import {
  type Cycle,
  type CycleKind,
  nextPeriod,
  periodAt,
} from '../../../../src/domain/calendar/cycle.ts'
import { type Day, parseDay } from '../../../../src/domain/calendar/day.ts'

const ms = (text: string): Instant => parseInstant(text) as Instant
const day = (text: string): Day => parseDay(text) as Day

function calendarOf(zone: string, weekStart = 0): Calendar {
  const from = ms('2017-06-01T00:00:00Z')
  const to = ms('2028-06-01T00:00:00Z')
  const days = calendarDays({ zone, holidays: [], makeUpDays: [], from, to })
  return {
    calendarId: zone,
    version: 1,
    zone,
    weekStart,
    firstDay: (days[0] as { day: Day }).day,
    startsAt: days.map(({ startsAt }) => startsAt),
    workdays: days.map(({ workday }) => workday),
  }
}

function cycleOf(kind: CycleKind, overrides: Partial<Cycle> = {}): Cycle {
  return { kind, calendar: 'C', cutoffDay: 1, grace: 0, starts: [], ...overrides }
}

const shanghai = calendarOf('Asia/Shanghai')
const london = calendarOf('Europe/London')
const sunday = calendarOf('Asia/Shanghai', 6)

const shown = (calendar: Calendar, cycle: Cycle, at: string) => {
  const period = periodAt(cycle, calendar, ms(at))
  return (
    period && [
      period.id,
      new Date(period.start).toISOString().replace(':00.000', ''),
      new Date(period.end).toISOString().replace(':00.000', ''),
    ]
  )
}

// F14, F50: [start, end) of the period that holds an instant, in local dates of the party's zone.
// biome-ignore format: the columns are a table
const shanghaiPeriods = [
  // cycle      instant                           period        start                end
  ['MONTHLY',  '2025-10-31T23:59:59.999+08:00', '2025-10-01', '2025-09-30T16:00Z', '2025-10-31T16:00Z'], // [derived]
  ['MONTHLY',  '2025-11-01T00:00:00.000+08:00', '2025-11-01', '2025-10-31T16:00Z', '2025-11-30T16:00Z'], // [derived]
  ['MONTHLY',  '2026-02-28T23:59:59.999+08:00', '2026-02-01', '2026-01-31T16:00Z', '2026-02-28T16:00Z'],
  ['MONTHLY',  '2024-02-29T23:59:59.999+08:00', '2024-02-01', '2024-01-31T16:00Z', '2024-02-29T16:00Z'],
  ['MONTHLY',  '2025-12-31T23:59:59.999+08:00', '2025-12-01', '2025-11-30T16:00Z', '2025-12-31T16:00Z'],
  ['DAILY',    '2025-10-31T23:59:59.999+08:00', '2025-10-31', '2025-10-30T16:00Z', '2025-10-31T16:00Z'],
  ['DAILY',    '2025-11-01T00:00:00.000+08:00', '2025-11-01', '2025-10-31T16:00Z', '2025-11-01T16:00Z'],
  ['WEEKLY',   '2025-12-28T23:59:59.999+08:00', '2025-12-22', '2025-12-21T16:00Z', '2025-12-28T16:00Z'],
  ['WEEKLY',   '2025-12-29T00:00:00.000+08:00', '2025-12-29', '2025-12-28T16:00Z', '2026-01-04T16:00Z'],
  ['WEEKLY',   '2026-01-01T00:00:00.000+08:00', '2025-12-29', '2025-12-28T16:00Z', '2026-01-04T16:00Z'],
  ['WEEKLY',   '2026-01-04T23:59:59.999+08:00', '2025-12-29', '2025-12-28T16:00Z', '2026-01-04T16:00Z'],
  ['BIWEEKLY', '2018-01-01T00:00:00.000+08:00', '2018-01-01', '2017-12-31T16:00Z', '2018-01-14T16:00Z'],
  ['BIWEEKLY', '2017-12-31T23:59:59.999+08:00', '2017-12-18', '2017-12-17T16:00Z', '2017-12-31T16:00Z'],
  ['BIWEEKLY', '2025-10-26T23:59:59.999+08:00', '2025-10-13', '2025-10-12T16:00Z', '2025-10-26T16:00Z'],
  ['BIWEEKLY', '2025-10-27T00:00:00.000+08:00', '2025-10-27', '2025-10-26T16:00Z', '2025-11-09T16:00Z'],
  ['BIWEEKLY', '2026-01-01T12:00:00.000+08:00', '2025-12-22', '2025-12-21T16:00Z', '2026-01-04T16:00Z'],
] as const

describe('F14 F50: the period that holds an instant, in Shanghai', () => {
  for (const [kind, at, ...period] of shanghaiPeriods) {
    test(`${kind}: ${at} is in ${period[0]}`, () => {
      expect(shown(shanghai, cycleOf(kind), at)).toEqual(period)
    })
  }
})

// F50: London changes its clocks on 2025-03-30 (23 hours) and 2025-10-26 (25 hours) at 01:00 UTC.
// biome-ignore format: the columns are a table
const londonPeriods = [
  ['DAILY',    '2025-03-30T00:00:00Z',     '2025-03-30', '2025-03-30T00:00Z', '2025-03-30T23:00Z'],
  ['DAILY',    '2025-03-30T22:59:59.999Z', '2025-03-30', '2025-03-30T00:00Z', '2025-03-30T23:00Z'],
  ['DAILY',    '2025-03-30T23:00:00Z',     '2025-03-31', '2025-03-30T23:00Z', '2025-03-31T23:00Z'],
  ['DAILY',    '2025-10-25T23:00:00Z',     '2025-10-26', '2025-10-25T23:00Z', '2025-10-27T00:00Z'],
  ['DAILY',    '2025-10-26T23:59:59.999Z', '2025-10-26', '2025-10-25T23:00Z', '2025-10-27T00:00Z'],
  ['DAILY',    '2025-10-27T00:00:00Z',     '2025-10-27', '2025-10-27T00:00Z', '2025-10-28T00:00Z'],
  ['WEEKLY',   '2025-03-30T22:59:59.999Z', '2025-03-24', '2025-03-24T00:00Z', '2025-03-30T23:00Z'],
  ['WEEKLY',   '2025-10-26T23:59:59.999Z', '2025-10-20', '2025-10-19T23:00Z', '2025-10-27T00:00Z'],
  ['BIWEEKLY', '2025-10-26T23:59:59.999Z', '2025-10-13', '2025-10-12T23:00Z', '2025-10-27T00:00Z'],
  ['MONTHLY',  '2025-03-31T22:59:59.999Z', '2025-03-01', '2025-03-01T00:00Z', '2025-03-31T23:00Z'],
  ['MONTHLY',  '2025-03-31T23:00:00Z',     '2025-04-01', '2025-03-31T23:00Z', '2025-04-30T23:00Z'],
  ['MONTHLY',  '2025-09-30T23:00:00Z',     '2025-10-01', '2025-09-30T23:00Z', '2025-11-01T00:00Z'],
  ['MONTHLY',  '2025-10-31T23:59:59.999Z', '2025-10-01', '2025-09-30T23:00Z', '2025-11-01T00:00Z'],
] as const

describe('F50: days of 23 and 25 hours belong to one period whole, in London', () => {
  for (const [kind, at, ...period] of londonPeriods) {
    test(`${kind}: ${at} is in ${period[0]}`, () => {
      expect(shown(london, cycleOf(kind), at)).toEqual(period)
    })
  }
})

// biome-ignore format: the columns are a table
const cutoffs = [
  // cutoff  local instant                     period        ends on the day before
  [15, '2025-10-14T23:59:59.999+08:00', '2025-09-15', '2025-10-15'],
  [15, '2025-10-15T00:00:00.000+08:00', '2025-10-15', '2025-11-15'],
  [28, '2025-02-27T23:59:59.999+08:00', '2025-01-28', '2025-02-28'],
  [28, '2025-02-28T00:00:00.000+08:00', '2025-02-28', '2025-03-28'],
  [28, '2024-02-29T12:00:00.000+08:00', '2024-02-28', '2024-03-28'],
  [2,  '2026-01-01T12:00:00.000+08:00', '2025-12-02', '2026-01-02'],
  [20, '2026-01-05T12:00:00.000+08:00', '2025-12-20', '2026-01-20'],
] as const

describe('F50: cutoffDay is the local day on which a monthly period starts', () => {
  for (const [cutoffDay, at, id, end] of cutoffs) {
    test(`cut-off ${cutoffDay}: ${at} is in ${id}`, () => {
      const cycle = cycleOf('MONTHLY', { cutoffDay })
      const period = periodAt(cycle, shanghai, ms(at))
      expect(period?.id).toBe(id)
      expect(period?.end).toBe(ms(`${end}T00:00:00+08:00`))
    })
  }
})

// biome-ignore format: the columns are a table
const weekStarts = [
  ['2025-12-27T23:59:59.999+08:00', '2025-12-21'],
  ['2025-12-28T00:00:00.000+08:00', '2025-12-28'],
  ['2026-01-03T23:59:59.999+08:00', '2025-12-28'],
] as const

describe('F50: weekStart of the calendar starts the weekly period', () => {
  for (const [at, id] of weekStarts) {
    test(`weeks from Sunday: ${at} is in ${id}`, () => {
      expect(periodAt(cycleOf('WEEKLY'), sunday, ms(at))?.id).toBe(id)
    })
  }
})

describe('F50: CUSTOM periods start on the listed days', () => {
  const starts = ['2025-10-01', '2025-10-11', '2025-11-03'].map(day)
  const cycle = cycleOf('CUSTOM', { starts })

  // biome-ignore format: the columns are a table
  const cases = [
    ['2025-09-30T23:59:59.999+08:00', undefined,    'before the first listed day there is none'],
    ['2025-10-01T00:00:00.000+08:00', '2025-10-01', 'the first instant of a listed day'],
    ['2025-10-10T23:59:59.999+08:00', '2025-10-01', 'the last instant before the next one'],
    ['2025-10-11T00:00:00.000+08:00', '2025-10-11', 'the first instant of the next one'],
    ['2025-11-02T23:59:59.999+08:00', '2025-10-11', 'over the end of a month'],
    ['2025-11-03T00:00:00.000+08:00', undefined,    'the last listed day ends a period, no more'],
  ] as const

  for (const [at, id, why] of cases) {
    test(`${why}: ${at}`, () => {
      expect(periodAt(cycle, shanghai, ms(at))?.id).toBe(id)
    })
  }
})

describe('F15: periods follow one another without gap or overlap', () => {
  const kinds: readonly CycleKind[] = ['DAILY', 'WEEKLY', 'BIWEEKLY', 'MONTHLY']
  for (const calendar of [shanghai, london, sunday]) {
    for (const kind of kinds) {
      test(`${kind} in ${calendar.zone}, weeks from ${calendar.weekStart}, over three years`, () => {
        const cycle = cycleOf(kind, { cutoffDay: 28 })
        let period = periodAt(cycle, calendar, ms('2024-01-10T00:00:00Z'))
        while (period !== undefined && period.end < ms('2027-01-10T00:00:00Z')) {
          const next = nextPeriod(cycle, calendar, period)
          expect(next?.start).toBe(period.end)
          expect(periodAt(cycle, calendar, period.end - 1)).toEqual(period)
          period = next
        }
        expect(period).toBeDefined()
      })
    }
  }
})

test('an instant outside the calendar is in no period', () => {
  expect(periodAt(cycleOf('DAILY'), shanghai, ms('2017-05-31T15:59:59.999Z'))).toBeUndefined()
  expect(periodAt(cycleOf('DAILY'), shanghai, ms('2028-07-01T00:00:00Z'))).toBeUndefined()
  expect(periodAt(cycleOf('MONTHLY'), shanghai, ms('2028-06-01T00:00:00Z'))).toBeUndefined()
})
