import type { Minor } from '../money/money.ts'
import { roundQuotientBig } from '../money/rounding.ts'
import { scale } from './method.ts'
import type { MeasuredFormula, TieredFormula } from './rebate.ts'
import { methods } from './registry.ts'
import { scaledDecimal } from './scaled.ts'

/** What counted in one rebate period, less what came back; any of them may be below 0. */
export interface RebateBase {
  /** NET of the lines, in minor units. */
  readonly net: Minor
  readonly quantity: number
  /** What the lines cost, in minor units. */
  readonly cost: Minor
}

/** A rebate before it gets its sign, with what its line says of it. */
export interface SettledRebate {
  readonly amount: Minor
  /** NET, QUANTITY or MARGIN. */
  readonly of: string
  /** In minor units; of QUANTITY the units, as if they were major ones. */
  readonly base: Minor
  /** Null: more than one rate. */
  readonly rate: string | null
  /** `numerator/denominator` of the amount before rounding, in minor units. */
  readonly exact: string
}

/** What a formula makes of a base, in a currency with `exponent` decimals. */
export function settleRebate(
  formula: MeasuredFormula,
  base: RebateBase,
  exponent: number,
): SettledRebate {
  const minor = 10n ** BigInt(exponent)
  switch (formula.type) {
    case 'TIERED':
      return tiered(formula, base, minor)
    case 'PER_UNIT': {
      const units = atLeastZero(base.quantity)
      const numerator = BigInt(units) * scaledDecimal(formula.amount) * minor
      const of = { of: 'QUANTITY', base: inMinor(units, minor), rate: formula.text }
      return rounded(numerator, scale, of)
    }
    case 'SHARE': {
      const net = atLeastZero(base.net)
      const of = { of: 'NET', base: net, rate: formula.rateText }
      const { numerator, denominator } = formula.rate
      return rounded(BigInt(net) * BigInt(numerator), BigInt(denominator), of)
    }
    case 'MARGIN': {
      // The gap between the margin that was to be and the one that is.
      const { numerator, denominator } = formula.target
      const kept = BigInt(base.net) * BigInt(denominator - numerator)
      const gap = BigInt(base.cost) * BigInt(denominator) - kept
      const of = { of: 'MARGIN', base: base.net, rate: formula.targetText }
      return rounded(gap > 0n ? gap : 0n, BigInt(denominator), of)
    }
  }
}

function tiered(formula: TieredFormula, base: RebateBase, minor: bigint): SettledRebate {
  const isAmount = formula.measure === 'AMOUNT'
  const whole = atLeastZero(isAmount ? base.net : base.quantity)
  const scaled = isAmount ? (BigInt(whole) * scale) / minor : BigInt(whole) * scale
  const { rebate } = methods[formula.method]
  const { value, rateText } = rebate(formula, capped(formula, scaled))
  return rounded(value * minor, scale * scale, {
    of: isAmount ? 'NET' : 'QUANTITY',
    base: isAmount ? whole : inMinor(whole, minor),
    rate: rateText,
  })
}

function capped({ above }: TieredFormula, base: bigint): bigint {
  if (!above.stops) return base
  const most = scaledDecimal(above.value)
  return base > most ? most : base
}

function rounded(
  numerator: bigint,
  denominator: bigint,
  of: Pick<SettledRebate, 'of' | 'base' | 'rate'>,
): SettledRebate {
  const amount = Number(roundQuotientBig(numerator, denominator, 'HALF_UP'))
  const common = greatestCommon(numerator, denominator)
  const exact = `${numerator / common}/${denominator / common}`
  return { amount, of: of.of, base: of.base, rate: of.rate, exact }
}

function greatestCommon(first: bigint, second: bigint): bigint {
  let [a, b] = [first < 0n ? -first : first, second]
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

function inMinor(units: number, minor: bigint): Minor {
  return units * Number(minor)
}

function atLeastZero(value: number): number {
  return Math.max(value, 0)
}
