import type { Instant } from '../calendar/calendar.ts'
import { type Minor, shareOf } from '../money/money.ts'
import type { Clawback } from '../rulebook/guide-plan.ts'

/** A refund of an order that a guide sold. */
export interface Return {
  readonly soldAt: Instant
  readonly refundedAt: Instant
  readonly reason: string | null
  /** NET that this refund took. */
  readonly taken: Minor
  /** The order's billed NET, and what all refunds took of it so far. */
  readonly net: Minor
  readonly refunded: Minor
  /** How much of `net` took its commission back before. */
  readonly counted: Minor
}

const dayLength = 86_400_000

/** How much of the order's NET takes its commission back after this refund, in all. */
export function countedAfter({ policy, windowDays, byReason }: Clawback, refund: Return): Minor {
  const { counted, net, taken, refunded } = refund
  if (windowDays !== null && refund.refundedAt > refund.soldAt + windowDays * dayLength) {
    return counted
  }
  const rule = refund.reason === null ? undefined : byReason.get(refund.reason)
  if (rule === 'MERCHANT_BEARS' || policy === 'NONE') return counted
  if (rule === 'FULL' || policy === 'FULL_ON_ANY_REFUND') return net
  if (policy === 'FULL_ON_FULL_REFUND') return refunded >= net ? net : counted
  return Math.min(net, counted + taken)
}

/** What shall have gone back of an amount in all; 0 ≤ part ≤ whole, whole > 0. */
export function clawedOf(amount: Minor, part: Minor, whole: Minor): Minor {
  return shareOf(amount, part, whole)
}
