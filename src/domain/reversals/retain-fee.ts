import { type Fraction, type Minor, shareOf } from '../money/money.ts'
import type { Rounding } from '../money/rounding.ts'
import type { Reversal } from './policy.ts'
import { proportional } from './proportional.ts'

/** Reversed in proportion, less a retained share that is a line of its own (`retainedOf`). */
export const retainFee: Reversal = { policy: 'RETAIN_FEE', target: proportional.target }

/** What is retained once `reversed` (a magnitude, over the whole order) has been given back. */
export function retainedOf(reversed: Minor, rate: Fraction, cap: Minor, rounding: Rounding): Minor {
  const retained = shareOf(reversed, rate.numerator, rate.denominator, rounding)
  return retained > cap ? cap : retained
}
