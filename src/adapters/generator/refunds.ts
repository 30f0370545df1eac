import { shareOf } from '../../domain/money/money.ts'
import type { Arrival } from './arrival-queue.ts'
import type { Chance } from './chance.ts'
import { isoOf, type JsonEvent } from './json-event.ts'
import { drawMerchant, merchantId } from './merchants.ts'
import { type Order, type PricedLine, yuan } from './order.ts'
import type { LifeTimes } from './order-life.ts'
import { hour, type Timeline } from './timeline.ts'

/** What comes back of an order, and when. */
type RefundKind =
  | 'PARTIAL'
  | 'IN_PARTS'
  | 'FULL'
  | 'WHOLE_LINE'
  | 'UNITS'
  | 'WITH_FREIGHT'
  | 'WITH_FEES'
  | 'BEFORE_BILLING'
  | 'BEFORE_ORDER'
  | 'AFTER_CLOSE'
  | 'LATE'
  | 'ABOVE_PAID'
  | 'ABOVE_PAID_BY_PLATFORM'
  | 'BY_PLATFORM'

const kinds: readonly (readonly [number, RefundKind | undefined])[] = [
  [8_650, undefined],
  [300, 'PARTIAL'],
  [150, 'IN_PARTS'],
  [250, 'FULL'],
  [150, 'WHOLE_LINE'],
  [80, 'UNITS'],
  [90, 'WITH_FREIGHT'],
  [50, 'WITH_FEES'],
  [110, 'BEFORE_BILLING'],
  [30, 'BEFORE_ORDER'],
  [60, 'AFTER_CLOSE'],
  [30, 'LATE'],
  [20, 'ABOVE_PAID'],
  [10, 'ABOVE_PAID_BY_PLATFORM'],
  [20, 'BY_PLATFORM'],
]

const reasons = ['NO_REASON_7_DAYS', 'QUALITY', 'WRONG_ITEM', 'DAMAGED', 'PRICE_PROTECTION']

export function drawRefundKind(chance: Chance): RefundKind | undefined {
  return chance.weighted(kinds)
}

/** Kinds that take freight back, so that the order must have some. */
export function needsFreight(kind: RefundKind | undefined): boolean {
  return kind === 'WITH_FREIGHT' || kind === 'WITH_FEES'
}

interface Drawing {
  readonly chance: Chance
  readonly timeline: Timeline
}

/** What one refund says beside its ids. */
interface Claim {
  readonly occurredAt: number
  readonly arrivesAt: number
  readonly lines: readonly {
    readonly lineNo: number
    readonly amount: number
    readonly quantity?: number
  }[]
  readonly freight?: number
  readonly fees?: readonly { readonly feeType: string; readonly amount: number }[]
  readonly liability?: 'PLATFORM'
}

/** The refunds of one order. */
export function refundEvents(
  order: Order,
  kind: RefundKind,
  times: LifeTimes,
  { chance, timeline }: Drawing,
): Arrival[] {
  const claims = claimsOf(order, kind, timesOf(kind, times, { chance, timeline }), chance)
  return claims.map((claim, index) => {
    const refundId = `R-${order.orderId.slice(2)}-${index + 1}`
    return { at: claim.arrivesAt, event: eventOf(order, refundId, claim, chance) }
  })
}

interface Moment {
  readonly occurredAt: number
  readonly arrivesAt: number
}

/** Every refund comes before the timeline's limit; a kind that cannot is a plain late return. */
function timesOf(kind: RefundKind, times: LifeTimes, { chance, timeline }: Drawing): Moment {
  const { paidAt, completedAt, dueAt } = times
  const plain = dueAt + chance.between(1, 8 * 24) * hour
  if (kind === 'BEFORE_BILLING')
    return onTime(chance.between(paidAt / 1_000 + 60, dueAt / 1_000 - 60) * 1_000)
  if (kind === 'BEFORE_ORDER') {
    return onTime(chance.between(paidAt / 1_000 + 60, completedAt / 1_000 - 60) * 1_000)
  }
  if (kind === 'AFTER_CLOSE') {
    const at = timeline.closed(dueAt) + chance.between(1, 5 * 24) * hour
    if (at < timeline.limit) return onTime(at)
  }
  if (kind === 'LATE') {
    const arrivesAt = timeline.closed(plain) + chance.between(1, 4 * 24) * hour
    if (arrivesAt < timeline.limit) return { occurredAt: plain, arrivesAt }
  }
  return onTime(plain)
}

function onTime(at: number): Moment {
  return { occurredAt: at, arrivesAt: at }
}

