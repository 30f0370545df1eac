import { agreementAt } from '../agreements.ts'
import type { FoldContext } from '../context.ts'
import type { PartyModeChanged, SettlementEntityChanged } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { addChange, newParty } from '../rows/party-row.ts'
import { facts, parties } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Overrides mode or entity of the party's contract from an instant on. */
export function foldPartyChange(
  event: PartyModeChanged | SettlementEntityChanged,
  context: FoldContext,
): Outcome {
  const { state } = context
  const { partyId, changeId, validFrom } = event
  const key = factKey('change', partyId, changeId)
  const hash = hashOfNew(context, event, key, `change ${changeId}`)
  if ('kind' in hash) return hash
  if (agreementAt(context, partyId, validFrom) === undefined) {
    return rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
  }

  // Every check has passed: from here on the record is accepted.
  const party = state.get(parties, partyId) ?? newParty()
  const changes = event.type === 'PartyModeChanged' ? party.modes : party.entities
  const value = event.type === 'PartyModeChanged' ? event.mode : event.entity
  addChange(changes, { value, validFrom })
  state.put(parties, partyId, party)
  state.put(facts, key, hash)
  return applied
}
