import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMinor } from '../../../../src/domain/money/currency.ts'
import {
  decimalText,
  parseDecimal,
  timesPrice,
  toFraction,
  toMinor,
} from '../../../../src/domain/money/decimal.ts'
import { exactShare, isAmount, shareOf, taxInside } from '../../../../src/domain/money/money.ts'
import type { Rounding } from '../../../../src/domain/money/rounding.ts'

const Exact = Decimal.clone({ precision: 60 })
const modes = {
  HALF_UP: Exact.ROUND_HALF_UP,
  HALF_EVEN: Exact.ROUND_HALF_EVEN,
  DOWN: Exact.ROUND_DOWN,
  UP: Exact.ROUND_UP,
} as const

const amount = fc
  .oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.maxSafeInteger())
  .map((x) => Math.max(Math.min(x, 2 ** 52), -(2 ** 52)))
const part = fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 10 ** 9 }))
const whole = fc.constantFrom(1, 3, 7, 100, 190, 19_000, 10 ** 9)
const rounding = fc.constantFrom<Rounding>('HALF_UP', 'HALF_EVEN', 'DOWN', 'UP')

test('a share is what decimal.js computes, also beyond the safe product', () => {
  fc.assert(
    fc.property(amount, part, whole, rounding, (value, numerator, denominator, mode) => {
      const exact = new Exact(value).times(numerator).div(denominator)
      const expected = exact.toDecimalPlaces(0, modes[mode]).toNumber()
      fc.pre(Number.isSafeInteger(expected))
      expect(shareOf(value, numerator, denominator, mode)).toBe(expected + 0)
    }),
    { numRuns: 3_000 },
  )
})

test('a share beyond the safe range is its bound, which is no amount', () => {
  expect(shareOf(2 ** 52, 10 ** 9, 1)).toBe(Number.MAX_SAFE_INTEGER)
  expect(shareOf(-(2 ** 52), 10 ** 9, 1)).toBe(-Number.MAX_SAFE_INTEGER)
  expect(isAmount(Number.MAX_SAFE_INTEGER)).toBe(false)
  expect(shareOf(2 ** 52, 999_999_999, 10 ** 9)).toBe(4_503_599_622_866_896)
})

test('rounding is symmetric, so that a reversal cancels', () => {
  fc.assert(
    fc.property(amount, part, whole, rounding, (value, numerator, denominator, mode) => {
      fc.pre(numerator <= denominator)
      const there = shareOf(value, numerator, denominator, mode)
      expect(there + shareOf(-value, numerator, denominator, mode)).toBe(0)
    }),
  )
})

test('the exact share is the fraction in lowest terms', () => {
  expect(exactShare(19_000, { numerator: 5, denominator: 100 })).toBe('950/1')
  expect(exactShare(-1_010, { numerator: 5, denominator: 100 })).toBe('-101/2')
  expect(exactShare(0, { numerator: 5, denominator: 100 })).toBe('0/1')
})

// biome-ignore format: the columns are a table
const taxes = [
  // gross    rate     tax    why
  [    -950, '0.06',   -54,   'F07: 9.50 = 8.96 + 0.54'],
  [     -51, '0.06',   -3,    'JPY: 51 = 48 + 3'],
  [   3_000, '0.06',   170,   'F37: 30.00 = 28.30 + 1.70'],
  [  10_000, '0',      0,     'no tax'],
] as const

for (const [gross, rate, tax, why] of taxes) {
  test(`tax inside: ${why}`, () => {
    expect(taxInside(gross, toFraction(parseDecimal(rate) as never))).toBe(tax)
  })
}

// biome-ignore format: the columns are a table
const texts = [
  // text                 valid
  ['123.45',              true],
  ['-0.05',               true],
  ['0',                   true],
  ['1.123456789',         true],
  ['1.1234567891',        false],
  ['01',                  false],
  ['1.',                  false],
  ['.5',                  false],
  ['+1',                  false],
  ['1e3',                 false],
  ['',                    false],
  [' 1',                  false],
  ['NaN',                 false],
  ['4503599627370496',    true],
  ['4503599627370497',    false],
] as const

for (const [text, valid] of texts) {
  test(`"${text}" is ${valid ? 'a' : 'no'} decimal`, () => {
    expect(parseDecimal(text) !== undefined).toBe(valid)
  })
}

const written = fc
  .tuple(fc.boolean(), fc.nat({ max: 2 ** 31 }), fc.nat({ max: 9 }), fc.nat({ max: 999_999 }))
  .map(([minus, whole, places, digits]) => {
    const decimals = String(digits).padStart(places, '0').slice(0, places)
    return `${minus ? '-' : ''}${whole}${places === 0 ? '' : `.${decimals}`}`
  })
  .filter((text) => Number(text.replace('.', '').replace('-', '')) <= 2 ** 52)

test('a decimal reads and prints as decimal.js reads and prints it', () => {
  fc.assert(
    fc.property(written, (text) => {
      const ours = parseDecimal(text) as never
      const exact = new Exact(text)
      expect(new Exact(decimalText(ours)).equals(exact)).toBe(true)
      const minor = exact.times(100)
      expect(toMinor(ours, 2)).toBe(minor.isInteger() ? Number(minor) + 0 : undefined)
      if (!exact.isZero()) expect(decimalText(ours)).toBe(text)
    }),
    { numRuns: 2_000 },
  )
})

test('a decimal with more places than the currency is refused, unless they are zeros', () => {
  expect(toMinor({ unscaled: 2_100, scale: 3 }, 2)).toBe(210)
  expect(toMinor({ unscaled: 2_101, scale: 3 }, 2)).toBeUndefined()
  expect(toMinor({ unscaled: 5, scale: 0 }, 3)).toBe(5_000)
})

test('quantity × price rounds once, half away from zero', () => {
  expect(timesPrice(3, { unscaled: 335, scale: 3 }, 2)).toBe(101)
  expect(timesPrice(-3, { unscaled: 335, scale: 3 }, 2)).toBe(-101)
  expect(timesPrice(1, { unscaled: 5, scale: 1 }, 0)).toBe(1)
  expect(timesPrice(2 ** 31, { unscaled: 2 ** 52, scale: 0 }, 2)).toBeUndefined()
})

// biome-ignore format: the columns are a table
const printed = [
  [-5, 'CNY', '-0.05'], [0, 'CNY', '0.00'], [123_456, 'CNY', '1234.56'],
  [505, 'JPY', '505'], [-1, 'KWD', '-0.001'], [12_345, 'KWD', '12.345'],
] as const

for (const [minor, currency, text] of printed) {
  test(`${minor} ${currency} prints as ${text}`, () => {
    expect(formatMinor(minor, currency)).toBe(text)
  })
}
