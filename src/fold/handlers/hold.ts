import type { Hold } from '../../domain/statements/clearing.ts'
import { confirmIfDue } from '../clearing/confirm.ts'
import { type Actor, type Cleared, keepCleared, moveOn } from '../clearing/move-on.ts'
import { unpaidOf } from '../clearing/unpaid.ts'
import type { FoldContext } from '../context.ts'
import { factKey } from '../fact-keys.ts'
import type { HoldEvent, SuspensionEvent } from '../lifecycle-events.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { newParty } from '../rows/party-row.ts'
import { facts, parties } from '../tables.ts'
import { clearedFor, heldBy } from './clearing-facts.ts'
import { hashOfNew } from './new-fact.ts'

/** Stops or frees what is to be paid to a party, one statement of it, or lines of one. */
export function foldHold(event: HoldEvent, context: FoldContext): Outcome {
  const { type, holdId, partyId } = event
  const key = factKey('hold', partyId, holdId, type)
  const hash = hashOfNew(context, event, key, `hold ${holdId}`)
  if ('kind' in hash) return hash
  const refused =
    event.statementId === null ? holdParty(event, context) : holdStatement(event, context)
  if (refused !== undefined) return refused
  context.state.put(facts, key, hash)
  return applied
}

/** Undefined: it is done; else why not, and nothing has changed. */
function holdStatement(event: HoldEvent, context: FoldContext): Outcome | undefined {
  const { type, holdId, by, reason, statementId, occurredAt } = event
  const places = type === 'HoldPlaced'
  const cleared = clearedFor(context, event, statementId as string)
  if ('kind' in cleared) return cleared
  const held = heldBy(context, event, cleared)
  if ('kind' in held) return held
  const { holds } = cleared.clearing
  if (!places && !holds.some((hold) => hold.holdId === holdId)) return doesNotStand(holdId)
  change(context, cleared, occurredAt, { by, reason }, () => {
    toggle(holds, { holdId, held: held.amount, lines: held.lines }, places)
  })
  return undefined
}

function holdParty(event: HoldEvent, context: FoldContext): Outcome | undefined {
  const { type, holdId, partyId, by, reason, occurredAt } = event
  const places = type === 'HoldPlaced'
  const party = context.state.get(parties, partyId) ?? newParty()
  if (!places && !party.holds.includes(holdId)) return doesNotStand(holdId)
  const others = party.holds.filter((other) => other !== holdId)
  party.holds.splice(0, party.holds.length, ...others, ...(places ? [holdId] : []))
  context.state.put(parties, partyId, party)
  for (const each of unpaidOf(context, partyId)) {
    change(context, each, occurredAt, { by, reason }, () => {
      toggle(each.clearing.holds, { holdId, held: null, lines: [] }, places)
    })
  }
  return undefined
}

function doesNotStand(holdId: string): Outcome {
  return rejected('NOT_ALLOWED_IN_STATE', `holdId: ${holdId} does not stand`)
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

function toggle(holds: Hold[], hold: Hold, places: boolean): void {
  const at = holds.findIndex(({ holdId }) => holdId === hold.holdId)
  if (places && at < 0) holds.push(hold)
  if (!places && at >= 0) holds.splice(at, 1)
}
