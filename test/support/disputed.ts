import { at, refunded } from './market.ts'
import type { Json } from './world.ts'

/** ChargebackOpened of `M-1` for the order `O-1` of `completed`: 100.00 and a fee of 15.00. */
export function chargebackOpened(chargebackId: string, overrides: Json = {}): Json {
  return {
    type: 'ChargebackOpened',
    eventId: `${chargebackId}:opened`,
    occurredAt: at('25T00:00'),
    partyId: 'M-1',
    chargebackId,
    orderId: 'O-1',
    orderCreatedAt: at('20T10:00'),
    amount: '100.00',
    fee: '15.00',
    ...overrides,
  }
}

/** ChargebackClosed of the same. */
export function chargebackClosed(
  chargebackId: string,
  outcome: string,
  overrides: Json = {},
): Json {
  const { fee: _fee, ...rest } = chargebackOpened(chargebackId)
  return {
    ...rest,
    type: 'ChargebackClosed',
    eventId: `${chargebackId}:closed`,
    occurredAt: at('28T00:00'),
    outcome,
    ...overrides,
  }
}

/** ExchangeCompleted of `M-1`: lines of an order of `completed` come back for a new order. */
export function exchanged(
  exchangeId: string,
  orderId: string,
  lines: readonly (readonly [lineNo: number, amount: string])[],
  newOrderId: string,
  refundId = `${exchangeId}:refund`,
): Json {
  const {
    type: _type,
    eventId: _id,
    occurredAt,
    partyId,
    ...refund
  } = refunded(refundId, orderId, lines)
  return {
    type: 'ExchangeCompleted',
    eventId: `${exchangeId}:exchange`,
    occurredAt,
    partyId,
    exchangeId,
    refund,
    newOrderId,
  }
}

/** FxRatePublished by `boc`. */
export function rateOf(pair: string, rate: string, publishedAt: string): Json {
  return {
    type: 'FxRatePublished',
    eventId: `fx-${publishedAt}`,
    occurredAt: publishedAt,
    source: 'boc',
    pair,
    publishedAt,
    rate,
  }
}
