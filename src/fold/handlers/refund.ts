import { newOrder, type Order } from '../../domain/billing/order.ts'
import { orderKey } from '../agenda.ts'
import { agreementAt } from '../agreements.ts'
import { applyRefund } from '../apply-refund.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { RefundSucceeded } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { dayLength, outsideCalendar } from '../order-terms.ts'
import { duplicate, type Outcome, rejected, toRejected } from '../outcome.ts'
import { facts, orders } from '../tables.ts'
import { park } from './waiting.ts'

/** Reverse billing: takes back of the order what the refund takes, or waits for the order. */
export function foldRefund(event: RefundSucceeded, context: FoldContext): Outcome {
  const { state } = context
  const key = factKey('refund', event.partyId, event.refundId)
  const hash = context.hasher.event(event)
  const known = state.get(facts, key)
  if (known !== undefined) {
    return sameHash(known, hash)
      ? duplicate
      : rejected('DUPLICATE_CONFLICT', `refund ${event.refundId} said otherwise`)
  }
  const order = state.get(orders, orderKey(event.orderCreatedAt, event.orderId, event.partyId))
  const isKnown = order !== undefined && (order.goods !== null || order.state !== 'PENDING')
  const outcome = isKnown ? applyRefund(context, event, order) : wait(context, event, order)
  if (outcome.kind !== 'rejected') state.put(facts, key, hash)
  return outcome
}

function wait(context: FoldContext, event: RefundSucceeded, order: Order | undefined): Outcome {
  const agreement = agreementAt(context, event.partyId, event.occurredAt)
  if (agreement === undefined) {
    return rejected('PARTY_UNKNOWN', `${event.partyId} has no contract and matches no template`)
  }
  const outside = outsideCalendar(context, agreement, event.occurredAt)
  if (outside !== undefined) return toRejected(outside)
  const since = Math.max(context.row.clock ?? event.occurredAt, event.occurredAt)
  const expiresAt = since + agreement.terms.refundWaitDays * dayLength
  const { partyId, orderId, orderCreatedAt: createdAt } = event
  return park(context, event, order ?? newOrder({ partyId, orderId, createdAt }), expiresAt)
}
