import { expect, test } from 'vitest'
import { retainedOf, retainFee } from '../../../../src/domain/reversals/retain-fee.ts'

// biome-ignore format: the columns are a table
const cases = [
  // reversed  rate      cap      retained  why
  [     750,   [1, 5],   9_999,   150,      'F09 [peer]: commission +7.50, retained 1.50 of it'],
  [   2_500,   [1, 5],   400,     400,      'the cap holds over the whole order'],
  [      12,   [1, 5],   9_999,   2,        'rounded to the fen'],
  [       0,   [1, 5],   9_999,   0,        'nothing reversed, nothing retained'],
] as const

for (const [reversed, [numerator, denominator], cap, retained, why] of cases) {
  test(`RETAIN_FEE: ${why}`, () => {
    expect(retainedOf(reversed, { numerator, denominator }, cap, 'HALF_UP')).toBe(retained)
  })
}

test('RETAIN_FEE reverses in proportion before it retains', () => {
  expect(retainFee.target(-750, 0, 2_500, 5_000, 'HALF_UP')).toBe(-375)
})
