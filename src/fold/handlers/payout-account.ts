import { agreementAt } from '../agreements.ts'
import { type Cleared, payoutId } from '../clearing/move-on.ts'
import { unpaidOf } from '../clearing/unpaid.ts'
import type { FoldContext } from '../context.ts'
import { factKey } from '../fact-keys.ts'
import type { PayoutAccountChanged } from '../lifecycle-events.ts'
import { giveNotice } from '../notices.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { addChange, newParty } from '../rows/party-row.ts'
import { facts, parties } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Keeps where the party is paid, and tells of payouts that are on their way to elsewhere. */
export function foldPayoutAccount(event: PayoutAccountChanged, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, changeId, account, validFrom } = event
  const key = factKey('change', partyId, changeId)
  const hash = hashOfNew(context, event, key, `change ${changeId}`)
  if ('kind' in hash) return hash
  if (agreementAt(context, partyId, validFrom) === undefined) {
    return rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
  }

  // Every check has passed: from here on the record is accepted.
  state.put(facts, key, hash)
  const party = state.get(parties, partyId) ?? newParty()
  addChange(party.accounts, { value: account, validFrom })
  state.put(parties, partyId, party)
  for (const cleared of unpaidOf(context, partyId)) tellInFlight(context, event, cleared)
  return applied
}

function tellInFlight(
  context: FoldContext,
  { occurredAt, partyId }: PayoutAccountChanged,
  { statement: { statementId }, clearing }: Cleared,
): void {
  for (const [place, { state }] of clearing.payouts.entries()) {
    if (state !== 'INSTRUCTED' && state !== 'ACCEPTED') continue
    const subject = payoutId(statementId, place + 1)
    giveNotice(context, {
      kind: 'PAYOUT_ACCOUNT_CHANGED',
      subject,
      partyId,
      statementId,
      at: occurredAt,
      facts: [{ name: 'instructionId', value: subject }],
    })
  }
}
