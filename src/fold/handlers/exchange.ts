import type { FoldContext } from '../context.ts'
import type { ExchangeCompleted } from '../events.ts'
import { linkExchange, refundOf } from '../exchanges.ts'
import { factKey } from '../fact-keys.ts'
import { applied, type Outcome } from '../outcome.ts'
import { facts } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'
import { foldRefund } from './refund.ts'

/**
 * An exchange is a refund, linked to the order of what the buyer gets instead. A refund that was
 * reported by itself before, in the same words, is linked only.
 */
export function foldExchange(event: ExchangeCompleted, context: FoldContext): Outcome {
  const { state } = context
  const key = factKey('exchange', event.partyId, event.exchangeId)
  const hash = hashOfNew(context, event, key, `exchange ${event.exchangeId}`)
  if ('kind' in hash) return hash
  const outcome = foldRefund(refundOf(event), context)
  if (outcome.kind === 'rejected') return outcome

  // Every check has passed: from here on the record is accepted.
  state.put(facts, key, hash)
  if (outcome.kind === 'waiting') return outcome
  linkExchange(context, event)
  return applied
}
