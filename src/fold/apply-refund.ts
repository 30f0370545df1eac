import type { Order } from '../domain/billing/order.ts'
import { refuse } from '../domain/billing/refusal.ts'
import { exponentOf } from '../domain/money/currency.ts'
import type { FoldContext } from './context.ts'
import type { RefundSucceeded } from './events.ts'
import { type Outcome, rejected, toRejected } from './outcome.ts'
import { readRefund } from './read-refund.ts'
import { refundBeforeBilling } from './refund-before-billing.ts'
import { reverseOrder } from './reverse-order.ts'

/** Applies a refund to an order whose goods, or whose end, are known. */
export function applyRefund(context: FoldContext, event: RefundSucceeded, order: Order): Outcome {
  if (order.state === 'CANCELLED') {
    return rejected('ORDER_CANCELLED', `order ${event.orderId} is cancelled`)
  }
  if (order.state === 'REFUSED') {
    return rejected('NOT_ALLOWED_IN_STATE', `order ${event.orderId} could not be billed`)
  }
  const lines = order.billed?.lines.lineNo ?? order.goods?.lineNo ?? []
  const currency =
    order.billed?.foreign?.currency ?? order.billed?.currency ?? order.goods?.currency ?? ''
  const refund = readRefund(event, lines, exponentOf(currency) ?? 0)
  if ('code' in refund) return toRejected(refund)
  if (!refund.amount.every(Number.isSafeInteger)) {
    return toRejected(refuse('OUT_OF_RANGE', 'lines: the refund is too large'))
  }
  return order.billed === null
    ? refundBeforeBilling(context, event, order, refund)
    : reverseOrder(context, event, order, order.billed, refund)
}
