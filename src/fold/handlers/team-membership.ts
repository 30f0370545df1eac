import { agreementAt } from '../agreements.ts'
import type { FoldContext } from '../context.ts'
import type { TeamMembershipChanged } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { uplines } from '../rows/guide-rows.ts'
import { addChange } from '../rows/party-row.ts'
import { facts } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Gives a guide another upline, or none, from an instant on. */
export function foldTeamMembership(event: TeamMembershipChanged, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, changeId, validFrom, upline } = event
  const key = factKey('change', partyId, changeId)
  const hash = hashOfNew(context, event, key, `change ${changeId}`)
  if ('kind' in hash) return hash
  if (agreementAt(context, partyId, validFrom) === undefined) {
    return rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
  }
  if (upline === partyId) {
    return rejected('NOT_ALLOWED_IN_STATE', `upline: ${partyId} cannot be its own upline`)
  }

  // Every check has passed: from here on the record is accepted.
  const changes = state.get(uplines, partyId) ?? []
  addChange(changes, { value: upline ?? '', validFrom })
  state.put(uplines, partyId, changes)
  state.put(facts, key, hash)
  return applied
}
