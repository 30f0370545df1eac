import type { Order } from '../domain/billing/order.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import { covers, type Instant } from '../domain/calendar/calendar.ts'
import type { Agreement } from '../domain/parties/agreement.ts'
import { type OrderEvent, orderEvents } from '../domain/parties/contract.ts'
import { agreementAt } from './agreements.ts'
import type { FoldContext } from './context.ts'

/** What an order is billed by. */
export interface OrderTerms {
  readonly agreement: Agreement
  /** Decides the schedule versions. */
  readonly pinnedAt: Instant
}

/** Milliseconds of the 24 hours that a contract's days mean. */
export const dayLength = 86_400_000

/**
 * The agreement in force at the pinned event. Which event is pinned stands in the contract, so each
 * candidate instant is asked whether its contract means it; where the pinned event is missing, the
 * settleable event's instant is used.
 */
export function termsOf(context: FoldContext, order: Order): OrderTerms | undefined {
  for (let place = 0; place < pinnable.length; place += 1) {
    const event = pinnable[place] as OrderEvent
    const found = agreedAt(context, order, event)
    if (found?.agreement.terms.rulePinnedAt === event) return found
  }
  for (let place = orderEvents.length - 1; place >= 0; place -= 1) {
    const event = orderEvents[place] as OrderEvent
    const found = agreedAt(context, order, event)
    if (found?.agreement.terms.settleableEvent === event) return found
  }
  return undefined
}

/** The events that a contract may pin its rules at. */
const pinnable: readonly OrderEvent[] = ['ORDER_PAID', 'ORDER_COMPLETED']

function agreedAt(context: FoldContext, order: Order, event: OrderEvent): OrderTerms | undefined {
  const fact = order.facts[orderEvents.indexOf(event)]
  if (fact === null || fact === undefined) return undefined
  const agreement = agreementAt(context, order.partyId, fact.at)
  return agreement === undefined ? undefined : { agreement, pinnedAt: fact.at }
}

/** Why a fact at `at` cannot be kept by these terms: their calendar does not reach it. */
export function outsideCalendar(
  { books, row }: FoldContext,
  { terms }: Agreement,
  at: Instant,
): Refusal | undefined {
  const { calendar: calendarId } = terms.cycle
  const calendar = books.calendar(calendarId, row.ruleBookVersion)
  return calendar !== undefined && covers(calendar, at)
    ? undefined
    : refuse('OUT_OF_RANGE', `occurredAt: outside calendar ${calendarId}`)
}

/** When the order is settleable by these terms; undefined while the event has not come. */
export function settleableAt(order: Order, { agreement }: OrderTerms): Instant | undefined {
  const { settleableEvent, plusDays } = agreement.terms
  const fact = order.facts[orderEvents.indexOf(settleableEvent)]
  return fact === null || fact === undefined ? undefined : fact.at + plusDays * dayLength
}
