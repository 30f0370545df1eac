import { expect, test } from 'vitest'
import { chanceOf } from '../../../../src/adapters/generator/chance.ts'

test('draws are fixed by the seed', () => {
  const draws = (seed: number) => {
    const chance = chanceOf(seed)
    return Array.from({ length: 5 }, () => chance.below(1_000_000))
  }
  expect(draws(1)).toEqual([660_604, 944_688, 919_074, 116_658, 987_423])
  expect(draws(1)).not.toEqual(draws(2))
})

test('every whole number of a range is drawn, and none beyond it', () => {
  const chance = chanceOf(7)
  const drawn = new Set(Array.from({ length: 1_000 }, () => chance.between(-2, 3)))
  expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3])
})

test('weights are parts of the draws, and weight 0 is never drawn', () => {
  const chance = chanceOf(7)
  const counts = { often: 0, seldom: 0, never: 0 }
  for (let draw = 0; draw < 10_000; draw += 1) {
    counts[
      chance.weighted<keyof typeof counts>([
        [9, 'often'],
        [0, 'never'],
        [1, 'seldom'],
      ])
    ] += 1
  }
  expect(counts.never).toBe(0)
  expect(counts.often).toBeGreaterThan(8_800)
  expect(counts.often).toBeLessThan(9_200)
})

test('a hit of parts in ten thousand is that likely', () => {
  const chance = chanceOf(3)
  let hits = 0
  for (let draw = 0; draw < 100_000; draw += 1) if (chance.hit(250)) hits += 1
  expect(hits).toBeGreaterThan(2_200)
  expect(hits).toBeLessThan(2_800)
})
