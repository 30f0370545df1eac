import type { JsonEvent } from '../../../../src/adapters/generator/json-event.ts'
import type { OrderJson } from '../../../../src/adapters/generator/order.ts'

/** How often each kind that the generator advertises occurs in a stream. */
export type Census = Record<string, number>

interface SeenOrder {
  readonly snapshot: OrderJson
  readonly types: Set<string>
  completedAt: string | undefined
  refunds: number
}

interface RefundJson {
  readonly orderId: string
  readonly lines: readonly { lineNo: number; amount: string; quantity?: number }[]
  readonly freight?: string
  readonly fees?: unknown
  readonly liability?: string
}

/** Counts kinds by what the events say, without a look into the generator. */
export function censusOf(events: readonly JsonEvent[]): Census {
  const coming = new Set(events.filter(({ order }) => order).map(({ orderId }) => orderId))
  const taker = new Taker(coming)
  for (const event of events) taker.take(event)
  return taker.census.counts
}

class Taker {
  readonly census = new Counter()
  readonly #coming: ReadonlySet<unknown>
  readonly #orders = new Map<string, SeenOrder>()
  readonly #seen = new Map<string, string>()
  readonly #changedAt = new Map<string | undefined, string>()
  #clock = ''

  constructor(coming: ReadonlySet<unknown>) {
    this.#coming = coming
  }

  take(event: JsonEvent): void {
    const { type, partyId, occurredAt } = event
    this.census.add(type)
    countRepetition(this.census, this.#seen, event)
    if (type === 'Tick') this.#clock = occurredAt
    else if (isClosed(occurredAt, this.#clock)) this.census.add(`late ${type}`)
    if (type === 'PartyModeChanged') this.#changedAt.set(partyId, `${event.validFrom}`)
    if (type === 'FeeLineSubmitted') this.census.add(`fee ${event.feeType}`)
    if (type.startsWith('Order')) countStatus(this.census, this.#orders, event)
    if (type === 'RefundSucceeded') this.#takeRefund(event)
  }

  #takeRefund(event: JsonEvent): void {
    const refund = event as unknown as RefundJson
    const order = this.#orders.get(refund.orderId)
    countRefund(this.census, refund, order)
    if (order !== undefined) {
      countTiming(this.census, event, order, this.#changedAt.get(event.partyId))
    } else {
      const comes = this.#coming.has(refund.orderId)
      this.census.add(comes ? 'refund before its order' : 'refund without an order')
    }
  }
}

class Counter {
  readonly counts: Census = {}

  add(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }
}

function countRepetition(census: Counter, seen: Map<string, string>, event: JsonEvent): void {
  const { eventId, source: _, ...content } = event
  const text = JSON.stringify(content)
  const before = seen.get(text)
  if (before === undefined) seen.set(text, eventId)
  else census.add(before === eventId ? 'same event again' : 'same key under another event id')
}

function countStatus(census: Counter, orders: Map<string, SeenOrder>, event: JsonEvent): void {
  const id = `${event.orderId}`
  const snapshot = event.order as OrderJson | undefined
  let order = orders.get(id)
  if (order === undefined) {
    if (snapshot === undefined) throw new Error(`${event.eventId} comes first without a snapshot`)
    order = { snapshot, types: new Set(), completedAt: undefined, refunds: 0 }
    orders.set(id, order)
    countSnapshot(census, snapshot)
  } else if (snapshot !== undefined && !order.types.has(event.type)) {
    throw new Error(`${event.eventId} repeats the snapshot`)
  }
  if (
    event.type === 'OrderPaid' &&
    order.types.has('OrderCompleted') &&
    !order.types.has('OrderPaid')
  ) {
    census.add('completed before paid')
  }
  order.types.add(event.type)
  if (event.type === 'OrderCompleted') order.completedAt ??= event.occurredAt
}

function countSnapshot(census: Counter, snapshot: OrderJson): void {
  census.add('orders')
  for (const { funder, kind } of snapshot.discounts ?? []) census.add(`discount ${funder} ${kind}`)
  if (snapshot.discounts?.some(({ lineNo }) => lineNo !== undefined))
    census.add('discount of a line')
  if (snapshot.freight !== undefined) census.add('freight')
  if (snapshot.guideId !== undefined) census.add('guide')
  if (snapshot.tags !== undefined) census.add('tags')
  if (snapshot.lines.some(({ gift }) => gift)) census.add('gift')
  if (snapshot.lines.some(({ unitCost }) => unitCost !== undefined)) census.add('unit cost')
}

function countRefund(census: Counter, refund: RefundJson, order: SeenOrder | undefined): void {
  if (refund.freight !== undefined) census.add('refund with freight')
  if (refund.fees !== undefined) census.add('refund with fees')
  if (refund.liability === 'PLATFORM') census.add('refund by the platform')
  if (refund.lines.some(({ quantity }) => quantity !== undefined))
    census.add('refund with quantity')
  if (order === undefined) return
  order.refunds += 1
  if (order.refunds === 2) census.add('refund in several parts')
  const { lines } = order.snapshot
  const whole = refund.lines.every((back) => {
    return back.quantity === lines.find(({ lineNo }) => lineNo === back.lineNo)?.quantity
  })
  if (whole && refund.lines.length === lines.length && lines.length > 1)
    census.add('refund in full')
  if (whole && refund.lines.length < lines.length) census.add('refund of a whole line')
  const above = refund.lines.some((back) => {
    const line = lines.find(({ lineNo }) => lineNo === back.lineNo)
    return fen(back.amount) > (line?.quantity ?? 0) * fen(line?.unitPrice ?? '0')
  })
  if (above) census.add(`refund above what was paid, by ${refund.liability ?? 'MERCHANT'}`)
}

function countTiming(
  census: Counter,
  event: JsonEvent,
  { completedAt }: SeenOrder,
  changedAt: string | undefined,
): void {
  const due = completedAt === undefined ? undefined : Date.parse(completedAt) + 7 * 86_400_000
  const at = Date.parse(event.occurredAt)
  if (due === undefined || at < due) census.add('refund before billing')
  else if (isClosed(new Date(due).toISOString(), event.occurredAt)) census.add('refund after close')
  const crosses = changedAt !== undefined && `${event.orderCreatedAt}` < changedAt
  if (crosses && event.occurredAt >= changedAt) census.add('refund across a change of mode')
}

/** Whether the month of the instant, in Shanghai, had closed (with six hours of grace) at `now`. */
function isClosed(instant: string, now: string): boolean {
  if (now === '') return false
  const local = new Date(Date.parse(instant) + 8 * 3_600_000)
  const closes = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1, 6 - 8)
  return Date.parse(now) >= closes
}

/** Minor units of an amount as printed, without a detour over floats. */
export function fen(amount: string): number {
  return Number(amount.replace('.', ''))
}
