import { shareOf } from '../money/money.ts'
import type { FormulaKind } from './formula.ts'

/** An amount per order, line or unit; `units` says how many. */
export const fixed: FormulaKind = {
  type: 'FIXED',

  charge(price, _base, units) {
    return units === 1 ? price.amount : shareOf(price.amount, units, 1)
  },

  exact(price, _base, units) {
    return `${shareOf(price.amount, units, 1)}/1`
  },
}
