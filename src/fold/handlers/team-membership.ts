import { agreementAt } from '../agreements.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { TeamMembershipChanged } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { applied, duplicate, type Outcome, rejected } from '../outcome.ts'
import { uplines } from '../rows/guide-rows.ts'
import { facts } from '../tables.ts'

/** Gives a guide another upline, or none, from an instant on. */
export function foldTeamMembership(event: TeamMembershipChanged, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, changeId, validFrom, upline } = event
  const key = factKey('change', partyId, changeId)
  const hash = context.hasher.event(event)
  const known = state.get(facts, key)
  if (known !== undefined) {
    return sameHash(known, hash)
      ? duplicate
      : rejected('DUPLICATE_CONFLICT', `change ${changeId} said otherwise`)
  }
  if (agreementAt(context, partyId, validFrom) === undefined) {
    return rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
  }
  if (upline === partyId) {
    return rejected('NOT_ALLOWED_IN_STATE', `upline: ${partyId} cannot be its own upline`)
  }

  // Every check has passed: from here on the record is accepted.
  const changes = state.get(uplines, partyId) ?? []
  const later = changes.findIndex((change) => change.validFrom > validFrom)
  const change = { value: upline ?? '', validFrom }
  changes.splice(later < 0 ? changes.length : later, 0, change)
  state.put(uplines, partyId, changes)
  state.put(facts, key, hash)
  return applied
}
