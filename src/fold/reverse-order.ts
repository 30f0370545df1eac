import { convertRefund } from '../domain/billing/conversion.ts'
import { type Named, nameFees } from '../domain/billing/named-fees.ts'
import { type Billed, copyOf, type Order } from '../domain/billing/order.ts'
import type { Refund } from '../domain/billing/refund.ts'
import type { Refusal } from '../domain/billing/refusal.ts'
import { billReverse, mostOf, type Reverse } from '../domain/billing/reverse.ts'
import { exponentOf } from '../domain/money/currency.ts'
import { maxAmount } from '../domain/money/money.ts'
import { orderKey } from './agenda.ts'
import { checkFitsWith } from './bill-order.ts'
import type { FoldContext } from './context.ts'
import type { RefundSucceeded } from './events.ts'
import { clawBackGuide } from './guides/sold-orders.ts'
import { beginEntry, endEntry, findHome, type Home, type Ledger } from './homes.ts'
import { applied, type Outcome, rejected } from './outcome.ts'
import { countReturn } from './rebates/count-sale.ts'
import {
  checkReversals,
  fillReversals,
  homesOfSubmitted,
  postReversals,
  submittedParts,
} from './submitted-parts.ts'
import { orders } from './tables.ts'

/** A refund of an order that is billed: reverse lines from the frozen forward ones. */
export function reverseOrder(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  billed: Billed,
  said: Refund,
): Outcome {
  const { foreign } = billed
  const converted = foreign === null ? null : convertRefund(billed, foreign, said)
  const refund = converted?.refund ?? said
  const ledger = ledgerOfOrder(order, billed)
  const home = findHome(context, ledger, event.occurredAt, event.refundId)
  if ('code' in home) return rejected(home.code, home.message)
  const reverse: Reverse = {
    orderId: order.orderId,
    billed,
    refund,
    ruleBook: context.books.ruleBook(billed.ruleBookVersion),
    prices: context.books.prices(billed.ruleBookVersion, billed.currency),
    exponent: exponentOf(billed.currency) ?? 0,
    occurredAt: event.occurredAt,
    originPeriod: home.originPeriod,
  }
  const named = nameFees(reverse, submittedParts(context, order))
  if ('code' in named) return rejected(named.code, named.message)
  const own = { ledger, home }
  const reversals = homesOfSubmitted(context, order, named.submitted, event, own)
  if (!Array.isArray(reversals)) return rejected(reversals.code, reversals.message)
  const others = reversals.filter((reversal) => reversal.home !== home)
  const overflow = checkSums(context, reverse, named, home) ?? checkReversals(others, null, 0)
  if (overflow !== undefined) return rejected(overflow.code, overflow.message)

  // Every check has passed: from here on the record is accepted.
  const counts = reverse.ruleBook.rebates.length > 0
  const before = counts ? [...billed.lines.reversed] : []
  beginEntry(context, home, event.eventId)
  billReverse(reverse, named, context.entry)
  fillReversals(context, event, reversals, home)
  if (converted !== null) billed.foreign = converted.foreign
  endEntry(context, home)
  context.state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
  postReversals(context, event, others)
  clawBackGuide(context, event, order, billed)
  if (!counts) return applied
  const cause = { id: event.refundId, at: event.occurredAt }
  countReturn(context, order, billed, { before, units: refund.quantity, cause })
  return applied
}

/** The line of statements that a billed order stands on. */
export function ledgerOfOrder(order: Order, billed: Billed): Ledger {
  const { entity, mode, currency, partyKind, cycle } = billed
  const key = { partyId: order.partyId, entity, mode, currency, cycle: cycle.kind }
  return { key, partyKind, cycle }
}

/** Whether the statement's sums stay exact with the refund; nothing is changed. */
function checkSums(
  context: FoldContext,
  reverse: Reverse,
  named: Named,
  home: Home,
): Refusal | undefined {
  const { statement } = home
  const submitted = named.submitted.reduce((sum, amount) => sum + amount, 0)
  // Hardly any refund comes near the end of the range: only those are tried on a copy.
  if (statement.magnitude + submitted + mostOf(reverse) <= maxAmount) return undefined
  beginEntry(context, home, null)
  billReverse({ ...reverse, billed: copyOf(reverse.billed) }, named, context.entry)
  return checkFitsWith(context, home, submitted)
}
