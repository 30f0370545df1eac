import type { Reversal } from './policy.ts'

/** Comes back whole with the first refund of its line or order. */
export const fullOnAnyRefund: Reversal = {
  policy: 'FULL_ON_ANY_REFUND',

  target(forward, reversed, cumulative) {
    return cumulative > 0 ? forward : reversed
  },
}
