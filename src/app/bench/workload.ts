import { type Chance, chanceOf } from '../../adapters/generator/chance.ts'
import type { OrderStatusEvent, RefundSucceeded } from '../../fold/events.ts'
import type { Model } from './model.ts'

// The workload of the measurements: 100,000 parties drawn by Zipf(1.0), orders of 1–5 lines with
// coupons and freight, 10 % refunds of random earlier orders, half of them whole. Seeded: the same
// numbers on every machine, with a model that knows the sums that must come out.

export type WorkloadEvent = OrderStatusEvent | RefundSucceeded

export interface WorkloadOptions {
  readonly seed: number
  readonly parties: number
  readonly events: number
}

interface PlacedOrder {
  readonly number: number
  readonly partyId: string
  readonly createdAt: number
  readonly amounts: readonly number[]
}

/** Orders that a refund may name: as many of the latest. */
const window = 500_000
/** When the first order is placed; the next events follow every 10 ms. */
export const firstInstant = Date.UTC(2026, 0, 1)

/** Yields the events in order and lets the model add up what they must come to. */
export function* workload(
  { seed, parties, events }: WorkloadOptions,
  model: Model,
): Generator<WorkloadEvent> {
  const chance = chanceOf(seed)
  const partyOf = zipf(chance, parties)
  const orders: PlacedOrder[] = []
  let number = 0
  for (let index = 0; index < events; index += 1) {
    const occurredAt = firstInstant + 10 * index
    if (orders.length > 0 && chance.below(10) === 0) {
      const latest = Math.min(orders.length, window)
      const order = orders[orders.length - 1 - chance.below(latest)] as PlacedOrder
      yield refund(chance, order, { index, occurredAt }, model)
    } else {
      const placed = { number, partyId: partyId(partyOf()), createdAt: occurredAt }
      const { event, amounts } = order(chance, placed, model)
      orders.push({ ...placed, amounts })
      number += 1
      yield event
    }
  }
}

/** Party numbers with probability 1 ÷ rank. */
function zipf(chance: Chance, parties: number): () => number {
  const cumulative = new Float64Array(parties)
  let sum = 0
  for (let rank = 1; rank <= parties; rank += 1) {
    sum += Math.floor(300_000_000 / rank)
    cumulative[rank - 1] = sum
  }
  return () => {
    let drawn = chance.below(2 ** 32)
    while (drawn >= sum) drawn = chance.below(2 ** 32)
    let low = 0
    let high = parties - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulative[middle] as number) > drawn) high = middle
      else low = middle + 1
    }
    // Spread over the numbers, so that large parties do not stand together.
    return (low * 7919 + 13) % parties
  }
}

function partyId(number: number): string {
  return `M-${String(number).padStart(7, '0')}`
}

function order(
  chance: Chance,
  { number, partyId, createdAt }: Omit<PlacedOrder, 'amounts'>,
  model: Model,
): { event: OrderStatusEvent; amounts: number[] } {
  const count = 1 + chance.below(5)
  const amounts: number[] = []
  const lines = Array.from({ length: count }, (_, place) => {
    const quantity = 1 + chance.below(3)
    const price = 100 + chance.below(20_000)
    amounts.push(quantity * price)
    return {
      lineNo: place + 1,
      sku: `SKU${String(chance.below(10_000_000)).padStart(7, '0')}`,
      spu: null,
      skuType: null,
      category: null,
      quantity,
      unitPrice: { unscaled: price, scale: 2 },
      amount: null,
      gift: null,
      unitCost: null,
    }
  })
  const base = amounts.reduce((sum, amount) => sum + amount, 0)
  const freight = chance.below(4) === 0 ? 600 : 0
  const coupon = chance.below(5) === 0 ? Math.min(chance.below(1_000), Math.floor(base / 2)) : 0
  model.order(number, amounts, freight, coupon)
  const discounts =
    coupon === 0
      ? []
      : [{ funder: 'PLATFORM' as const, kind: 'COUPON', amount: coupon, lineNo: null }]
  const orderId = orderIdOf(number)
  return {
    amounts,
    event: {
      type: 'OrderCompleted',
      eventId: `${orderId}:completed`,
      occurredAt: createdAt,
      partyId,
      source: null,
      orderId,
      orderCreatedAt: createdAt,
      order: {
        currency: 'CNY',
        lines,
        discounts,
        freight,
        guideId: null,
        channel: null,
        buyerRef: null,
        tags: [],
      },
    },
  }
}

function refund(
  chance: Chance,
  { number, partyId, createdAt, amounts }: PlacedOrder,
  { index, occurredAt }: { readonly index: number; readonly occurredAt: number },
  model: Model,
): RefundSucceeded {
  const whole = chance.below(2) === 0
  const place = chance.below(amounts.length)
  const wanted = amounts.map((amount, at) => {
    if (whole) return amount
    return at === place ? 1 + chance.below(amount) : 0
  })
  model.refund(number, wanted)
  return {
    type: 'RefundSucceeded',
    eventId: `R${index}:refund`,
    occurredAt,
    partyId,
    source: null,
    refundId: `R${index}`,
    orderId: orderIdOf(number),
    orderCreatedAt: createdAt,
    lines: wanted.flatMap((amount, at) =>
      amount === 0
        ? []
        : [{ lineNo: at + 1, amount: { unscaled: amount, scale: 2 }, quantity: null }],
    ),
    freight: null,
    fees: [],
    reason: null,
    // What exceeds a line makes no line, as in the model.
    liability: 'PLATFORM',
  }
}

function orderIdOf(number: number): string {
  return `26${String(number).padStart(14, '0')}`
}
