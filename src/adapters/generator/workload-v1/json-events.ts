import type { JsonEvent } from '../json-event.ts'
import { Workload, type WorkloadEvent } from './workload.ts'

/** Event time between two ticks: 6,000 events. */
const tickEvery = 60_000

/** The workload as events of this project, with a tick each minute and one at the end. */
export function* workloadEvents(count: number, seed?: number): Generator<JsonEvent> {
  const workload = new Workload(seed)
  let nextTick = Number.NaN
  let last = 0
  for (let made = 0; made < count; made += 1) {
    const event = workload.next()
    last = event.occurredAt
    if (Number.isNaN(nextTick)) nextTick = last + tickEvery
    if (last >= nextTick) {
      yield tickAt(nextTick)
      nextTick += tickEvery
    }
    yield event.kind === 'ORDER' ? orderOf(event) : refundOf(event)
  }
  if (count > 0) yield tickAt(last + 1)
}

function tickAt(instant: number): JsonEvent {
  const at = isoOf(instant)
  return { type: 'Tick', eventId: `tick-${instant}`, occurredAt: at, at }
}

/** Both coupons are the platform's, so that NET is the sum of the lines. */
function orderOf(event: WorkloadEvent): JsonEvent {
  const { couponPlatform, couponMerchant, freight, lineNo } = event
  const discounts = [['COUPON', couponPlatform] as const, ['SHOP', couponMerchant] as const]
  const lines = lineNo.map((number, at) => ({
    lineNo: number,
    sku: event.sku[at],
    quantity: event.quantity[at],
    unitPrice: yuan((event.amount[at] as number) / (event.quantity[at] as number)),
  }))
  return {
    type: 'OrderCompleted',
    eventId: event.eventId,
    occurredAt: isoOf(event.occurredAt),
    partyId: event.merchantId,
    orderId: event.orderId,
    orderCreatedAt: isoOf(event.orderCreatedAt),
    order: {
      currency: 'CNY',
      lines,
      discounts: discounts
        .filter(([, amount]) => amount > 0)
        .map(([kind, amount]) => ({ funder: 'PLATFORM', kind, amount: yuan(amount) })),
      ...(freight > 0 ? { freight: yuan(freight) } : {}),
      buyerRef: event.buyerName,
    },
  }
}

function refundOf(event: WorkloadEvent): JsonEvent {
  const { lineNo, amount, quantity } = event
  return {
    type: 'RefundSucceeded',
    eventId: event.eventId,
    occurredAt: isoOf(event.occurredAt),
    partyId: event.merchantId,
    refundId: event.eventId,
    orderId: event.orderId,
    orderCreatedAt: isoOf(event.orderCreatedAt),
    lines: lineNo.map((number, at) => ({
      lineNo: number,
      amount: yuan(amount[at] as number),
      quantity: quantity[at],
    })),
  }
}

/** The workload has milliseconds, which the other streams of this folder have not. */
function isoOf(instant: number): string {
  return new Date(instant).toISOString()
}

function yuan(minor: number): string {
  return `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
}
