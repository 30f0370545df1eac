import type { Instant } from '../domain/calendar/calendar.ts'
import { type Period, periodAt } from '../domain/calendar/cycle.ts'
import type { Agreement } from '../domain/parties/agreement.ts'
import { phases, subjectKey } from './agenda.ts'
import { agreementAt } from './agreements.ts'
import { ledgerOf } from './bill-order.ts'
import type { FoldContext } from './context.ts'
import type { Event } from './events.ts'
import { loopsOf } from './guides/loops.ts'
import { openAhead } from './homes.ts'
import { newParty, type Party } from './rows/party-row.ts'
import { agenda, parties } from './tables.ts'

// EMIT: from a party's first accepted event on, the statements of the clock's period and of the
// next one exist as OPEN, whether a line comes or not.
//
//   O1. Before the first tick the events' own instants stand for the clock, and the first tick
//       opens from the earliest of them on: so a late first tick leaves what ticks in time would
//       have.
//   O2. A tick that jumps opens the statement of every period that it passes, by the terms in force
//       at its start, and of every change of terms inside it.
//   O3. What is open already, or closed, is left alone: opening again changes nothing.

/** To be called after an event of the party was accepted. */
export function keepOpen(context: FoldContext, event: Extract<Event, { partyId: string }>): void {
  const { state, row } = context
  const { partyId, occurredAt } = event
  const known = state.get(parties, partyId)
  if (row.clock === null) return openByEvent(context, known, partyId, occurredAt)
  if (known?.opensFrom !== undefined && known.opensFrom !== null && !changesTerms(event)) return
  if (!emits(context, known, partyId, row.clock)) return
  if (known?.opensFrom === undefined || known.opensFrom === null) {
    state.put(parties, partyId, { ...(known ?? newParty()), opensFrom: row.clock })
  }
  openDue(context, partyId)
}

/**
 * The same for a credit, which may be folded before or after the tick that it was appended with:
 * the marks stand for the clock, so both leave the same statements.
 */
export function keepOpenGuided(context: FoldContext, partyId: string, occurredAt: Instant): void {
  const { state, row } = context
  const known = state.get(parties, partyId)
  if (row.clock === null) return openByEvent(context, known, partyId, occurredAt)
  if (known?.opensFrom !== undefined && known.opensFrom !== null) return
  const since = Math.min(loopsOf(context)?.closedThrough ?? occurredAt, row.clock)
  if (!emits(context, known, partyId, since)) return
  state.put(parties, partyId, { ...(known ?? newParty()), opensFrom: since })
  openDue(context, partyId)
}

/** O1. */
function openByEvent(
  context: FoldContext,
  known: Party | undefined,
  partyId: string,
  occurredAt: Instant,
): void {
  if (!emits(context, known, partyId, occurredAt)) return
  const { state } = context
  const opensFrom = known?.opensFrom ?? null
  if (opensFrom === null || occurredAt < opensFrom) {
    state.put(parties, partyId, { ...(known ?? newParty()), opensFrom: occurredAt })
    state.addKey(agenda, subjectKey(phases.open, 0, partyId))
  }
  const period = openPeriod(context, partyId, occurredAt)
  if (period !== undefined) openPeriod(context, partyId, period.end)
}

function changesTerms({ type }: Event): boolean {
  return (
    type === 'ContractSigned' ||
    type === 'ContractAmended' ||
    type === 'ContractTerminated' ||
    type === 'PartyModeChanged' ||
    type === 'SettlementEntityChanged'
  )
}

/** Whether the party's terms say EMIT now or may say so later. */
function emits(
  context: FoldContext,
  party: Party | undefined,
  partyId: string,
  at: Instant,
): boolean {
  const own = party?.contracts.some(({ terms }) => terms.emptyStatements === 'EMIT') ?? false
  return own || agreementAt(context, partyId, at)?.terms.emptyStatements === 'EMIT'
}

/**
 * Opens every statement up to the one after the clock's, and enters the next time to do so (O2).
 */
export function openDue(context: FoldContext, partyId: string): void {
  const { state, row } = context
  const { clock } = row
  const party = state.get(parties, partyId)
  if (party === undefined || party.opensFrom === null || clock === null) return
  let at = Math.min(party.opensFrom, clock)
  let next: Instant | undefined
  for (;;) {
    const period = openPeriod(context, partyId, at)
    next = earliest(period?.end, nextChange(party, at))
    if (next === undefined || next > clock) {
      if (period !== undefined) openPeriod(context, partyId, period.end)
      break
    }
    at = next
  }
  if (next !== undefined) state.addKey(agenda, subjectKey(phases.open, next, partyId))
  party.opensFrom = next === undefined ? null : clock
  state.put(parties, partyId, party)
}

/** Opens the statement of the period that holds `at`; undefined where nothing is to be opened. */
function openPeriod(context: FoldContext, partyId: string, at: Instant): Period | undefined {
  const agreement = agreementAt(context, partyId, at)
  return agreement && openBy(context, partyId, agreement, at)
}

function openBy(
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

/** The next instant at which the party's terms change. */
function nextChange({ contracts, modes, entities }: Party, at: Instant): Instant | undefined {
  let next: Instant | undefined
  const take = (instant: Instant | null): void => {
    if (instant !== null && instant > at) next = earliest(next, instant)
  }
  for (const { validFrom, validTo } of contracts) {
    take(validFrom)
    take(validTo)
  }
  for (const { validFrom } of modes) take(validFrom)
  for (const { validFrom } of entities) take(validFrom)
  return next
}

function earliest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a < b ? a : b
}
