import { type Goods, newOrder, type Order, withOwnFacts } from '../../domain/billing/order.ts'

import type { Agreement } from '../../domain/parties/agreement.ts'
import { type OrderEvent, orderEvents } from '../../domain/parties/contract.ts'
import { billKey, orderKey } from '../agenda.ts'
import { agreementAt } from '../agreements.ts'
import { billOrder, checkBillable } from '../bill-order.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { OrderStatusEvent } from '../events.ts'
import { checkAgreed, readGoods } from '../goods.ts'
import { type OrderTerms, outsideCalendar, settleableAt, termsOf } from '../order-terms.ts'
import { applied, duplicate, type Outcome, rejected, toRejected } from '../outcome.ts'
import { agenda, orders } from '../tables.ts'
import { mostOfWaiting, settleWaiting } from './waiting.ts'

const places: Readonly<Record<OrderStatusEvent['type'], OrderEvent>> = {
  OrderPlaced: 'ORDER_PLACED',
  OrderPaid: 'ORDER_PAID',
  OrderDelivered: 'ORDER_DELIVERED',
  OrderCompleted: 'ORDER_COMPLETED',
  OrderCancelled: 'ORDER_CANCELLED',
}

/** Keeps what the event says of the order, and bills it when that completes the condition. */
export function foldOrderStatus(event: OrderStatusEvent, context: FoldContext): Outcome {
  const { state } = context
  const key = orderKey(event.orderCreatedAt, event.orderId, event.partyId)
  const known = state.get(orders, key)
  const place = orderEvents.indexOf(places[event.type])
  const hash = context.hasher.event(event)
  const same = known?.facts[place]
  if (same !== null && same !== undefined) {
    return sameHash(same.hash, hash)
      ? duplicate
      : rejected('DUPLICATE_CONFLICT', `${event.type} of order ${event.orderId} said otherwise`)
  }
  const refusal = refuseState(event, known)
  if (refusal !== undefined) return refusal
  const next = withFact(event, known, place, hash)
  const terms = termsOf(context, next)
  const agreement = agreementOf(context, event, terms)
  if (agreement === undefined) {
    return rejected('PARTY_UNKNOWN', `${event.partyId} has no contract and matches no template`)
  }
  const outside = outsideCalendar(context, agreement, event.occurredAt)
  if (outside !== undefined) return toRejected(outside)
  const wrong = takeSnapshot(context, event, next, agreement, terms)
  if (wrong !== undefined) return wrong
  if (event.type === 'OrderCancelled') return cancel(context, key, next)
  return accept(context, key, next, terms)
}

function refuseState(event: OrderStatusEvent, known: Order | undefined): Outcome | undefined {
  if (known === undefined) return undefined
  if (known.state === 'CANCELLED') {
    return rejected('ORDER_CANCELLED', `order ${event.orderId} is cancelled`)
  }
  if (event.type !== 'OrderCancelled' || known.state === 'PENDING') return undefined
  return rejected('NOT_ALLOWED_IN_STATE', `order ${event.orderId} is billed: send a refund`)
}

/** A copy with the fact, so that a rejection leaves the live row as it was. */
function withFact(
  event: OrderStatusEvent,
  known: Order | undefined,
  place: number,
  hash: Uint8Array,
): Order {
  const { partyId, orderId, orderCreatedAt: createdAt } = event
  const order =
    known === undefined ? newOrder({ partyId, orderId, createdAt }) : withOwnFacts(known)
  order.facts[place] = { at: event.occurredAt, eventId: event.eventId, hash }
  return order
}

/** By the event's own instant, else by what the order is pinned to. */
function agreementOf(
  context: FoldContext,
  event: OrderStatusEvent,
  terms: OrderTerms | undefined,
): Agreement | undefined {
  if (terms?.pinnedAt === event.occurredAt) return terms.agreement
  return agreementAt(context, event.partyId, event.occurredAt) ?? terms?.agreement
}

/** Takes the first snapshot into the order; a different one later is a conflict. */
function takeSnapshot(
  context: FoldContext,
  event: OrderStatusEvent,
  order: Order,
  agreement: Agreement,
  pinned: OrderTerms | undefined,
): Outcome | undefined {
  if (event.order === null) return undefined
  const hash = context.hasher.snapshot(event.order)
  if (order.snapshotHash !== null) {
    return sameHash(order.snapshotHash, hash)
      ? undefined
      : rejected('DUPLICATE_CONFLICT', `order ${event.orderId} has another snapshot`)
  }
  const goods = readGoods(event.order)
  if ('code' in goods) return toRejected(goods)
  const ruleBook = context.books.ruleBook(context.row.ruleBookVersion)
  const refusal = checkAgreed(
    goods,
    pinned?.agreement ?? agreement,
    ruleBook,
    pinned?.pinnedAt ?? event.occurredAt,
  )
  if (refusal !== undefined) return toRejected(refusal)
  setGoods(order, goods, hash)
  return undefined
}

function setGoods(order: Order, goods: Goods, hash: Uint8Array): void {
  order.goods = goods
  order.snapshotHash = hash
  // Anew, since the live row of an order whose event is rejected must stay as it was.
  order.refunded = {
    amount: goods.lineNo.map(() => 0),
    quantity: goods.lineNo.map(() => 0),
    fees: [],
    freight: 0,
  }
}

function cancel(context: FoldContext, key: string, order: Order): Outcome {
  // Every check has passed: from here on the record is accepted.
  if (order.dueAt !== null) context.state.removeKey(agenda, billKey(order.dueAt, key))
  order.state = 'CANCELLED'
  order.goods = null
  order.dueAt = null
  context.state.put(orders, key, order)
  settleWaiting(context, order)
  return applied
}

function accept(
  context: FoldContext,
  key: string,
  order: Order,
  terms: OrderTerms | undefined,
): Outcome {
  if (fixDue(context, order, terms)) return billAtOnce(context, key, order, terms)
  // Every check has passed: from here on the record is accepted.
  const { state } = context
  state.put(orders, key, order)
  settleWaiting(context, order)
  if (order.state === 'PENDING' && order.dueAt !== null) {
    state.addKey(agenda, billKey(order.dueAt, key))
  }
  return applied
}

/** Refunds that waited are applied before: so the order must be billable without them too. */
function billAtOnce(
  context: FoldContext,
  key: string,
  order: Order,
  terms: OrderTerms | undefined,
): Outcome {
  if (order.waiting.length > 0) {
    const refusal = checkBillable(context, order, mostOfWaiting(context, order))
    if (refusal !== undefined) return toRejected(refusal)
    context.state.put(orders, key, order)
    settleWaiting(context, order)
  }
  const refusal = billOrder(context, order, terms)
  if (refusal !== undefined) return toRejected(refusal)
  return applied
}

/** Fixes the due instant once it can be known; true when the order is to be billed at once. */
function fixDue(context: FoldContext, order: Order, terms: OrderTerms | undefined): boolean {
  if (order.state !== 'PENDING' || order.dueAt !== null || order.goods === null) return false
  const { row } = context
  order.dueAt = (terms && settleableAt(order, terms)) ?? null
  if (terms === undefined || order.dueAt === null) return false
  // Without days to wait the event itself is the condition, wherever the clock stands.
  if (terms.agreement.terms.plusDays === 0) return true
  return row.clock !== null && row.clock >= order.dueAt
}
