import { expect, test } from 'vitest'
import { priceOf } from '../../../../src/domain/fees/price.ts'
import { shareOfReversed } from '../../../../src/domain/fees/share-of-reversed.ts'

// biome-ignore format: the columns are a table
const cases = [
  // reversed  cap       charge  exact    why
  [     950,   null,     190,    '190/1', '20 % of what was reversed'],
  [     952,   null,     190,    '952/5', 'rounded to the fen'],
  [  50_000,   '30.00',  3_000,  '3000/1', 'the lesser of the cap and the share'],
  [       0,   '30.00',  0,      '0/1',   'nothing reversed, nothing charged'],
] as const

for (const [reversed, cap, charge, exact, why] of cases) {
  test(`SHARE_OF_REVERSED: ${why}`, () => {
    const rate = { numerator: 20, denominator: 100 }
    const formula = {
      type: 'SHARE_OF_REVERSED',
      of: 'COMMISSION',
      rate,
      rateText: '0.20',
      cap,
    } as const
    const price = priceOf(formula, 2)
    expect(shareOfReversed.charge(price, reversed, 1, 'HALF_UP')).toBe(charge)
    expect(shareOfReversed.exact(price, reversed, 1)).toBe(exact)
  })
}
