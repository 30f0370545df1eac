import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestRemainder, sainteLague } from '../../../../src/domain/money/allocate.ts'

// domain.md 3.4: the splits that tell algorithms apart.
// biome-ignore format: the columns are a table
const splits = [
  // total  weights                  largest remainder  Sainte-Laguë
  [     15, [80, 8, 12],             [12, 1, 2],        [12, 1, 2]],
  [     10, [6, 3, 2],               [5, 3, 2],         [5, 3, 2]],
  [  1_003, [50, 50],                [502, 501],        null],
  [      5, [100, 101, 100, 100],    [1, 2, 1, 1],      [1, 2, 1, 1]],
  [    801, [1, 3],                  [200, 601],        null],
  [      3, [3, 3, 1],               [1, 1, 1],         [2, 1, 0]],
  [      4, [3, 3, 1],               [2, 2, 0],         [2, 2, 0]],
  [   6_334, [16_500, 2_000, 500],   null,              [5_500, 667, 167]],
  [  12_667, [16_500, 2_000, 500],   null,              [11_001, 1_333, 333]],
  [  19_000, [16_500, 2_000, 500],   null,              [16_500, 2_000, 500]],
  [   3_333, [8_334, 1_333, 333],    null,              [2_778, 444, 111]],
] as const

for (const [total, weights, remainder, webster] of splits) {
  if (remainder !== null) {
    test(`largest remainder splits ${total} over ${weights.join(':')}`, () => {
      expect(largestRemainder(total, weights)).toEqual(remainder)
    })
  }
  if (webster !== null) {
    test(`Sainte-Laguë gives ${weights.join(':')} of ${total}`, () => {
      expect(sainteLague(total, weights)).toEqual(webster)
    })
  }
}

const weights = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 6 })

test('a split adds up, and no share is more than a unit from its exact part', () => {
  fc.assert(
    fc.property(weights, fc.nat({ max: 1_000 }), (parts, total) => {
      const shares = largestRemainder(total, parts)
      const sum = parts.reduce((a, b) => a + b, 0)
      expect(shares.reduce((a, b) => a + b, 0)).toBe(total)
      if (sum === 0) return
      shares.forEach((share, index) => {
        expect(Math.abs(share * sum - total * (parts[index] as number))).toBeLessThan(sum)
      })
    }),
  )
})

/** Sainte-Laguë by its definition: one unit after the other to the strongest claim. */
function byDefinition(total: number, parts: readonly number[]): number[] {
  const shares = parts.map(() => 0)
  for (let unit = 0; unit < total; unit += 1) {
    let best = 0
    for (let index = 1; index < parts.length; index += 1) {
      const own = (parts[index] as number) * (2 * (shares[best] as number) + 1)
      const other = (parts[best] as number) * (2 * (shares[index] as number) + 1)
      if (own > other) best = index
    }
    shares[best] = (shares[best] as number) + 1
  }
  return shares
}

test('Sainte-Laguë is what handing out unit by unit gives, at every total', () => {
  fc.assert(
    fc.property(weights, (parts) => {
      const sum = parts.reduce((a, b) => a + b, 0)
      for (let total = 0; total <= sum; total += 1) {
        expect(sainteLague(total, parts)).toEqual(byDefinition(total, parts))
      }
      expect(sainteLague(sum, parts)).toEqual(sum === 0 ? parts.map(() => 0) : parts)
    }),
  )
})
