import { timesPrice } from '../../domain/money/decimal.ts'
import { taxInside } from '../../domain/money/money.ts'
import type { Arrival } from './arrival-queue.ts'
import type { Chance } from './chance.ts'
import { isoOf, type JsonEvent } from './json-event.ts'
import { drawMerchant, merchantId } from './merchants.ts'
import { type Order, yuan } from './order.ts'
import type { LifeTimes } from './order-life.ts'
import { hour, type Timeline } from './timeline.ts'

/** Value added tax inside fees of the carrier. */
const deliveryTax = { numerator: 9, denominator: 100 }

interface Drawing {
  readonly chance: Chance
  readonly timeline: Timeline
}

/** The carrier's fee for an order, in some cases late, in some taken back later. */
export function deliveryFee(order: Order, times: LifeTimes, drawing: Drawing): Arrival[] {
  const { chance, timeline } = drawing
  const externalId = `D-${order.orderId.slice(2)}`
  const amount = -chance.between(45, 220) * 10
  const occurredAt = times.deliveredAt
  const late = timeline.closed(occurredAt) + chance.between(1, 4 * 24) * hour
  const at = chance.hit(150) && late < timeline.limit ? late : occurredAt
  const event: JsonEvent = {
    type: 'FeeLineSubmitted',
    eventId: externalId,
    occurredAt: isoOf(occurredAt),
    partyId: order.partyId,
    sourceSystem: 'logistics',
    externalId,
    feeType: 'DELIVERY_FEE',
    amount: yuan(amount),
    currency: 'CNY',
    orderId: order.orderId,
    orderCreatedAt: isoOf(order.createdAt),
    ...(chance.hit(5_000) ? { taxAmount: yuan(taxInside(amount, deliveryTax)) } : {}),
  }
  const reversalAt = at + chance.between(24, 8 * 24) * hour
  if (!chance.hit(200) || reversalAt >= timeline.limit) return [{ at, event }]
  const back = chance.hit(5_000) ? -amount : Math.trunc(-amount / 2)
  return [
    { at, event },
    { at: reversalAt, event: feeReversal(event, yuan(back), reversalAt) },
  ]
}

function feeReversal({ partyId, sourceSystem, externalId }: JsonEvent, amount: string, at: number) {
  return {
    type: 'FeeLineReversed',
    eventId: `${externalId}:back`,
    occurredAt: isoOf(at),
    partyId: partyId as string,
    sourceSystem,
    externalId,
    reversalId: '1',
    amount,
  }
}

/** What the service desk takes for a return that it handled. */
export function returnServiceFee(order: Order, refund: Arrival, chance: Chance): Arrival {
  const externalId = `V-${order.orderId.slice(2)}`
  const event: JsonEvent = {
    type: 'FeeLineSubmitted',
    eventId: externalId,
    occurredAt: isoOf(refund.at),
    partyId: order.partyId,
    sourceSystem: 'service-desk',
    externalId,
    feeType: 'RETURN_SERVICE_FEE',
    amount: yuan(-chance.between(300, 1_500)),
    currency: 'CNY',
    orderId: order.orderId,
    orderCreatedAt: isoOf(order.createdAt),
  }
  return { at: refund.at, event }
}

/** Place and time of a record that hangs on no order. */
export interface Occasion {
  readonly number: number
  readonly at: number
  readonly merchants: number
}

/** A day of storage: units times a price of less than a cent's precision. */
export function warehousingFee(chance: Chance, { number, at, merchants }: Occasion): Arrival {
  const externalId = `W-${String(number).padStart(7, '0')}`
  const quantity = chance.between(20, 900)
  const unitPrice = { unscaled: chance.between(15, 95), scale: 3 }
  const amount = timesPrice(quantity, unitPrice, 2) as number
  const event: JsonEvent = {
    type: 'FeeLineSubmitted',
    eventId: externalId,
    occurredAt: isoOf(at),
    partyId: merchantId(drawMerchant(chance, merchants)),
    sourceSystem: 'warehouse',
    externalId,
    feeType: 'WAREHOUSING_FEE',
    amount: yuan(-amount),
    currency: 'CNY',
    quantity,
    unitPrice: `0.0${unitPrice.unscaled}`,
    description: '仓储费',
  }
  return { at, event }
}

/** A correction by hand, in either direction. */
export function adjustment(chance: Chance, { number, at, merchants }: Occasion): Arrival {
  const adjustmentId = `A-${String(number).padStart(7, '0')}`
  const amount = chance.between(100, 50_000) * (chance.hit(5_000) ? 1 : -1)
  const event: JsonEvent = {
    type: 'AdjustmentSubmitted',
    eventId: adjustmentId,
    occurredAt: isoOf(at),
    partyId: merchantId(drawMerchant(chance, merchants)),
    adjustmentId,
    amount: yuan(amount),
    currency: 'CNY',
    reason: chance.pick(['FEE_LEFT_OFF', 'SERVICE_CREDIT', 'CAMPAIGN_CORRECTION']),
    evidence: `ticket-${chance.between(10_000, 99_999)}`,
    submittedBy: chance.pick(['ops.li', 'ops.wang', 'ops.zhao']),
  }
  return { at, event }
}

/**
 * Records that come again, days later: as they were, or under another event id from another source.
 * Both are duplicates by their business keys.
 */
export function resent(arrivals: readonly Arrival[], { chance, timeline }: Drawing): Arrival[] {
  const again: Arrival[] = []
  for (const { at, event } of arrivals) {
    const parts = chance.below(10_000)
    if (parts >= 80) continue
    const later = Math.min(at + chance.between(60, 2 * 24 * 3_600) * 1_000, timeline.limit - 1_000)
    if (parts < 50) again.push({ at: later, event })
    else {
      const copy = { ...event, eventId: `${event.eventId}:again`, source: 'resend' }
      again.push({ at: later, event: copy })
    }
  }
  return again
}
