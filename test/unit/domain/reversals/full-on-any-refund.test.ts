import { expect, test } from 'vitest'
import { fullOnAnyRefund } from '../../../../src/domain/reversals/full-on-any-refund.ts'

// biome-ignore format: the columns are a table
const cases = [
  // forward  reversed  cumulative  base    target  why
  [     100,   0,        0,          10_000, 0,     'no refund yet'],
  [     100,   0,        1,          10_000, 100,   'one fen is a refund'],
  [     100,   100,      10_000,     10_000, 100,   'only once'],
] as const

for (const [forward, reversed, cumulative, base, target, why] of cases) {
  test(`FULL_ON_ANY_REFUND: ${why}`, () => {
    expect(fullOnAnyRefund.target(forward, reversed, cumulative, base, 'HALF_UP')).toBe(target)
  })
}
