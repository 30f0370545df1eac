import type { Reversal } from './policy.ts'

/** Comes back whole with the last refund of its line or order, and not before. */
export const fullOnFullRefund: Reversal = {
  policy: 'FULL_ON_FULL_REFUND',

  target(forward, reversed, cumulative, base) {
    return base > 0 && cumulative === base ? forward : reversed
  },
}
