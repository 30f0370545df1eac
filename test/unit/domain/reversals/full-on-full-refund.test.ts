import { expect, test } from 'vitest'
import { fullOnFullRefund } from '../../../../src/domain/reversals/full-on-full-refund.ts'

// biome-ignore format: the columns are a table
const cases = [
  // forward  reversed  cumulative  base    target  why
  [    -100,   0,        9_999,      10_000, 0,     'one fen is missing'],
  [    -100,   0,        10_000,     10_000, -100,  'the last refund'],
  [    -100,   0,        0,          0,      0,     'a base of nothing is never refunded whole'],
] as const

for (const [forward, reversed, cumulative, base, target, why] of cases) {
  test(`FULL_ON_FULL_REFUND: ${why}`, () => {
    expect(fullOnFullRefund.target(forward, reversed, cumulative, base, 'HALF_UP')).toBe(target)
  })
}
