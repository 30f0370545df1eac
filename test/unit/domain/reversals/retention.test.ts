import { expect, test } from 'vitest'
import { retention } from '../../../../src/domain/reversals/retention.ts'

// biome-ignore format: the columns are a table
const cases = [
  // forward  reversed  cumulative  base    target  why
  [  -1_900,   0,        6_334,      19_000, -633,  'a tenth held back, a third released'],
  [  -1_900,   -1_267,   19_000,     19_000, -1_900, 'all released with the last refund'],
] as const

for (const [forward, reversed, cumulative, base, target, why] of cases) {
  test(`RETENTION: ${why}`, () => {
    expect(retention.target(forward, reversed, cumulative, base, 'HALF_UP')).toBe(target)
  })
}
