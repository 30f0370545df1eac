import { checkContract } from '../../domain/parties/check-contract.ts'
import type { Contract } from '../../domain/parties/contract.ts'
import type { FoldContext } from '../context.ts'
import type { ContractAmended, ContractSigned, ContractTerminated } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { giveNotice } from '../notices.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { newParty, type Party } from '../rows/party-row.ts'
import { facts, parties } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

type ContractEvent = ContractSigned | ContractAmended | ContractTerminated

/** Keeps a version of a party's own contract; its end is a version too, valid for no instant. */
export function foldContract(event: ContractEvent, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, contractId, version } = event
  const key = factKey('contract', partyId, contractId, String(version))
  const hash = hashOfNew(context, event, key, `version ${version} of ${contractId}`)
  if ('kind' in hash) return hash
  const party = state.get(parties, partyId) ?? newParty()
  const contract =
    event.type === 'ContractTerminated' ? terminated(event, party) : signed(event, context)
  if ('kind' in contract) return contract
  if (event.type !== 'ContractTerminated') {
    const other = overlapping(party, contract)
    if (other !== undefined) {
      const why = `contract ${contractId} overlaps ${other.contractId} of the same party`
      return rejected('CONTRACT_OVERLAPS', why)
    }
  }

  // Every check has passed: from here on the record is accepted.
  party.contracts.push(contract)
  party.contracts.sort((a, b) => a.validFrom - b.validFrom || a.version - b.version)
  state.put(parties, partyId, party)
  state.put(facts, key, hash)
  if (event.type !== 'ContractTerminated') noticeNotApplied(context, event, contract)
  return applied
}

function signed(event: ContractSigned | ContractAmended, context: FoldContext): Contract | Outcome {
  const starts = new Map(event.days.map(({ day, startsAt }) => [day, startsAt]))
  const { ruleBookVersion } = context.row
  if (ruleBookVersion === 0) {
    return rejected('NOT_ALLOWED_IN_STATE', 'contract: no rule book is published yet')
  }
  const { calendars } = context.books.ruleBook(ruleBookVersion)
  const { contract, problems } = checkContract(JSON.parse(event.document), {
    contractId: event.contractId,
    partyId: event.partyId,
    version: event.version,
    startOfDay: (day) => starts.get(day),
    isCalendar: (calendarId) => calendars.has(calendarId),
  })
  if (contract !== undefined) return contract
  const all = problems.map(({ path, message }) => `contract.${path}: ${message}`)
  return rejected('SCHEMA_INVALID', all.join('; '))
}

/** From its instant on no version of the contract is in force. */
function terminated(event: ContractTerminated, party: Party): Contract | Outcome {
  const versions = party.contracts.filter(({ contractId }) => contractId === event.contractId)
  const last = versions.reduce<Contract | undefined>(
    (latest, one) => (latest === undefined || one.version > latest.version ? one : latest),
    undefined,
  )
  if (last === undefined || last.version >= event.version) {
    const why = `contract ${event.contractId} has no earlier version than ${event.version}`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  return { ...last, version: event.version, validFrom: event.occurredAt, validTo: event.occurredAt }
}

/** Another contract of the party that is in force at some instant of this version. */
function overlapping(party: Party, contract: Contract): Contract | undefined {
  const end = endOf(party, contract)
  return party.contracts.find(
    (other) =>
      other.contractId !== contract.contractId &&
      Math.max(other.validFrom, contract.validFrom) < Math.min(endOf(party, other), end),
  )
}

/** A contract version ends where the next one of the contract begins. */
function endOf(party: Party, contract: Contract): number {
  let end = contract.validTo ?? Number.POSITIVE_INFINITY
  for (const { contractId, version, validFrom } of party.contracts) {
    if (contractId !== contract.contractId || version <= contract.version) continue
    end = Math.min(end, Math.max(validFrom, contract.validFrom))
  }
  return end
}

function noticeNotApplied(
  context: FoldContext,
  event: ContractSigned | ContractAmended,
  { terms }: Contract,
): void {
  if (terms.notApplied.length === 0) return
  giveNotice(context, {
    kind: 'NOT_APPLIED',
    subject: `${event.contractId}@${event.version}`,
    partyId: event.partyId,
    at: event.occurredAt,
    facts: terms.notApplied.map((section) => ({ name: 'section', value: `contract.${section}` })),
  })
}
