import { isTimeZone } from '../../adapters/json-lines/zone-days.ts'
import { checkContract } from '../../domain/parties/check-contract.ts'
import type { ContractAmended, ContractSigned, Event } from '../../fold/events.ts'

/** What is wrong with a document that an event carries, at which field of the line. */
export interface DocumentFault {
  readonly field: string
  readonly message: string
}

/**
 * The first fault in the shape of a contract, or of what the log cannot judge in a rule book: the
 * rest of a rule book, and which calendars there are, is for the fold to refuse.
 */
export function faultOfDocument(event: Event): DocumentFault | undefined {
  switch (event.type) {
    case 'ContractSigned':
    case 'ContractAmended':
      return faultOfContract(event)
    case 'RuleBookPublished':
      return faultOfZones(JSON.parse(event.document))
    default:
      return undefined
  }
}

function faultOfContract(event: ContractSigned | ContractAmended): DocumentFault | undefined {
  const starts = new Map(event.days.map(({ day, startsAt }) => [day, startsAt]))
  const { problems } = checkContract(JSON.parse(event.document), {
    contractId: event.contractId,
    partyId: event.partyId,
    version: event.version,
    startOfDay: (day) => starts.get(day),
    isCalendar: () => true,
  })
  const [first] = problems
  return first && { field: `contract.${first.path}`, message: first.message }
}

/** No table of zones is at hand in the fold, which would take any name. */
function faultOfZones(document: { readonly calendars?: unknown }): DocumentFault | undefined {
  const { calendars } = document
  if (typeof calendars !== 'object' || calendars === null) return undefined
  for (const [calendarId, calendar] of Object.entries(calendars)) {
    const zone: unknown = calendar?.zone
    if (typeof zone !== 'string' || isTimeZone(zone)) continue
    const field = `ruleBook.calendars.${calendarId}.zone`
    return { field, message: `"${zone}" is no time zone: write a name such as Asia/Shanghai` }
  }
  return undefined
}
