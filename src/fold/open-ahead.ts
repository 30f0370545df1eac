import type { Instant } from '../domain/calendar/calendar.ts'
import { type Period, periodAt } from '../domain/calendar/cycle.ts'
import type { Agreement } from '../domain/parties/agreement.ts'
import { phases, subjectKey } from './agenda.ts'
import { agreementAt } from './agreements.ts'
import { ledgerOf } from './bill-order.ts'
import type { FoldContext } from './context.ts'
import { openAhead } from './homes.ts'
import { newParty } from './rows/party-row.ts'
import { agenda, parties } from './tables.ts'

// EMIT: from a party's first accepted event on, the statements of the clock's period and of the next
// one exist as OPEN, whether a line comes or not.

/** To be called after a party's event was accepted. */
export function keepOpen(context: FoldContext, partyId: string, at: Instant): void {
  const { state, row } = context
  const agreement = agreementAt(context, partyId, row.clock ?? at)
  if (agreement?.terms.emptyStatements !== 'EMIT') return
  const party = state.get(parties, partyId) ?? newParty()
  if (party.opensNext !== null) return
  // Before the first tick there is no clock's period: the tick that brings one opens it.
  party.opensNext = row.clock ?? 0
  state.put(parties, partyId, party)
  if (row.clock === null) state.addKey(agenda, subjectKey(phases.open, 0, partyId))
  else openNext(context, partyId)
}

/** Opens every statement up to the one after the clock's, and enters the next time to do so. */
export function openNext(context: FoldContext, partyId: string): void {
  const { state, row } = context
  const party = state.get(parties, partyId)
  const clock = row.clock
  if (party === undefined || clock === null || party.opensNext === null) return
  let at = party.opensNext === 0 ? clock : party.opensNext
  party.opensNext = null
  for (;;) {
    const agreement = agreementAt(context, partyId, at)
    const period = agreement && openPeriod(context, partyId, agreement, at)
    if (agreement === undefined || period === undefined) break
    if (period.start > clock) {
      party.opensNext = period.start
      state.addKey(agenda, subjectKey(phases.open, period.start, partyId))
      break
    }
    at = period.end
  }
  state.put(parties, partyId, party)
}

/** Opens the statement of the period that holds `at`; undefined where nothing is to be opened. */
function openPeriod(
  context: FoldContext,
  partyId: string,
  agreement: Agreement,
  at: Instant,
): Period | undefined {
  const { terms } = agreement
  if (terms.emptyStatements !== 'EMIT' || terms.cycle.kind === 'REALTIME') return undefined
  const calendar = context.books.calendar(terms.cycle.calendar, context.row.ruleBookVersion)
  const period = calendar && periodAt(terms.cycle, calendar, at)
  if (calendar === undefined || period === undefined) return undefined
  openAhead(context, ledgerOf(partyId, { agreement }), calendar, period)
  return period
}
