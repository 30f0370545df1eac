import { type Bill, billForward, reverseOnlySchedules } from '../domain/billing/forward.ts'
import type { Goods, Order } from '../domain/billing/order.ts'
import { basesLeft } from '../domain/billing/order-bases.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import type { Instant } from '../domain/calendar/calendar.ts'
import { exponentOf } from '../domain/money/currency.ts'
import { orderEvents } from '../domain/parties/contract.ts'
import { orderKey } from './agenda.ts'
import type { FoldContext } from './context.ts'
import { beginEntry, checkFits, endEntry, findHome, type Ledger } from './homes.ts'
import { type OrderTerms, termsOf } from './order-terms.ts'
import { orders } from './tables.ts'

/**
 * Bills a pending order whose goods are known and whose due instant has come. The order changes its
 * state; a refusal leaves nothing but that.
 */
export function billOrder(context: FoldContext, order: Order): Refusal | undefined {
  const { goods, dueAt } = order
  if (goods === null || dueAt === null) throw new Error(`order ${order.orderId} is not due`)
  const terms = termsOf(context, order)
  const refusal =
    terms === undefined
      ? refuse('NOT_ALLOWED_IN_STATE', `order ${order.orderId}: no contract is in force for it`)
      : billBy(context, order, goods, dueAt, terms)
  if (refusal !== undefined) order.state = 'REFUSED'
  context.state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
  return refusal
}

/** What of billing can be refused before anything is written. */
export function checkBillable(context: FoldContext, order: Order): Refusal | undefined {
  const terms = termsOf(context, order)
  if (terms === undefined || order.goods === null || order.dueAt === null) return undefined
  const wrong = checkCurrency(order.goods, terms)
  if (wrong !== undefined) return wrong
  const home = findHome(context, ledgerOf(order.partyId, terms), order.dueAt, order.orderId)
  return 'code' in home ? home : undefined
}

function checkCurrency(goods: Goods, { agreement }: OrderTerms): Refusal | undefined {
  const { currency } = agreement.terms
  if (goods.currency === currency) return undefined
  const why = `order.currency: ${goods.currency}, but the contract is in ${currency}`
  return refuse('CURRENCY_MISMATCH', why)
}

function billBy(
  context: FoldContext,
  order: Order,
  goods: Goods,
  dueAt: Instant,
  terms: OrderTerms,
): Refusal | undefined {
  const { agreement } = terms
  const wrong = checkCurrency(goods, terms)
  if (wrong !== undefined) return wrong
  const home = findHome(context, ledgerOf(order.partyId, terms), dueAt, order.orderId)
  if ('code' in home) return home
  const settled = order.facts[orderEvents.indexOf(agreement.terms.settleableEvent)]
  beginEntry(context, home, settled?.eventId ?? null)
  const bill = billFor(context, order, goods, dueAt, terms)
  const charges = billForward(bill, context.entry)
  const { entry } = context
  for (let line = 0; line < entry.count; line += 1) entry.originPeriod[line] = home.originPeriod
  const refusal = checkFits(context, home)
  if (refusal !== undefined) return refusal

  order.state = 'BILLED'
  order.goods = null
  order.billed = {
    ruleBookVersion: bill.ruleBook.version,
    statementId: home.statement.statementId,
    mode: agreement.mode,
    entity: agreement.entity,
    currency: goods.currency,
    partyKind: agreement.terms.partyKind,
    cycle: agreement.terms.cycle,
    occurredAt: dueAt,
    lines: {
      lineNo: [...goods.lineNo],
      sku: [...goods.sku],
      net: [...bill.bases.net],
      reversed: goods.lineNo.map(() => 0),
    },
    charges,
    reverseOnly: reverseOnlySchedules(bill),
  }
  endEntry(context, home)
  return undefined
}

function billFor(
  { books, row }: FoldContext,
  order: Order,
  goods: Goods,
  dueAt: Instant,
  { agreement, pinnedAt }: OrderTerms,
): Bill {
  return {
    orderId: order.orderId,
    goods,
    bases: basesLeft(goods, exponentOf(goods.currency) ?? 0, order.refunded),
    refunded: order.refunded,
    facts: {
      mode: agreement.mode,
      partyId: order.partyId,
      channel: goods.channel,
      tags: goods.tags,
      guide: goods.guideId !== null,
    },
    ruleBook: books.ruleBook(row.ruleBookVersion),
    prices: books.prices(row.ruleBookVersion, goods.currency),
    pinnedAt,
    occurredAt: dueAt,
  }
}

/** The line of statements that an order by these terms belongs to. */
export function ledgerOf(partyId: string, { agreement }: Pick<OrderTerms, 'agreement'>): Ledger {
  const { terms, mode, entity } = agreement
  return {
    key: { partyId, entity, mode, currency: terms.currency, cycle: terms.cycle.kind },
    partyKind: terms.partyKind,
    cycle: terms.cycle,
  }
}
