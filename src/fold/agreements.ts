import type { Instant } from '../domain/calendar/calendar.ts'
import type { Agreement } from '../domain/parties/agreement.ts'
import type { Contract } from '../domain/parties/contract.ts'
import { bestTemplate } from '../domain/rulebook/match.ts'
import type { FoldContext } from './context.ts'
import type { Change, Party } from './rows/party-row.ts'
import { parties } from './tables.ts'

/** What the party is settled by at an instant; undefined: the party is unknown then. */
export function agreementAt(
  context: FoldContext,
  partyId: string,
  at: Instant,
): Agreement | undefined {
  const party = context.state.get(parties, partyId)
  const contract = party === undefined ? undefined : contractAt(party, at)
  if (contract === 'ended') return undefined
  if (contract !== undefined) return changed(party, contract.terms, contract.validFrom, at)
  const { ruleBookVersion } = context.row
  if (ruleBookVersion === 0) return undefined
  const template = bestTemplate(context.books.ruleBook(ruleBookVersion).templates, partyId, at)
  return template === undefined ? undefined : changed(party, template.terms, 0, at)
}

/**
 * The contract version in force: of each contract the highest version that has begun counts, until
 * its end. Before the first one the template applies (undefined), after the last nothing does.
 */
export function contractAt(party: Party, at: Instant): Contract | 'ended' | undefined {
  let found: Contract | 'ended' | undefined
  for (const contract of party.contracts) {
    if (contract.validFrom > at || isSuperseded(party, contract, at)) continue
    if (contract.validTo === null || at < contract.validTo) return contract
    found = 'ended'
  }
  return found
}

function isSuperseded(party: Party, contract: Contract, at: Instant): boolean {
  return party.contracts.some(
    (other) =>
      other.contractId === contract.contractId &&
      other.version > contract.version &&
      other.validFrom <= at,
  )
}

function changed(
  party: Party | undefined,
  terms: Agreement['terms'],
  since: Instant,
  at: Instant,
): Agreement {
  if (party === undefined) return { terms, mode: terms.mode, entity: terms.entity }
  return {
    terms,
    mode: latest(party.modes, since, at) ?? terms.mode,
    entity: latest(party.entities, since, at) ?? terms.entity,
  }
}

/** The last change in [since, at]: a later contract version ends the changes before it. */
function latest(changes: readonly Change[], since: Instant, at: Instant): string | undefined {
  let value: string | undefined
  for (const change of changes) {
    if (change.validFrom >= since && change.validFrom <= at) value = change.value
  }
  return value
}
