import { shareOf } from '../money/money.ts'
import type { Reversal } from './policy.ts'

/**
 * Cumulative rounding: at the last refund the target is the whole amount, so rounding never leaves
 * a residue, and it is monotone, so no refund flips a sign.
 */
export const proportional: Reversal = {
  policy: 'PROPORTIONAL',

  target(forward, reversed, cumulative, base, rounding) {
    return base === 0 ? reversed : shareOf(forward, cumulative, base, rounding)
  },
}
