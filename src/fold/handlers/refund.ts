import { newOrder, type Order } from '../../domain/billing/order.ts'
import { refuse } from '../../domain/billing/refusal.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { orderKey } from '../agenda.ts'
import { agreementAt } from '../agreements.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { RefundSucceeded } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { dayLength, outsideCalendar } from '../order-terms.ts'
import { duplicate, type Outcome, rejected } from '../outcome.ts'
import { readRefund } from '../read-refund.ts'
import { refundBeforeBilling } from '../refund-before-billing.ts'
import { reverseOrder } from '../reverse-order.ts'
import { facts, orders } from '../tables.ts'
import { toRejected } from './order-status.ts'
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

/** Applies a refund to an order whose goods, or whose end, are known. */
export function applyRefund(context: FoldContext, event: RefundSucceeded, order: Order): Outcome {
  if (order.state === 'CANCELLED') {
    return rejected('ORDER_CANCELLED', `order ${event.orderId} is cancelled`)
  }
  if (order.state === 'REFUSED') {
    return rejected('NOT_ALLOWED_IN_STATE', `order ${event.orderId} could not be billed`)
  }
  const lines = order.billed?.lines.lineNo ?? order.goods?.lineNo ?? []
  const currency = order.billed?.currency ?? order.goods?.currency ?? ''
  const refund = readRefund(event, lines, exponentOf(currency) ?? 0)
  if ('code' in refund) return toRejected(refund)
  if (!refund.amount.every(Number.isSafeInteger)) {
    return toRejected(refuse('OUT_OF_RANGE', 'lines: the refund is too large'))
  }
  return order.billed === null
    ? refundBeforeBilling(context, event, order, refund)
    : reverseOrder(context, event, order, order.billed, refund)
}
