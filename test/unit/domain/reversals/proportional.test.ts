import { expect, test } from 'vitest'
import { proportional } from '../../../../src/domain/reversals/proportional.ts'

// biome-ignore format: the columns are a table
const cases = [
  // forward  reversed  cumulative  base    target  why
  [  -1_000,   0,        1,          3,      -333,  'F08: the first of three units'],
  [  -1_000,   -333,     2,          3,      -667,  'F08: the second, so that this step is 3.34'],
  [  -1_000,   -667,     3,          3,      -1_000, 'F08: the last reaches the whole'],
  [    -950,   0,        6_334,      19_000, -317,  'F10: 63.34 of 190.00'],
  [    -950,   -317,     12_667,     19_000, -633,  'F10: 126.67 of 190.00'],
  [     -10,   0,        6_334,      19_000, -3,    'F10: withholding of 0.10'],
  [     800,   0,        0,          100,    0,     'tezgah: nothing refunded yet'],
  [     200,   0,        1_500,      2_000,  150,   'Square: 15.00 of 20.00 gives 1.50 of 2.00'],
  [      50,   0,        0,          0,      0,     'a base of nothing is never reversed'],
] as const

for (const [forward, reversed, cumulative, base, target, why] of cases) {
  test(`PROPORTIONAL: ${why}`, () => {
    expect(proportional.target(forward, reversed, cumulative, base, 'HALF_UP')).toBe(target)
  })
}
