import type { FoldContext } from './context.ts'
import type { ExchangeCompleted, RefundSucceeded } from './events.ts'
import { giveNotice } from './notices.ts'

/** What goes back by a refund or an exchange: an exchange's refund is a refund like any other. */
export function refundOf(event: RefundSucceeded | ExchangeCompleted): RefundSucceeded {
  if (event.type === 'RefundSucceeded') return event
  const { refund } = event
  return {
    type: 'RefundSucceeded',
    eventId: event.eventId,
    occurredAt: event.occurredAt,
    partyId: event.partyId,
    source: event.source,
    refundId: refund.refundId,
    orderId: refund.orderId,
    orderCreatedAt: refund.orderCreatedAt,
    lines: refund.lines,
    freight: refund.freight,
    fees: refund.fees,
    reason: refund.reason,
    liability: refund.liability,
  }
}

/** Tells which order an exchange leads to; that order is billed by its own events. */
export function linkExchange(context: FoldContext, event: ExchangeCompleted): void {
  const { exchangeId, newOrderId, occurredAt, partyId, refund } = event
  giveNotice(context, {
    kind: 'EXCHANGE_LINKED',
    subject: exchangeId,
    partyId,
    at: occurredAt,
    facts: [
      { name: 'orderId', value: refund.orderId },
      { name: 'refundId', value: refund.refundId },
      { name: 'newOrderId', value: newOrderId },
    ],
  })
}
