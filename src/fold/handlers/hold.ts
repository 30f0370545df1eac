import { confirmIfDue } from '../clearing/confirm.ts'
import { type Actor, type Cleared, keepCleared, moveOn } from '../clearing/move-on.ts'
import { unpaidOf } from '../clearing/unpaid.ts'
import type { FoldContext } from '../context.ts'
import { factKey } from '../fact-keys.ts'
import type { HoldEvent, SuspensionEvent } from '../lifecycle-events.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { newParty } from '../rows/party-row.ts'
import { facts, parties } from '../tables.ts'
import { clearedFor, hashOfNew } from './clearing-facts.ts'

/** Stops or frees what is to be paid to a party, or one statement of it. */
export function foldHold(event: HoldEvent, context: FoldContext): Outcome {
  const { type, holdId, partyId, statementId, by, reason } = event
  const key = factKey('hold', partyId, holdId, type)
  const hash = hashOfNew(context, event, key, `hold ${holdId}`)
  if ('kind' in hash) return hash
  const places = type === 'HoldPlaced'
  const cleared = statementId === null ? null : clearedFor(context, event, statementId)
  if (cleared !== null && 'kind' in cleared) return cleared
  const party = context.state.get(parties, partyId) ?? newParty()
  const holds = cleared?.clearing.holds ?? party.holds
  if (!places && !holds.includes(holdId)) {
    return rejected('NOT_ALLOWED_IN_STATE', `holdId: ${holdId} does not stand`)
  }

  // Every check has passed: from here on the record is accepted.
  context.state.put(facts, key, hash)
  const actor = { by, reason }
  if (cleared !== null) {
    change(context, cleared, event.occurredAt, actor, () => toggle(holds, holdId, places))
    return applied
  }
  toggle(party.holds, holdId, places)
  context.state.put(parties, partyId, party)
  for (const each of unpaidOf(context, partyId)) {
    change(context, each, event.occurredAt, actor, () => {
      toggle(each.clearing.holds, holdId, places)
    })
  }
  return applied
}

/** Stops or resumes all payouts to a party. */
export function foldSuspension(event: SuspensionEvent, context: FoldContext): Outcome {
  const { type, changeId, partyId, reason } = event
  const key = factKey('change', partyId, changeId)
  const hash = hashOfNew(context, event, key, `change ${changeId}`)
  if ('kind' in hash) return hash
  const party = context.state.get(parties, partyId) ?? newParty()

  // Every check has passed: from here on the record is accepted.
  context.state.put(facts, key, hash)
  party.suspended = type === 'PartySuspended'
  context.state.put(parties, partyId, party)
  for (const each of unpaidOf(context, partyId)) {
    change(context, each, event.occurredAt, { by: null, reason }, () => {
      each.clearing.stopped = party.suspended
    })
  }
  return applied
}

function change(
  context: FoldContext,
  cleared: Cleared,
  occurredAt: number,
  actor: Actor,
  apply: () => void,
): void {
  const at = Math.max(occurredAt, cleared.statement.closesAt)
  confirmIfDue(context, cleared, at)
  apply()
  moveOn(context, cleared, at, actor)
  keepCleared(context, cleared)
}

function toggle(holds: string[], holdId: string, places: boolean): void {
  const at = holds.indexOf(holdId)
  if (places && at < 0) holds.push(holdId)
  if (!places && at >= 0) holds.splice(at, 1)
}
