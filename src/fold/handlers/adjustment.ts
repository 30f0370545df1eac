import { adjustmentLine } from '../adjustment-line.ts'
import { agreementAt } from '../agreements.ts'
import { levelsFor } from '../clearing/levels.ts'
import { awaitApproval } from '../clearing/waiting-item.ts'
import type { FoldContext } from '../context.ts'
import type { AdjustmentSubmitted } from '../events.ts'
import { adjustmentKey, factKey } from '../fact-keys.ts'
import { endEntry } from '../homes.ts'
import { applied, type Outcome } from '../outcome.ts'
import { facts } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/**
 * A manual plus or minus: always a line of its own, on the line of statements it corrects. It waits
 * for approval where the contract's rules say so.
 */
export function foldAdjustment(event: AdjustmentSubmitted, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, adjustmentId, occurredAt, amount } = event
  const key = factKey('adjustment', partyId, adjustmentId)
  const hash = hashOfNew(context, event, key, `adjustment ${adjustmentId}`)
  if ('kind' in hash) return hash
  const home = adjustmentLine(context, event)
  if ('kind' in home) return home

  // Every check has passed: from here on the record is accepted.
  state.put(facts, key, hash)
  const terms = agreementAt(context, partyId, occurredAt)?.terms
  const levels = terms === undefined ? [] : levelsFor(terms, 'ADJUSTMENT', amount)
  if (levels.length > 0) {
    const item = {
      key: adjustmentKey(partyId, adjustmentId),
      levels,
      submittedBy: event.submittedBy,
    }
    return awaitApproval(context, item)
  }
  endEntry(context, home)
  return applied
}
