import { agreementAt } from '../agreements.ts'
import { levelsFor } from '../clearing/levels.ts'
import { awaitApproval } from '../clearing/waiting-item.ts'
import type { FoldContext } from '../context.ts'
import { factKey, waitingAgreementKey } from '../fact-keys.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import type { RebateAmountAgreed } from '../rebate-events.ts'
import { agreedLine, postAgreed } from '../rebates/agreed-line.ts'
import { facts, waitingItems } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/**
 * Puts an agreed amount on the statement of its instant, once every side has signed and, where the
 * contract's rules say so, every level has approved it.
 */
export function foldAgreedRebate(event: RebateAmountAgreed, context: FoldContext): Outcome {
  const { state } = context
  const { agreementId, partyId, version, occurredAt } = event
  const factId = factKey('agreedRebate', partyId, agreementId, String(version))
  const hash = hashOfNew(context, event, factId, `version ${version} of ${agreementId}`)
  if ('kind' in hash) return hash
  const key = waitingAgreementKey(partyId, agreementId)
  if (state.get(waitingItems, key) !== undefined) {
    const why = `version: another version of ${agreementId} waits for approval`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  const line = agreedLine(context, event)
  if ('kind' in line) return line

  // Every check has passed: from here on the record is accepted.
  state.put(facts, factId, hash)
  const terms = agreementAt(context, partyId, occurredAt)?.terms
  const levels = terms === undefined ? [] : levelsFor(terms, 'AGREEMENT', line.amount)
  if (levels.length > 0)
    return awaitApproval(context, { key, levels, submittedBy: signerOf(event) })
  postAgreed(context, event, line)
  return applied
}

/** Whoever signed for the platform has submitted it. */
function signerOf({ signedBy }: RebateAmountAgreed): string {
  return signedBy.find(({ side }) => side === 'PLATFORM')?.who ?? ''
}
