import { type Named, nameFees } from '../domain/billing/named-fees.ts'
import type { Billed, Order } from '../domain/billing/order.ts'
import type { Refund } from '../domain/billing/refund.ts'
import { billReverse, type Reverse } from '../domain/billing/reverse.ts'
import { exponentOf } from '../domain/money/currency.ts'
import { keyText } from '../domain/statements/statement.ts'
import { orderKey } from './agenda.ts'
import type { FoldContext } from './context.ts'
import type { RefundSucceeded } from './events.ts'
import { beginEntry, endEntry, findHome, type Home, type Ledger } from './homes.ts'
import { applied, type Outcome, rejected } from './outcome.ts'
import {
  homesOfSubmitted,
  postSubmitted,
  type SubmittedReversal,
  submittedParts,
} from './submitted-parts.ts'
import { orders } from './tables.ts'

/** A refund of an order that is billed: reverse lines from the frozen forward ones. */
export function reverseOrder(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  billed: Billed,
  refund: Refund,
): Outcome {
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
  const reversals = homesOfSubmitted(context, order, named.submitted, event)
  if (!Array.isArray(reversals)) return rejected(reversals.code, reversals.message)
  if (!staysExact(reverse, named, home)) {
    return rejected(
      'OUT_OF_RANGE',
      `lines: the sums of ${home.statement.statementId} would overflow`,
    )
  }

  // Every check has passed: from here on the record is accepted.
  beginEntry(context, home, event.eventId)
  billReverse(reverse, named, context.entry)
  const others = postOwn(context, event, reversals, ledger, home)
  endEntry(context, home)
  context.state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
  for (const other of others) {
    beginEntry(context, other.home, event.eventId)
    postSubmitted(context, other, event.occurredAt, other.home)
    endEntry(context, other.home)
  }
  return applied
}

function ledgerOfOrder(order: Order, billed: Billed): Ledger {
  const { entity, mode, currency, partyKind, cycle } = billed
  const key = { partyId: order.partyId, entity, mode, currency, cycle: cycle.kind }
  return { key, partyKind, cycle }
}

/** Submitted lines of the order's own key join its entry; the others are returned. */
function postOwn(
  context: FoldContext,
  event: RefundSucceeded,
  reversals: readonly SubmittedReversal[],
  ledger: Ledger,
  home: Home,
): SubmittedReversal[] {
  const others: SubmittedReversal[] = []
  for (const reversal of reversals) {
    if (keyText(reversal.ledger.key) === keyText(ledger.key)) {
      postSubmitted(context, reversal, event.occurredAt, home)
    } else others.push(reversal)
  }
  return others
}

/** Before anything is written: no refund can move more than all charges, twice, and its excess. */
function staysExact({ billed, refund }: Reverse, named: Named, { statement }: Home): boolean {
  let bound = statement.magnitude
  for (const amount of billed.charges.amount) bound += 3 * Math.abs(amount)
  for (const amount of refund.amount) bound += amount
  for (const amount of named.submitted) bound += amount
  return bound <= Number.MAX_SAFE_INTEGER
}
