import type { ReversalPolicy } from '../rulebook/rule-book.ts'
import { fullOnAnyRefund } from './full-on-any-refund.ts'
import { fullOnFullRefund } from './full-on-full-refund.ts'
import { none } from './none.ts'
import type { Reversal } from './policy.ts'
import { proportional } from './proportional.ts'
import { retainFee } from './retain-fee.ts'
import { retention } from './retention.ts'
import { upstream } from './upstream.ts'

/** The policy of that name. */
export function reversalOf(policy: ReversalPolicy['policy']): Reversal {
  switch (policy) {
    case 'PROPORTIONAL':
      return proportional
    case 'NONE':
      return none
    case 'FULL_ON_FULL_REFUND':
      return fullOnFullRefund
    case 'FULL_ON_ANY_REFUND':
      return fullOnAnyRefund
    case 'UPSTREAM':
      return upstream
    case 'RETAIN_FEE':
      return retainFee
    case 'RETENTION':
      return retention
  }
}
