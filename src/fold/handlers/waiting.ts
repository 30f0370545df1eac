import type { Order } from '../../domain/billing/order.ts'
import type { Instant } from '../../domain/calendar/calendar.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { toMinor } from '../../domain/money/decimal.ts'
import { orderKey, phases, subjectKey } from '../agenda.ts'
import { applyRefund } from '../apply-refund.ts'
import type { FoldContext } from '../context.ts'
import type { Event, ExchangeCompleted, RefundSucceeded } from '../events.ts'
import { linkExchange, refundOf } from '../exchanges.ts'
import { factKey } from '../fact-keys.ts'
import { type Outcome, rejected, waiting } from '../outcome.ts'
import { reject } from '../rejections.ts'
import { agenda, facts, orders, type WaitingRefund, waitingRefunds } from '../tables.ts'

/** Parks a refund whose order's goods are not known, until they come or its time is up. */
export function park(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  expiresAt: Instant,
): Outcome {
  const { state, record, row } = context
  const key = waitingKey(event.partyId, event.refundId)
  state.put(waitingRefunds, key, {
    record: record.value.slice(),
    offset: record.offset,
    firstSeenAt: row.clock,
    expiresAt,
  })
  order.waiting.push(event.refundId)
  state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
  state.addKey(agenda, subjectKey(phases.expire, expiresAt, key))
  return waiting
}

/** Judges the order's waiting refunds, in order of arrival, once its goods or its end are known. */
export function settleWaiting(context: FoldContext, order: Order): void {
  if (order.waiting.length === 0) return
  if (order.goods === null && order.state === 'PENDING') return
  for (const refundId of order.waiting.splice(0)) {
    const key = waitingKey(order.partyId, refundId)
    const parked = context.state.get(waitingRefunds, key)
    if (parked === undefined) throw new Error(`waiting refund ${refundId} is not in the state`)
    const event = release(context, key, parked)
    finish(context, parked, event, applyRefund(context, refundOf(event), order))
  }
  context.state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
}

/** A bound of what the order's waiting refunds can put on a statement, in minor units. */
export function mostOfWaiting({ state, tools }: FoldContext, order: Order): number {
  const exponent = exponentOf(order.goods?.currency ?? '') ?? 0
  let most = 0
  for (const refundId of order.waiting) {
    const parked = state.get(waitingRefunds, waitingKey(order.partyId, refundId))
    const decoded = parked && tools.decodeEvent(parked.record)
    if (decoded?.ok !== true || !takesBack(decoded.event)) continue
    const { lines, fees } = refundOf(decoded.event)
    for (const { amount } of [...lines, ...fees]) most += toMinor(amount, exponent) ?? 0
  }
  return most
}

/** The time of a waiting refund is up: its order never came. */
export function expire(context: FoldContext, key: string): void {
  const { state } = context
  const parked = state.get(waitingRefunds, key)
  if (parked === undefined) throw new Error('a waiting refund of the agenda is not in the state')
  const event = release(context, key, parked)
  const { orderCreatedAt, orderId, refundId } = refundOf(event)
  const at = orderKey(orderCreatedAt, orderId, event.partyId)
  const order = state.get(orders, at)
  if (order !== undefined) {
    order.waiting.splice(order.waiting.indexOf(refundId), 1)
    state.put(orders, at, order)
  }
  const why = `order ${orderId} did not come in time`
  finish(context, parked, event, rejected('ORDER_UNKNOWN', why))
}

type TakingBack = RefundSucceeded | ExchangeCompleted

function takesBack(event: Event): event is TakingBack {
  return event.type === 'RefundSucceeded' || event.type === 'ExchangeCompleted'
}

function release(context: FoldContext, key: string, parked: WaitingRefund): TakingBack {
  const { state, tools } = context
  state.delete(waitingRefunds, key)
  state.removeKey(agenda, subjectKey(phases.expire, parked.expiresAt, key))
  const decoded = tools.decodeEvent(parked.record)
  if (!decoded.ok || !takesBack(decoded.event)) {
    throw new Error('a waiting refund cannot be decoded any more')
  }
  return decoded.event
}

/** Turns waiting into how it ended; a rejected refund leaves no business key. */
function finish(
  context: FoldContext,
  parked: WaitingRefund,
  event: TakingBack,
  outcome: Outcome,
): void {
  const counts = context.row.party
  counts.waiting -= 1
  if (outcome.kind !== 'rejected') {
    counts.applied += 1
    if (event.type === 'ExchangeCompleted') linkExchange(context, event)
    return
  }
  context.state.delete(facts, factKey('refund', event.partyId, refundOf(event).refundId))
  if (event.type === 'ExchangeCompleted') {
    context.state.delete(facts, factKey('exchange', event.partyId, event.exchangeId))
  }
  const { record, offset, firstSeenAt } = parked
  const seen = reject(context, {
    event,
    value: record,
    offset,
    firstSeenAt,
    hash: context.hasher.event(event),
    code: outcome.code,
    message: outcome.message,
  })
  if (seen) counts.duplicates += 1
  else counts.rejected += 1
}

function waitingKey(partyId: string, refundId: string): string {
  return `${partyId}\0${refundId}`
}
