import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, parseInstant } from '../../../../src/adapters/json-lines/instants.ts'

// biome-ignore format: the columns are a table
const sound = [
  // text                             UTC
  ['2026-01-31T09:30:00Z',            '2026-01-31T09:30:00.000Z'],
  ['2026-01-31T09:30:00.5Z',          '2026-01-31T09:30:00.500Z'],
  ['2026-01-31T09:30:00.123Z',        '2026-01-31T09:30:00.123Z'],
  ['2026-01-31T09:30:00.123000000Z',  '2026-01-31T09:30:00.123Z'],
  ['2026-01-31T09:30Z',               '2026-01-31T09:30:00.000Z'],
  ['2026-01-31T09:30:00+08:00',       '2026-01-31T01:30:00.000Z'],
  ['2026-01-31T09:30:00+0800',        '2026-01-31T01:30:00.000Z'],
  ['2026-01-01T00:00:00+05:45',       '2025-12-31T18:15:00.000Z'],
  ['2026-01-31T23:30:00-03:30',       '2026-02-01T03:00:00.000Z'],
  ['2024-02-29T00:00:00Z',            '2024-02-29T00:00:00.000Z'],
  ['2026-01-31T00:00:00Z',            '2026-01-31T00:00:00.000Z'],
  ['1970-01-01T00:00:00Z',            '1970-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z',        '9999-12-31T23:59:59.999Z'],
] as const

test.each(sound)('%s is %s', (text, utc) => {
  expect(formatInstant(parseInstant(text) as number)).toBe(utc)
})

// biome-ignore format: the columns are a table
const wrong = [
  // text                            why
  ['2026-01-31T09:30:00',            'has no offset'],
  ['2026-01-31 09:30:00',            'has no offset'],
  ['2026-01-31 09:30:00Z',           'is no instant'],
  ['2026-01-31',                     'is no instant'],
  ['31.01.2026',                     'is no instant'],
  ['',                               'is no instant'],
  ['2026-02-29T00:00:00Z',           'day that does not exist'],
  ['2026-13-01T00:00:00Z',           'day that does not exist'],
  ['2026-00-10T00:00:00Z',           'day that does not exist'],
  ['2026-01-00T00:00:00Z',           'day that does not exist'],
  ['2026-01-31T24:00:00Z',           'time that does not exist'],
  ['2026-01-31T09:60:00Z',           'time that does not exist'],
  ['2026-01-31T09:30:60Z',           'time that does not exist'],
  ['2026-01-31T09:30:00+24:00',      'offset that does not exist'],
  ['2026-01-31T09:30:00+08:60',      'offset that does not exist'],
  ['2026-01-31T09:30:00.0001Z',      'finer than milliseconds'],
  ['1970-01-01T00:00:00+00:01',      'outside the years'],
  ['9999-12-31T23:59:59-00:01',      'outside the years'],
] as const

test.each(wrong)('%s %s', (text, why) => {
  expect(parseInstant(text)).toContain(why)
})

test('every instant of the log is read as it is written', () => {
  const same = fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (instant) => {
    expect(parseInstant(formatInstant(instant))).toBe(instant)
  })
  fc.assert(same, { numRuns: 2000 })
})
