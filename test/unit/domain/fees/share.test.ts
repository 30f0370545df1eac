import { expect, test } from 'vitest'
import { priceOf } from '../../../../src/domain/fees/price.ts'
import { share } from '../../../../src/domain/fees/share.ts'
import { parseDecimal, toFraction } from '../../../../src/domain/money/decimal.ts'
import type { Rounding } from '../../../../src/domain/money/rounding.ts'

// biome-ignore format: the columns are a table
const cases = [
  // base      rate      min      max      rounding     charge  exact        why
  [   19_000, '0.05',    null,    null,    'HALF_UP',      950, '950/1',     'F07: 5 % of 190.00'],
  [    1_010, '0.05',    null,    null,    'HALF_UP',       51, '101/2',     'a half goes away from zero'],
  [    1_010, '0.05',    null,    null,    'HALF_EVEN',     50, '101/2',     'half even takes the even neighbour'],
  [    1_030, '0.05',    null,    null,    'HALF_EVEN',     52, '103/2',     'half even, up to the even neighbour'],
  [    1_019, '0.05',    null,    null,    'DOWN',          50, '1019/20',   'down is toward zero'],
  [    1_001, '0.05',    null,    null,    'UP',            51, '1001/20',   'up is away from zero'],
  [      100, '0.055',   '0.10',  null,    'HALF_UP',       10, '10/1',      'held at the minimum'],
  [   10_000, '0.055',   '0.10',  '3.00',  'HALF_UP',      300, '300/1',     'held at the maximum'],
  [   10_000, '0.03',    '0.10',  '3.00',  'HALF_UP',      300, '300/1',     'the maximum itself'],
  [        0, '0.05',    null,    null,    'HALF_UP',        0, '0/1',       'nothing of nothing'],
  [       10, '0.05',    null,    null,    'HALF_UP',        1, '1/2',       'half a fen is a fen'],
  [4_503_599_627_370_496, '0.999999999', null, null, 'HALF_UP', 4_503_599_622_866_896, '17592186026958201/4', 'beyond the safe product'],
] as const

for (const [base, rateText, min, max, rounding, charge, exact, why] of cases) {
  test(`SHARE: ${why}`, () => {
    const rate = toFraction(parseDecimal(rateText) ?? { unscaled: 0, scale: 0 })
    const price = priceOf({ type: 'SHARE', of: 'NET', rate, rateText, min, max }, 2)
    expect(share.charge(price, base, 1, rounding as Rounding)).toBe(charge)
    if (base < 2 ** 50) expect(share.exact(price, base, 1)).toBe(exact)
  })
}

test('a minimum with more decimals than the currency is rounded to its minor unit', () => {
  const rate = { numerator: 1, denominator: 1000 }
  const formula = {
    type: 'SHARE',
    of: 'NET',
    rate,
    rateText: '0.001',
    min: '0.5',
    max: null,
  } as const
  expect(share.charge(priceOf(formula, 0), 100, 1, 'HALF_UP')).toBe(1)
})
