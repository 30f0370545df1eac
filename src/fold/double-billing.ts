import {
  type Comparison,
  comparisonsOf,
  type DoubleFees,
  differs,
  type OwnFee,
} from '../domain/billing/double.ts'
import type { Billed, Order } from '../domain/billing/order.ts'
import type { Instant } from '../domain/calendar/calendar.ts'
import { limitOf } from '../domain/fees/price.ts'
import { exponentOf, formatMinor } from '../domain/money/currency.ts'
import type { DoubleTerms, FeeType } from '../domain/rulebook/rule-book.ts'
import { orderKey, phases, subjectKey } from './agenda.ts'
import type { FoldContext } from './context.ts'
import type { NoticeFact } from './emissions.ts'
import type { FeeLineSubmitted } from './events.ts'
import { giveNotice } from './notices.ts'
import { agenda, orders } from './tables.ts'

// Double insurance: two paths compute one fee, one of them is billed, and people are told where
// they differ. A path that says nothing is told of when the other one's statement closes.

/** Whether the other system's line is what is billed; an order keeps what it was billed by. */
export function billsSubmitted(
  { books }: FoldContext,
  order: Order | null,
  feeType: FeeType,
): boolean {
  const billed = order?.billed ?? null
  if (billed === null) return feeType.double?.bill === 'SUBMITTED'
  const was = books.ruleBook(billed.ruleBookVersion).feeTypeByCode.get(feeType.code)
  return was?.double?.bill === 'SUBMITTED'
}

/** Keeps a submitted line for its order and compares it where that is billed. */
export function compareSubmitted(
  context: FoldContext,
  order: Order,
  event: FeeLineSubmitted,
  feeType: FeeType,
  closesAt: Instant,
): void {
  const doubles = order.doubles ?? newDoubles(event.currency)
  if (order.billed !== null) doubles.own ??= ownOf(context, order.billed)
  const lineNo = feeType.grain === 'LINE' ? event.lineNo : null
  const at = event.occurredAt
  doubles.submitted.push({ feeType: feeType.code, lineNo, amount: event.amount, at })
  order.doubles = doubles
  const key = orderKey(order.createdAt, order.orderId, order.partyId)
  context.state.put(orders, key, order)
  if (order.billed === null) return compareAtClose(context, order, closesAt)
  for (const one of comparisonsOf(doubles)) {
    const isMeant = one.feeType === feeType.code && one.lineNo === lineNo
    if (isMeant) tellIfDiffers(context, order, one, order.billed)
  }
}

/** Compares what billing has just computed with what was submitted before. */
export function compareOwn(
  context: FoldContext,
  order: Order,
  billed: Billed,
  own: readonly OwnFee[],
  closesAt: Instant,
): void {
  const doubles = order.doubles ?? newDoubles(billed.currency)
  doubles.own = own
  order.doubles = doubles
  let isComplete = true
  for (const one of comparisonsOf(doubles)) {
    isComplete &&= one.submitted !== null
    tellIfDiffers(context, order, one, billed)
  }
  if (!isComplete) compareAtClose(context, order, closesAt)
}

/** A statement closes: what only one path has said until now is told of. */
export function tellMissing(context: FoldContext, orderAt: string, closesAt: Instant): void {
  const order = context.state.get(orders, orderAt)
  if (order === undefined || order.doubles === null) return
  const { billed, doubles } = order
  // By the instant it was settleable, so that it does not matter how late the tick comes.
  const own = billed !== null && billed.occurredAt <= closesAt ? doubles.own : null
  for (const one of comparisonsOf({ own, submitted: doubles.submitted })) {
    if (one.own === null || one.submitted === null) tell(context, order, one, closesAt)
  }
}

function newDoubles(currency: string): DoubleFees {
  return { currency, own: null, submitted: [] }
}

function compareAtClose({ state }: FoldContext, order: Order, closesAt: Instant): void {
  const key = orderKey(order.createdAt, order.orderId, order.partyId)
  state.addKey(agenda, subjectKey(phases.compare, closesAt, key))
}

/** Of an order that was billed when its rule book compared nothing: the charges themselves. */
function ownOf({ books }: FoldContext, { charges, lines, ruleBookVersion }: Billed): OwnFee[] {
  const { feeTypes } = books.ruleBook(ruleBookVersion)
  return charges.amount.map((amount, place) => ({
    feeType: feeTypes[charges.feeType[place] as number]?.code ?? '',
    lineNo: lines.lineNo[charges.line[place] as number] ?? null,
    amount,
  }))
}

function tellIfDiffers(
  context: FoldContext,
  order: Order,
  one: Comparison,
  { currency, occurredAt }: Billed,
): void {
  const terms = termsOf(context, one)
  const tolerance = limitOf(terms?.tolerance ?? '0', exponentOf(currency) ?? 0)
  if (differs(one, tolerance)) tell(context, order, one, Math.max(one.at, occurredAt))
}

function termsOf({ books, row }: FoldContext, { feeType }: Comparison): DoubleTerms | undefined {
  return books.ruleBook(row.ruleBookVersion).feeTypeByCode.get(feeType)?.double ?? undefined
}

function tell(context: FoldContext, order: Order, one: Comparison, at: Instant): void {
  const { orderId, partyId } = order
  const { feeType, lineNo, own, submitted } = one
  const terms = termsOf(context, one)
  const line = lineNo === null ? '' : `/${lineNo}`
  const facts: NoticeFact[] = [
    { name: 'orderId', value: orderId },
    { name: 'feeType', value: feeType },
  ]
  if (lineNo !== null) facts.push({ name: 'lineNo', value: String(lineNo) })
  const currency = order.doubles?.currency ?? ''
  if (own !== null) facts.push({ name: 'own', value: formatMinor(own, currency) })
  if (submitted !== null) {
    facts.push({ name: 'submitted', value: formatMinor(submitted, currency) })
  }
  facts.push({ name: 'tolerance', value: terms?.tolerance ?? '0' })
  facts.push({ name: 'billed', value: terms?.bill ?? 'OWN' })
  giveNotice(context, {
    kind: 'DUAL_BILLING_MISMATCH',
    subject: `${partyId}/${orderId}/${feeType}${line}`,
    partyId,
    at,
    facts,
  })
}
