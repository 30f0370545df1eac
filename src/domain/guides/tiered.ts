import { type Decimal, timesPrice } from '../money/decimal.ts'
import type { Minor } from '../money/money.ts'
import { roundQuotientBig } from '../money/rounding.ts'
import type { Tier } from '../rebates/rebate.ts'
import { scaledRate } from '../rebates/scaled.ts'
import type { TieredFormula } from '../rulebook/guide-plan.ts'

/** What a tiered reward comes to. */
export interface TieredReward {
  readonly amount: Minor
  /** The sales that count. */
  readonly base: Minor
  /** The rate of the highest tier reached. */
  readonly rateText: string
  /** `numerator/denominator` of the amount before rounding. */
  readonly exact: string
}

/** Rates are exact to nine decimals, so every sum of them has this denominator. */
const denominator = 10n ** 9n

/**
 * VOLUME: the rate of the tier reached × the whole base. GRADUATED: Σ width × rate. A base below 0
 * counts as 0, and below the first tier there is nothing.
 */
export function tieredReward(
  formula: TieredFormula,
  sales: Minor,
  exponent: number,
): TieredReward | undefined {
  const stop = formula.stopsAt === null ? undefined : minorOf(formula.stopsAt, exponent)
  const base = Math.max(0, stop === undefined ? sales : Math.min(sales, stop))
  const reached = formula.tiers.filter(({ from }) => minorOf(from, exponent) <= base)
  const last = reached.at(-1)
  if (last === undefined) return undefined
  const scaled =
    formula.method === 'VOLUME'
      ? BigInt(base) * scaledRate(last.rate)
      : graduated(reached, base, exponent)
  const amount = Number(roundQuotientBig(scaled, denominator, 'HALF_UP'))
  return { amount, base, rateText: last.rateText, exact: lowest(scaled, denominator) }
}

function graduated(reached: readonly Tier[], base: Minor, exponent: number): bigint {
  let sum = 0n
  for (const [place, tier] of reached.entries()) {
    const next = reached[place + 1]
    const to = next === undefined ? base : minorOf(next.from, exponent)
    sum += BigInt(to - minorOf(tier.from, exponent)) * scaledRate(tier.rate)
  }
  return sum
}

/** A bound that no sales can reach is as good as none. */
function minorOf(bound: Decimal, exponent: number): Minor {
  return timesPrice(1, bound, exponent) ?? Number.MAX_SAFE_INTEGER
}

function lowest(dividend: bigint, divisor: bigint): string {
  let a = dividend
  let b = divisor
  while (b !== 0n) [a, b] = [b, a % b]
  return `${dividend / a}/${divisor / a}`
}
