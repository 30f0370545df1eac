import type { Bill } from '../../domain/billing/forward.ts'
import type { Billed, Order } from '../../domain/billing/order.ts'
import { choosePlan, planVersionAt } from '../../domain/guides/choose-plan.ts'
import { countedAfter } from '../../domain/guides/clawback.ts'
import { basesNamed } from '../../domain/guides/commission.ts'
import { orderKey } from '../agenda.ts'
import type { FoldContext } from '../context.ts'
import type { RefundSucceeded } from '../events.ts'
import { guidedOrders } from '../rows/guide-rows.ts'
import { sendClawback, sendCredit } from './loops.ts'

// The merchant's side of an order that a guide sold: what is billed or refunded is told to the
// partition of the guide.

/** Tells the guide of an order that was billed; without a plan for the guide nothing happens. */
export function creditGuide(
  context: FoldContext,
  order: Order,
  bill: Bill,
  eventId: string | null,
): void {
  const { guideId: partyId } = bill.goods
  const { ruleBook, bases, occurredAt, facts } = bill
  if (partyId === null || ruleBook.guidePlans.length === 0) return
  if (bases.gone.every((gone) => gone)) return
  const who = { ...facts, partyId, guide: true }
  const plan = choosePlan(ruleBook.guidePlans, who, occurredAt)
  if (plan === undefined) return
  const components = planVersionAt(plan, occurredAt)?.components ?? []
  const { planId } = plan
  const { version: ruleBookVersion } = ruleBook
  const { orderId, createdAt: orderCreatedAt, partyId: merchantId } = order
  const net = bases.of('NET', -1)
  const key = orderKey(orderCreatedAt, orderId, merchantId)
  const guided = { guideId: partyId, ruleBookVersion, planId, net, refunded: 0, counted: 0 }
  context.state.put(guidedOrders, key, guided)
  sendCredit(context, {
    eventId: eventId ?? orderId,
    occurredAt,
    partyId,
    sellerId: partyId,
    merchantId,
    orderId,
    orderCreatedAt,
    level: 0,
    currency: bill.goods.currency,
    ruleBookVersion,
    planId,
    net,
    lineCount: bases.gone.filter((gone) => !gone).length,
    units: bases.quantity.reduce((sum, units, line) => sum + (bases.gone[line] ? 0 : units), 0),
    parts: basesNamed(components).map((of) => ({ of, amount: bases.of(of, -1) })),
    chain: [],
  })
}

/** Tells the guide of what a refund takes back of a billed order. */
export function clawBackGuide(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  billed: Billed,
): void {
  const { guidePlans } = context.books.ruleBook(billed.ruleBookVersion)
  if (guidePlans.length === 0) return
  const { orderId, createdAt: orderCreatedAt, partyId: merchantId } = order
  const key = orderKey(orderCreatedAt, orderId, merchantId)
  const guided = context.state.get(guidedOrders, key)
  const plan = guidePlans.find(({ planId }) => planId === guided?.planId)
  const version = plan && planVersionAt(plan, billed.occurredAt)
  if (guided === undefined || version === undefined) return
  const { net, counted } = guided
  const refunded = billed.lines.reversed.reduce((sum, amount) => sum + amount, 0)
  const after = countedAfter(version.clawback, {
    soldAt: billed.occurredAt,
    refundedAt: event.occurredAt,
    reason: event.reason,
    taken: refunded - guided.refunded,
    net,
    refunded,
    counted,
  })
  guided.refunded = refunded
  guided.counted = after
  context.state.put(guidedOrders, key, guided)
  if (after <= counted) return
  const { guideId: partyId } = guided
  const { eventId, occurredAt, refundId } = event
  const head = { eventId, occurredAt, partyId, sellerId: partyId, merchantId, orderId }
  sendClawback(context, { ...head, orderCreatedAt, refundId, part: after, whole: net })
}
