import type { Minor } from '../money/money.ts'
import type { Rounding } from '../money/rounding.ts'
import type { Price } from './price.ts'

/**
 * One way of computing a fee. To add one, add its file here and its line to `registry.ts`. All
 * amounts are magnitudes in minor units; the fee type's sign is applied by the caller.
 */
export interface FormulaKind {
  /** Written in rule books, so it is never renamed and never reused. */
  readonly type: Price['formula']['type']
  /** The fee on `base`, rounded. */
  readonly charge: (price: Price, base: Minor, units: number, rounding: Rounding) => Minor
  /** The same before rounding, as `numerator/denominator`. */
  readonly exact: (price: Price, base: Minor, units: number) => string
}
