import { compareShare, exactShare, shareOf } from '../money/money.ts'
import type { FormulaKind } from './formula.ts'

/** A rate on a base, held between a least and a most. */
export const share: FormulaKind = {
  type: 'SHARE',

  charge(price, base, _units, rounding) {
    if (price.formula.type !== 'SHARE') return 0
    const { numerator, denominator } = price.formula.rate
    const amount = shareOf(base, numerator, denominator, rounding)
    // Compared after rounding: a charge must never print above its maximum.
    return amount < price.least ? price.least : Math.min(amount, price.most)
  },

  exact(price, base) {
    if (price.formula.type !== 'SHARE') return '0/1'
    const { rate } = price.formula
    const amount = shareOf(base, rate.numerator, rate.denominator)
    if (compareShare(base, rate, amount, price.least) < 0) return `${price.least}/1`
    const isAbove = compareShare(base, rate, amount, price.most) > 0
    return isAbove ? `${price.most}/1` : exactShare(base, rate)
  },
}
