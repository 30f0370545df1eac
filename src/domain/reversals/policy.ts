import type { Minor } from '../money/money.ts'
import type { Rounding } from '../money/rounding.ts'
import type { ReversalPolicy } from '../rulebook/rule-book.ts'

/**
 * How much of a forward amount is taken back. To add a policy, add its file here and its line to
 * `registry.ts`.
 *
 *   V1. The target never falls as refunds arrive and never passes the forward amount.
 *   V2. It depends on the forward amount frozen at billing, never on today's rule.
 */
export interface Reversal {
  /** Written in rule books, so it is never renamed and never reused. */
  readonly policy: ReversalPolicy['policy']
  /**
   * What shall have been reversed of `forward` once `cumulative` of the base is refunded, given
   * that `reversed` is already; all with the forward amount's sign. 0 ≤ cumulative ≤ base.
   */
  readonly target: (
    forward: Minor,
    reversed: Minor,
    cumulative: Minor,
    base: Minor,
    rounding: Rounding,
  ) => Minor
}
