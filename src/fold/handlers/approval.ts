import {
  type ApprovalItemState,
  grant,
  refuseItem,
  refuseWord,
} from '../../domain/statements/approval.ts'
import { clearedOf } from '../clearing/confirm.ts'
import { type Cleared, keepCleared, moveOn } from '../clearing/move-on.ts'
import { approveItem, refuseWaiting } from '../clearing/waiting-item.ts'
import type { FoldContext } from '../context.ts'
import { adjustmentKey, factKey, waitingAgreementKey } from '../fact-keys.ts'
import type { ApprovalEvent } from '../lifecycle-events.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { facts, waitingItems } from '../tables.ts'
import { instantFor } from './clearing-facts.ts'
import { hashOfNew } from './new-fact.ts'

/** Counts a word on a statement, an adjustment or an agreement that must be approved. */
export function foldApproval(event: ApprovalEvent, context: FoldContext): Outcome {
  const { approvalId, partyId, adjustmentId, statementId, agreementId } = event
  const key = factKey('approval', partyId, approvalId)
  const hash = hashOfNew(context, event, key, `approval ${approvalId}`)
  if ('kind' in hash) return hash
  const named = [adjustmentId, statementId, agreementId].filter((id) => id !== null)
  if (named.length !== 1) {
    const why = 'record: name one of adjustmentId, statementId and agreementId'
    return rejected('SCHEMA_INVALID', why)
  }
  const outcome = wordOn(event, context)
  if (outcome.kind === 'applied') context.state.put(facts, key, hash)
  return outcome
}

function wordOn(event: ApprovalEvent, context: FoldContext): Outcome {
  const { partyId, statementId, adjustmentId, agreementId } = event
  if (statementId !== null) return wordOnStatement(event, statementId, context)
  return adjustmentId === null
    ? wordOnWaiting(event, waitingAgreementKey(partyId, agreementId ?? ''), context)
    : wordOnWaiting(event, adjustmentKey(partyId, adjustmentId), context)
}

function wordOnStatement(event: ApprovalEvent, statementId: string, context: FoldContext): Outcome {
  const cleared = clearedOf(context, statementId)
  if (cleared?.statement.partyId !== event.partyId || !waitsForApproval(cleared)) {
    const why = `statementId: no statement ${statementId} waits for approval`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  const { levels, confirmedBy, approval } = cleared.clearing
  const item = { levels, approval, submittedBy: confirmedBy }
  const refused = refuseWord(item, event)
  if (refused !== undefined) return rejected('NOT_ALLOWED_IN_STATE', refused)

  // Every check has passed: from here on the record is accepted.
  applyWord(item, event)
  moveOn(context, cleared, instantFor(cleared, event), { by: event.by, reason: event.reason })
  keepCleared(context, cleared)
  return applied
}

function waitsForApproval({ statement, clearing }: Cleared): boolean {
  const { status } = statement
  return status === 'PENDING_APPROVAL' || (status === 'FINALISED' && clearing.approval.rejected)
}

function wordOnWaiting(event: ApprovalEvent, key: string, context: FoldContext): Outcome {
  const item = context.state.get(waitingItems, key)
  if (item === undefined) {
    const why =
      event.adjustmentId === null
        ? `agreementId: no agreement ${event.agreementId} waits for approval`
        : `adjustmentId: no adjustment ${event.adjustmentId} waits for approval`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  const refused = refuseWord(item, event)
  if (refused !== undefined) return rejected('NOT_ALLOWED_IN_STATE', refused)

  // Every check has passed: from here on the record is accepted.
  if (event.type === 'ApprovalRejected') refuseWaiting(context, key, item, event)
  else if (applyWord(item, event)) approveItem(context, key, item)
  else context.state.put(waitingItems, key, item)
  return applied
}

/** True when the last level was granted. */
function applyWord(item: ApprovalItemState, event: ApprovalEvent): boolean {
  switch (event.type) {
    case 'ApprovalGranted':
      return grant(item, event.by)
    case 'ApprovalRejected':
      refuseItem(item)
      return false
    case 'ApprovalDelegated':
      item.approval.delegations.push({ level: event.level, from: event.by, to: event.to })
      return false
  }
}
