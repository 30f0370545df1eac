import { expect, test } from 'vitest'
import { upstream } from '../../../../src/domain/reversals/upstream.ts'

// biome-ignore format: the columns are a table
const cases = [
  // forward  reversed  cumulative  base    target  why
  [     800,   0,        19_000,     19_000, 0,     'the goods decide nothing'],
  [     800,   300,      19_000,     19_000, 300,   'what was named before stays named'],
] as const

for (const [forward, reversed, cumulative, base, target, why] of cases) {
  test(`UPSTREAM: ${why}`, () => {
    expect(upstream.target(forward, reversed, cumulative, base, 'HALF_UP')).toBe(target)
  })
}
