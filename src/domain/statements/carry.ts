import type { Minor } from '../money/money.ts'
import type { PayoutTerms } from '../parties/contract.ts'

/** What becomes of what a statement comes to, with what was carried into it. */
export type CarryDecision =
  /** Nothing is owed. */
  | { readonly kind: 'ZERO' }
  /** All of it goes into the next statement of the key. */
  | { readonly kind: 'CARRY'; readonly debts: number }
  | { readonly kind: 'PAY' }
  | { readonly kind: 'COLLECT' }

/**
 * Decides over `balance` = opening + total. `debts` is how many statements in a row before this one
 * carried a debt; there is no deposit to offset in this version, so that step is passed over.
 */
export function decideCarry(balance: Minor, debts: number, terms: PayoutTerms): CarryDecision {
  if (balance === 0) return { kind: 'ZERO' }
  if (balance > 0) return balance < terms.minimum ? { kind: 'CARRY', debts: 0 } : { kind: 'PAY' }
  for (const step of terms.negative) {
    if (step === 'COLLECT') break
    if (step === 'CARRY_FORWARD' && debts < (terms.carryMaxPeriods ?? Number.MAX_SAFE_INTEGER)) {
      return { kind: 'CARRY', debts: debts + 1 }
    }
  }
  return { kind: 'COLLECT' }
}
