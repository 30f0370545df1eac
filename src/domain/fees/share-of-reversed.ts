import { compareShare, exactShare, shareOf } from '../money/money.ts'
import type { FormulaKind } from './formula.ts'

/** A rate on what one refund reversed of another fee, held at a cap. */
export const shareOfReversed: FormulaKind = {
  type: 'SHARE_OF_REVERSED',

  charge(price, base, _units, rounding) {
    if (price.formula.type !== 'SHARE_OF_REVERSED') return 0
    const { numerator, denominator } = price.formula.rate
    const amount = shareOf(base, numerator, denominator, rounding)
    return Math.min(amount, price.most)
  },

  exact(price, base) {
    if (price.formula.type !== 'SHARE_OF_REVERSED') return '0/1'
    const { rate } = price.formula
    const amount = shareOf(base, rate.numerator, rate.denominator)
    const isAbove = compareShare(base, rate, amount, price.most) > 0
    return isAbove ? `${price.most}/1` : exactShare(base, rate)
  },
}
