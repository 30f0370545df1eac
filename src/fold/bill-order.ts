import {
  type Conversion,
  convertBases,
  convertNamed,
  type Foreign,
} from '../domain/billing/conversion.ts'
import { type Bill, billForward, reverseOnlySchedules } from '../domain/billing/forward.ts'
import type { Charges, Goods, Order } from '../domain/billing/order.ts'
import { basesLeft } from '../domain/billing/order-bases.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import type { Instant } from '../domain/calendar/calendar.ts'
import { exponentOf } from '../domain/money/currency.ts'
import { isAmount } from '../domain/money/money.ts'
import { orderEvents } from '../domain/parties/contract.ts'
import { orderKey } from './agenda.ts'
import type { FoldContext } from './context.ts'
import { compareOwn } from './double-billing.ts'
import { conversionAt } from './fx-rates.ts'
import { checkAgreed } from './goods.ts'
import { creditGuide } from './guides/sold-orders.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home, type Ledger } from './homes.ts'
import { type OrderTerms, termsOf } from './order-terms.ts'
import { countSale } from './rebates/count-sale.ts'
import { orders } from './tables.ts'

/**
 * Bills a pending order whose goods are known and whose due instant has come, by terms that are
 * known already or are looked up. A refusal has changed nothing.
 */
export function billOrder(
  context: FoldContext,
  order: Order,
  known: OrderTerms | undefined = undefined,
): Refusal | undefined {
  const plan = planBill(context, order, known ?? termsOf(context, order))
  if ('code' in plan) return plan
  const { bill, charges, home, terms } = plan
  const { agreement } = terms
  const { goods, occurredAt } = bill

  // Every check has passed: from here on the order is billed.
  if (bill.ruleBook.rebates.length > 0) countSale(context, order, bill, home.statement)
  order.state = 'BILLED'
  order.goods = null
  order.billed = {
    ruleBookVersion: bill.ruleBook.version,
    statementId: home.statement.statementId,
    mode: agreement.mode,
    entity: agreement.entity,
    currency: agreement.terms.currency,
    partyKind: agreement.terms.partyKind,
    cycle: agreement.terms.cycle,
    occurredAt,
    lines: {
      lineNo: goods.lineNo,
      sku: goods.sku,
      net: bill.bases.net,
      reversed: goods.lineNo.map(() => 0),
    },
    charges,
    reverseOnly: reverseOnlySchedules(bill),
    foreign: foreignOf(order, goods, bill.bases.conversion),
  }
  endEntry(context, home)
  if (goods.guideId !== null) creditGuide(context, order, bill, eventIdOf(order, terms))
  if (charges.doubles !== null || order.doubles !== null) {
    compareOwn(context, order, order.billed, charges.doubles ?? [], home.statement.closesAt)
  }
  context.state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
  return undefined
}

/**
 * Whether the order could be billed as it stands, even where its statement had received up to
 * `more` before; nothing is changed.
 */
export function checkBillable(
  context: FoldContext,
  order: Order,
  more: number,
): Refusal | undefined {
  const plan = planBill(context, order, termsOf(context, order))
  return 'code' in plan ? plan : checkFitsWith(context, plan.home, more)
}

/** As `checkFits`, where the statement's magnitudes are to rise by `more` besides. */
export function checkFitsWith(context: FoldContext, home: Home, more: number): Refusal | undefined {
  const statement = { ...home.statement, magnitude: home.statement.magnitude + more }
  return checkFits(context, { ...home, statement })
}

/** A bill whose lines stand in the context's entry, and where they go. */
interface Plan {
  readonly bill: Bill
  readonly charges: Charges
  readonly home: Home
  readonly terms: OrderTerms
}

function planBill(
  context: FoldContext,
  order: Order,
  terms: OrderTerms | undefined,
): Plan | Refusal {
  const { goods, dueAt } = order
  if (goods === null || dueAt === null) throw new Error(`order ${order.orderId} is not due`)
  if (terms === undefined) {
    return refuse('NOT_ALLOWED_IN_STATE', `order ${order.orderId}: no contract is in force for it`)
  }
  const bill = billFor(context, order, goods, dueAt, terms)
  if ('code' in bill) return bill
  const wrong = checkAgreed(goods, terms.agreement, bill.ruleBook, terms.pinnedAt)
  if (wrong !== undefined) return wrong
  const home = findHome(context, ledgerOf(order.partyId, terms), dueAt, order.orderId)
  if ('code' in home) return home
  beginEntry(context, home, eventIdOf(order, terms))
  const charges = billForward(bill, context.entry)
  const { entry } = context
  for (let line = 0; line < entry.count; line += 1) entry.originPeriod[line] = home.originPeriod
  return checkFits(context, home) ?? { bill, charges, home, terms }
}

/** The event that completed the condition; a contract that came later may wait for another one. */
function eventIdOf({ facts }: Order, { agreement }: OrderTerms): string | null {
  const settled = facts[orderEvents.indexOf(agreement.terms.settleableEvent)]
  return (settled ?? facts.findLast((fact) => fact !== null))?.eventId ?? null
}

function billFor(
  context: FoldContext,
  order: Order,
  goods: Goods,
  dueAt: Instant,
  { agreement, pinnedAt }: OrderTerms,
): Bill | Refusal {
  const { books, row } = context
  const { currency } = agreement.terms
  const bases = basesLeft(goods, exponentOf(goods.currency) ?? 0, order.refunded)
  const conversion = conversionAt(context, goods.currency, agreement.terms, dueAt)
  if (conversion !== null) {
    if ('code' in conversion) return conversion
    convertBases(bases, conversion)
    if (!bases.list.every(isAmount)) {
      return refuse('OUT_OF_RANGE', `order.lines: the order is too large in ${currency}`)
    }
  }
  return {
    orderId: order.orderId,
    goods,
    bases,
    refunded: conversion === null ? order.refunded : convertNamed(order.refunded, conversion),
    facts: {
      mode: agreement.mode,
      partyId: order.partyId,
      channel: goods.channel,
      tags: goods.tags,
      guide: goods.guideId !== null,
    },
    ruleBook: books.ruleBook(row.ruleBookVersion),
    prices: books.prices(row.ruleBookVersion, currency),
    pinnedAt,
    occurredAt: dueAt,
  }
}

/** What the order said in its own currency, for refunds to come; null: nothing is converted. */
function foreignOf(
  { refunded }: Order,
  goods: Goods,
  conversion: Conversion | null,
): Foreign | null {
  if (conversion === null) return null
  const { net } = basesLeft(goods, exponentOf(goods.currency) ?? 0, refunded)
  const { currency, numerator, denominator } = conversion
  const reversed = net.map(() => 0)
  const { fees, freight } = refunded
  return { currency, numerator, denominator, net, reversed, fees, freight }
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
