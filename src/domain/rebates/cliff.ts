import { scale } from './method.ts'
import type { TieredFormula } from './rebate.ts'
import { scaledDecimal } from './scaled.ts'

/**
 * Where the tier that a VOLUME base has reached starts, in minor units or units of goods: below it
 * the whole base has a lower rate. Undefined below the first tier, or where it starts at 0.
 */
export function cliffBelow(
  { measure, tiers }: TieredFormula,
  base: number,
  exponent: number,
): number | undefined {
  const minor = measure === 'AMOUNT' ? 10n ** BigInt(exponent) : 1n
  const scaled = (BigInt(base) * scale) / minor
  const reached = tiers.findLast(({ from }) => scaled >= scaledDecimal(from))
  if (reached === undefined || reached.from.unscaled === 0) return undefined
  // The smallest whole number that reaches it.
  return Number((scaledDecimal(reached.from) * minor + scale - 1n) / scale)
}
