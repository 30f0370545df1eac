import { orderKey } from './agenda.ts'
import type { FoldRecord } from './context.ts'
import type { Event } from './events.ts'
import { chargebackKey, factKey, submittedKey } from './fact-keys.ts'
import { chargebacks, facts, orders, parties, submittedLines } from './tables.ts'

/** The rows that folding the record will surely ask for, as keys of the store. */
export function keysOf({ decoded }: FoldRecord): string[] {
  return decoded.ok ? keysOfEvent(decoded.event) : []
}

function keysOfEvent(event: Event): string[] {
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderPaid':
    case 'OrderDelivered':
    case 'OrderCompleted':
    case 'OrderCancelled':
      return [
        orders.prefix + orderKey(event.orderCreatedAt, event.orderId, event.partyId),
        parties.prefix + event.partyId,
      ]
    case 'RefundSucceeded':
      return [
        orders.prefix + orderKey(event.orderCreatedAt, event.orderId, event.partyId),
        facts.prefix + factKey('refund', event.partyId, event.refundId),
        parties.prefix + event.partyId,
      ]
    case 'ExchangeCompleted': {
      const { orderCreatedAt, orderId, refundId } = event.refund
      return [
        orders.prefix + orderKey(orderCreatedAt, orderId, event.partyId),
        facts.prefix + factKey('exchange', event.partyId, event.exchangeId),
        facts.prefix + factKey('refund', event.partyId, refundId),
        parties.prefix + event.partyId,
      ]
    }
    case 'ChargebackOpened':
    case 'ChargebackClosed':
      return [
        orders.prefix + orderKey(event.orderCreatedAt, event.orderId, event.partyId),
        chargebacks.prefix + chargebackKey(event.partyId, event.chargebackId),
        parties.prefix + event.partyId,
      ]
    case 'FeeLineSubmitted':
      return [
        submittedLines.prefix + submittedKey(event.partyId, event.sourceSystem, event.externalId),
        parties.prefix + event.partyId,
      ]
    default:
      return []
  }
}