function claimsOf(order: Order, kind: RefundKind, moment: Moment, chance: Chance): Claim[] {
  const line = chance.pick(order.lines.filter(({ net }) => net > 0))
  const partial = {
    lineNo: line.lineNo,
    amount: atLeastOne((line.net * chance.between(10, 60)) / 100),
  }
  const { lineNo, quantity, net } = line
  switch (kind) {
    case 'IN_PARTS':
      return inParts(line, chance.between(2, 4), moment, chance)
    case 'FULL': {
      const freight = order.freight > 0 && chance.hit(3_000) ? { freight: order.freight } : {}
      return [{ ...moment, lines: order.lines.map(wholeLine), ...freight }]
    }
    case 'WHOLE_LINE':
      return [{ ...moment, lines: [wholeLine(line)] }]
    case 'BEFORE_BILLING':
      return [{ ...moment, lines: [chance.hit(4_000) ? wholeLine(line) : partial] }]
    case 'UNITS': {
      const units = chance.between(1, quantity)
      return [
        { ...moment, lines: [{ lineNo, amount: shareOf(net, units, quantity), quantity: units }] },
      ]
    }
    case 'WITH_FREIGHT':
      return [{ ...moment, lines: [wholeLine(line)], freight: order.freight }]
    case 'WITH_FEES': {
      const amount = Math.trunc(order.freight / 2)
      return [{ ...moment, lines: [partial], fees: [{ feeType: 'FREIGHT_INCOME', amount }] }]
    }
    case 'ABOVE_PAID':
      return [{ ...moment, lines: [{ lineNo, amount: net + chance.between(100, 3_000) }] }]
    case 'ABOVE_PAID_BY_PLATFORM': {
      const amount = net + chance.between(100, 3_000)
      return [{ ...moment, lines: [{ lineNo, amount }], liability: 'PLATFORM' }]
    }
    case 'BY_PLATFORM':
      return [{ ...moment, lines: [partial], liability: 'PLATFORM' }]
    default:
      return [{ ...moment, lines: [partial] }]
  }
}

/** A line that comes back in parts of nearly one size, some hours apart, until nothing is left. */
function inParts(line: PricedLine, parts: number, first: Moment, chance: Chance): Claim[] {
  const claims: Claim[] = []
  let before = 0
  let at = first.occurredAt
  for (let part = 1; part <= parts; part += 1) {
    const target = shareOf(line.net, part, parts)
    claims.push({ ...onTime(at), lines: [{ lineNo: line.lineNo, amount: target - before }] })
    before = target
    at += chance.between(2, 30) * hour
  }
  return claims
}

function wholeLine({ lineNo, net, quantity }: PricedLine) {
  return { lineNo, amount: net, quantity }
}

function atLeastOne(amount: number): number {
  return Math.max(1, Math.trunc(amount))
}

function eventOf(order: Order, refundId: string, claim: Claim, chance: Chance): JsonEvent {
  const { freight, fees, liability } = claim
  return {
    type: 'RefundSucceeded',
    eventId: refundId,
    occurredAt: isoOf(claim.occurredAt),
    partyId: order.partyId,
    refundId,
    orderId: order.orderId,
    orderCreatedAt: isoOf(order.createdAt),
    lines: claim.lines.map((line) => ({ ...line, amount: yuan(line.amount) })),
    ...(freight === undefined ? {} : { freight: yuan(freight) }),
    ...(fees === undefined
      ? {}
      : { fees: fees.map(({ feeType, amount }) => ({ feeType, amount: yuan(amount) })) }),
    reason: chance.pick(reasons),
    ...(liability === undefined ? {} : { liability }),
  }
}

/** A refund of an order that never comes: it waits, and is rejected in the end. */
export function orphanRefund(
  { chance, timeline }: Drawing,
  { number, at, merchants }: { number: number; at: number; merchants: number },
): Arrival {
  const digits = String(number).padStart(7, '0')
  const refundId = `R-${digits}-1`
  const event: JsonEvent = {
    type: 'RefundSucceeded',
    eventId: refundId,
    occurredAt: isoOf(at),
    partyId: merchantId(drawMerchant(chance, merchants)),
    refundId,
    orderId: `X-${digits}`,
    orderCreatedAt: isoOf(Math.max(at - chance.between(1, 72) * hour, timeline.start)),
    lines: [{ lineNo: 1, amount: yuan(chance.between(500, 20_000)), quantity: 1 }],
    reason: chance.pick(reasons),
  }
  return { at, event }
}
