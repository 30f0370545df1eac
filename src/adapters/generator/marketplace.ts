import { formatDay, parseDay } from '../../domain/calendar/day.ts'
import { type Arrival, ArrivalQueue } from './arrival-queue.ts'
import { type Chance, chanceOf } from './chance.ts'
import { adjustment, deliveryFee, resent, returnServiceFee, warehousingFee } from './fees.ts'
import { isoOf, type JsonEvent } from './json-event.ts'
import { merchantRecords } from './merchants.ts'
import { drawOrder } from './order.ts'
import { drawLife, drawTimes, type Life, statusEvents } from './order-life.ts'
import { drawRefundKind, needsFreight, orphanRefund, refundEvents } from './refunds.ts'
import { type Timeline, timelineOf } from './timeline.ts'

/** What a stream is made from; equal options give equal bytes on every machine. */
export interface MarketplaceOptions {
  /** A safe integer from 0 on. */
  readonly seed: number
  /** How many order, refund, fee and adjustment events to make, repetitions included. */
  readonly events: number
  readonly merchants: number
  /** Local days in which orders are made. */
  readonly days: number
  /** The first of them, YYYY-MM-DD. */
  readonly start: string
  /** Time zone of days and ticks, by its IANA name. */
  readonly zone: string
}

/** The month that the demonstration settles: about 20,000 orders. */
export const demoMonth: MarketplaceOptions = {
  seed: 1,
  events: 48_000,
  merchants: 200,
  days: 30,
  start: '2026-06-01',
  zone: 'Asia/Shanghai',
}

interface Market {
  readonly chance: Chance
  readonly timeline: Timeline
  readonly merchants: number
}

/**
 * The events of a marketplace in the order in which they reach the log: orders spread evenly over
 * the days, all that follows from them within the 30 days after, a tick at every local midnight,
 * and ticks until every statement is closed. An event arrives when it happens, save those meant to
 * be late. Exactly `options.events` events, with ticks, contracts and their changes on top.
 */
export function* marketplace(options: MarketplaceOptions): Generator<JsonEvent, void, undefined> {
  const first = parseDay(options.start)
  if (first === undefined) throw new RangeError(`${options.start} is no day`)
  const timeline = timelineOf(first, options.days, options.zone)
  const market = { chance: chanceOf(options.seed), timeline, merchants: options.merchants }
  const stream = new Stream(timeline)
  stream.add(merchantRecords(options.merchants, timeline, options.start))
  let made = 0
  for (let number = 1; made < options.events; number += 1) {
    const at = spread(timeline, made, options.events)
    yield* stream.before(at)
    const left = options.events - made
    const family = drawFamily(market, number, at)
    // The last family is cut to what is left, by orders of a single event.
    const arrivals = family.length <= left ? family : orderFamily(market, number, at, true)
    stream.add(arrivals)
    made += arrivals.length
  }
  yield* stream.before(Number.POSITIVE_INFINITY)
}

/** Whole seconds from the start to the end of orders, in step with the events made. */
function spread({ start, ordersEnd }: Timeline, made: number, of: number): number {
  const seconds = BigInt(Math.trunc((ordersEnd - start) / 1_000) - 1)
  return start + Number((seconds * BigInt(made)) / BigInt(of)) * 1_000
}

/** Merges what is still to arrive with the ticks; at one instant the tick comes first. */
class Stream {
  readonly #queue = new ArrivalQueue()
  readonly #ticks: Timeline['ticks']
  #tick = 0

  constructor({ ticks }: Timeline) {
    this.#ticks = ticks
  }

  add(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) this.#queue.push(arrival)
  }

  *before(instant: number): Generator<JsonEvent, void, undefined> {
    for (;;) {
      const eventAt = this.#queue.nextAt ?? Number.POSITIVE_INFINITY
      const tick = this.#ticks[this.#tick]
      if (tick !== undefined && tick.at <= eventAt && tick.at < instant) {
        this.#tick += 1
        yield tickEvent(tick)
      } else if (eventAt < instant) {
        yield this.#queue.pop() as JsonEvent
      } else return
    }
  }
}

function tickEvent({ day, at }: Timeline['ticks'][number]): JsonEvent {
  const text = isoOf(at)
  return { type: 'Tick', eventId: `tick-${formatDay(day)}`, occurredAt: text, at: text }
}

type FamilyKind = 'ORDER' | 'WAREHOUSING' | 'ADJUSTMENT' | 'ORPHAN_REFUND'

const families: readonly (readonly [number, FamilyKind])[] = [
  [9_480, 'ORDER'],
  [420, 'WAREHOUSING'],
  [70, 'ADJUSTMENT'],
  [30, 'ORPHAN_REFUND'],
]

/** One order with all that follows from it, or one record that hangs on no order. */
function drawFamily(market: Market, number: number, at: number): Arrival[] {
  const { chance, merchants } = market
  const kind = chance.weighted(families)
  const occasion = { number, at, merchants }
  if (kind === 'WAREHOUSING') return [warehousingFee(chance, occasion)]
  if (kind === 'ADJUSTMENT') return [adjustment(chance, occasion)]
  if (kind === 'ORPHAN_REFUND') return [orphanRefund(market, occasion)]
  return orderFamily(market, number, at, false)
}

function orderFamily(market: Market, number: number, at: number, alone: boolean): Arrival[] {
  const { chance, merchants } = market
  const drawn: Life = alone ? 'COMPLETED_ONLY' : drawLife(chance)
  const refund = alone || drawn === 'CANCELLED' ? undefined : drawRefundKind(chance)
  // Only an order that has no earlier status can arrive after its refund.
  const life: Life = refund === 'BEFORE_ORDER' ? 'COMPLETED_ONLY' : drawn
  const withFreight = needsFreight(refund)
  const order = drawOrder(chance, { number, createdAt: at, merchants, withFreight })
  const times = drawTimes(chance, at)
  const arrivals = statusEvents(order, life, times, market)
  if (alone) return arrivals
  if (life !== 'CANCELLED' && chance.hit(2_000)) arrivals.push(...deliveryFee(order, times, market))
  if (refund !== undefined) {
    const refunds = refundEvents(order, refund, times, market)
    arrivals.push(...refunds)
    if (chance.hit(2_000)) arrivals.push(returnServiceFee(order, refunds[0] as Arrival, chance))
  }
  arrivals.push(...resent(arrivals, market))
  return arrivals
}
