import { expect, test } from 'vitest'
import { none } from '../../../../src/domain/reversals/none.ts'

// biome-ignore format: the columns are a table
const cases = [
  // forward  reversed  cumulative  base    target  why
  [    -104,   0,        19_000,     19_000, 0,     'stays after a full refund'],
  [    -104,   -4,       1,          19_000, -4,    'and leaves what was reversed'],
] as const

for (const [forward, reversed, cumulative, base, target, why] of cases) {
  test(`NONE: ${why}`, () => {
    expect(none.target(forward, reversed, cumulative, base, 'HALF_UP')).toBe(target)
  })
}
