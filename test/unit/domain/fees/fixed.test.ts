import { expect, test } from 'vitest'
import { fixed } from '../../../../src/domain/fees/fixed.ts'
import { priceOf } from '../../../../src/domain/fees/price.ts'

// biome-ignore format: the columns are a table
const cases = [
  // amount   exponent units  charge  why
  ['0.50',    2,       1,     50,     'per order'],
  ['3.00',    2,       3,     900,    'three units'],
  ['0.05',    2,       0,     0,      'no units, no fee'],
  ['120',     0,       2,     240,    'a currency without decimals'],
  ['1.234',   3,       2,     2_468,  'a currency of three decimals'],
] as const

for (const [amount, exponent, units, charge, why] of cases) {
  test(`FIXED: ${why}`, () => {
    const price = priceOf({ type: 'FIXED', amount, per: 'UNIT' }, exponent)
    expect(fixed.charge(price, 99_999, units, 'HALF_UP')).toBe(charge)
    expect(fixed.exact(price, 99_999, units)).toBe(`${charge}/1`)
  })
}
