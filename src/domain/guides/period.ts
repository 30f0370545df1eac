import { parseDecimal, timesPrice } from '../money/decimal.ts'
import { exactShare, type Minor, shareOf } from '../money/money.ts'
import type { GuideDeduction, GuidePlanVersion } from '../rulebook/guide-plan.ts'
import type { Commission } from './commission.ts'
import { tieredReward } from './tiered.ts'

/** The rewards of a plan that go by the net sales of a whole statement. */
export function rewardsOf(version: GuidePlanVersion, sales: Minor, exponent: number): Commission[] {
  const rewards: Commission[] = []
  for (const { code, formula } of version.components) {
    if (formula.type !== 'TIERED') continue
    const reward = tieredReward(formula, sales, exponent)
    if (reward === undefined || reward.amount === 0) continue
    const { amount, base: basisBase, rateText: basisRate, exact } = reward
    rewards.push({ code, amount, basisOf: 'PERIOD_NET_SALES', basisBase, basisRate, exact })
  }
  return rewards
}

/** What a statement that pays out is charged; amounts are positive. */
export function deductionsOf(
  deductions: readonly GuideDeduction[],
  commission: Minor,
  exponent: number,
): Commission[] {
  return deductions
    .map((deduction) => deductionOf(deduction, commission, exponent))
    .filter(({ amount }) => amount > 0)
}

function deductionOf(deduction: GuideDeduction, commission: Minor, exponent: number): Commission {
  const { code } = deduction
  if ('rate' in deduction) {
    const { rate, rateText: basisRate } = deduction
    const base = Math.max(0, commission)
    const amount = shareOf(base, rate.numerator, rate.denominator)
    const exact = exactShare(base, rate)
    return { code, amount, basisOf: 'COMMISSION', basisBase: base, basisRate, exact }
  }
  const decimal = parseDecimal(deduction.amount)
  const amount = (decimal && timesPrice(1, decimal, exponent)) ?? 0
  const basis = { basisOf: 'PAYOUT', basisBase: amount, basisRate: '1' }
  return { code, amount, ...basis, exact: `${amount}/1` }
}
