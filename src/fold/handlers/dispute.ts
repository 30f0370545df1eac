import { exponentOf } from '../../domain/money/currency.ts'
import { toMinor } from '../../domain/money/decimal.ts'
import { isAmount } from '../../domain/money/money.ts'
import { confirm, confirmIfDue } from '../clearing/confirm.ts'
import { type Cleared, keepCleared, moveOn } from '../clearing/move-on.ts'
import { remindOfDispute } from '../clearing/reminders.ts'
import type { FoldContext } from '../context.ts'
import { factKey } from '../fact-keys.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home } from '../homes.ts'
import type { DisputeResolved, StatementDisputed } from '../lifecycle-events.ts'
import { applied, type Outcome, rejected, toRejected } from '../outcome.ts'
import { facts } from '../tables.ts'
import { clearedFor, heldBy, instantFor } from './clearing-facts.ts'
import { hashOfNew } from './new-fact.ts'

// An objection to a closed statement, and its answer.
//
//   D1. A dispute of the whole stops the clock of confirming and all payment.
//   D2. A dispute of lines holds back what they come to, and nothing where that is less than 0: the
//       rest confirms itself on its day and is paid. Where the statement was opened before its
//       contract knew of payment, amounts were not kept, and all is held back.
//   D3. The answer to a dispute of the whole confirms the statement.
//   D4. What the answer gives or takes is a line of the key's open statement: a sealed one stays.

/** Opens a dispute. */
export function foldDispute(event: StatementDisputed, context: FoldContext): Outcome {
  const { disputeId, statementId, partyId, by, reason } = event
  const key = factKey('dispute', partyId, disputeId, event.type)
  const hash = hashOfNew(context, event, key, `dispute ${disputeId}`)
  if ('kind' in hash) return hash
  const cleared = clearedFor(context, event, statementId)
  if ('kind' in cleared) return cleared
  const held = heldBy(context, event, cleared)
  if ('kind' in held) return held
  const at = instantFor(cleared, event)

  // Every check has passed: from here on the record is accepted.
  context.state.put(facts, key, hash)
  confirmIfDue(context, cleared, at)
  const { amount: disputed, lines } = held
  cleared.clearing.disputes.push({ disputeId, openedAt: at, disputed, lines })
  remindOfDispute(context, cleared, disputeId, at)
  moveOn(context, cleared, at, { by, reason })
  keepCleared(context, cleared)
  return applied
}

/** Answers a dispute. */
export function foldResolution(event: DisputeResolved, context: FoldContext): Outcome {
  const { disputeId, statementId, partyId, by, reason } = event
  const key = factKey('dispute', partyId, disputeId, event.type)
  const hash = hashOfNew(context, event, key, `the answer to dispute ${disputeId}`)
  if ('kind' in hash) return hash
  const cleared = clearedFor(context, event, statementId)
  if ('kind' in cleared) return cleared
  const { clearing } = cleared
  const place = clearing.disputes.findIndex((dispute) => dispute.disputeId === disputeId)
  const dispute = clearing.disputes[place]
  if (dispute === undefined) {
    return rejected('NOT_ALLOWED_IN_STATE', `disputeId: ${disputeId} is not open`)
  }
  const home = homeOfAdjustment(event, context, cleared)
  if (home !== null && 'kind' in home) return home

  // Every check has passed: from here on the record is accepted.
  context.state.put(facts, key, hash)
  if (home !== null) endEntry(context, home)
  const at = instantFor(cleared, event)
  clearing.disputes.splice(place, 1)
  const agrees = !clearing.confirmed && dispute.disputed === null && clearing.disputes.length === 0
  if (agrees) confirm(context, cleared, at, { by, reason })
  else moveOn(context, cleared, at, { by, reason })
  keepCleared(context, cleared)
  return applied
}

/** Where the adjustment's line will stand, with the line in the context's entry; null: none. */
function homeOfAdjustment(
  event: DisputeResolved,
  context: FoldContext,
  { statement }: Cleared,
): Home | null | Outcome {
  if (event.adjustment === null) return null
  const amount = toMinor(event.adjustment, exponentOf(statement.currency) ?? 0)
  if (amount === undefined || !isAmount(amount)) {
    return rejected('OUT_OF_RANGE', 'adjustment: more decimals than the currency has, or too large')
  }
  if (amount === 0) return null
  const { partyId, entity, mode, currency, cycle, partyKind, cycleTerms } = statement
  const key = { partyId, entity, mode, currency, cycle }
  const ledger = { key, partyKind, cycle: cycleTerms }
  const home = findHome(context, ledger, event.occurredAt, event.disputeId)
  if ('code' in home) return toRejected(home)
  beginEntry(context, home, event.eventId)
  const at = context.entry.add('ADJUSTMENT', 'ADJUSTMENT', amount, event.occurredAt)
  context.entry.originPeriod[at] = home.originPeriod
  const overflow = checkFits(context, home)
  return overflow === undefined ? home : toRejected(overflow)
}
