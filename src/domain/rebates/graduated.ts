import { type Method, scale } from './method.ts'
import type { Tier, TieredFormula } from './rebate.ts'
import { scaledDecimal, scaledRate } from './scaled.ts'

/** 超出返: each tier's rate on what lies inside the tier. */
export const graduated: Method = {
  rebate(formula, base) {
    let value = 0n
    let rateText: string | null = '0'
    for (const [place, tier] of formula.tiers.entries()) {
      const from = startOf(formula, tier)
      const next = formula.tiers[place + 1]
      if (base <= from) break
      const end = next === undefined ? base : least(base, startOf(formula, next))
      value += (end - from) * scaledRate(tier.rate)
      rateText = rateText === '0' ? tier.rateText : null
    }
    return { value, rateText }
  },
}

/** Units of goods are counted, so the tier from the n-th unit starts when n − 1 are there. */
function startOf({ measure }: TieredFormula, { from }: Tier): bigint {
  const bound = scaledDecimal(from)
  return measure === 'QUANTITY' && bound > 0n ? bound - scale : bound
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
