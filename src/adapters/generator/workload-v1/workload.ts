import { ZipfMerchants } from './merchants.ts'
import { Xorshift } from './xorshift.ts'

// The settlement workload, version 1: a published stream of orders and refunds whose seed decides
// every byte, so that engines can be compared on the same work. All draws are made in the order of
// its description, also those of fields that this project does not carry.

/** One event of the workload; reused from event to event, so read it before the next one. */
export interface WorkloadEvent {
  kind: 'ORDER' | 'REFUND'
  eventId: string
  orderId: string
  merchantId: string
  /** When the event says it was created; a refund has its own. */
  createdAt: number
  /** When the order that it is about was created. */
  orderCreatedAt: number
  occurredAt: number
  /** Columns of the lines; amounts in minor units. */
  readonly lineNo: number[]
  readonly sku: string[]
  readonly quantity: number[]
  readonly amount: number[]
  freight: number
  couponPlatform: number
  couponMerchant: number
  buyerName: string
  address: string
}

/** The seed of the published check values. */
export const workloadSeed = 20_260_101

const start = 1_767_225_600_000
const apart = 10
/** Refunds are of one of so many last orders. */
const window = 500_000
const mostLines = 5
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const places = '北京上海广州深圳杭成都武汉南西安'

/** Makes the events of the workload, one after the other. */
export class Workload {
  readonly event: WorkloadEvent = {
    kind: 'ORDER',
    eventId: '',
    orderId: '',
    merchantId: '',
    createdAt: 0,
    orderCreatedAt: 0,
    occurredAt: 0,
    lineNo: [],
    sku: [],
    quantity: [],
    amount: [],
    freight: 0,
    couponPlatform: 0,
    couponMerchant: 0,
    buyerName: '',
    address: '',
  }

  #events = 0
  #orders = 0
  readonly #chance: Xorshift
  readonly #merchants: ZipfMerchants
  // The last orders, by their number modulo the window.
  readonly #merchant = new Int32Array(window)
  readonly #suffix = new Int32Array(window)
  readonly #lines = new Int8Array(window)
  readonly #created = new Float64Array(window)
  readonly #sku = new Int32Array(window * mostLines)
  readonly #quantity = new Int8Array(window * mostLines)
  readonly #amount = new Int32Array(window * mostLines)

  constructor(seed = workloadSeed) {
    this.#chance = new Xorshift(seed)
    this.#merchants = new ZipfMerchants()
  }

  /** The next event, in `event`. */
  next(): WorkloadEvent {
    const { event } = this
    event.occurredAt = start + apart * this.#events
    this.#events += 1
    const isRefund = this.#chance.next() % 10 === 0 && this.#orders > 0
    const order = isRefund ? this.#refund() : this.#order()
    const slot = order % window
    event.createdAt = event.occurredAt - this.#below(3_600_000)
    if (!isRefund) this.#created[slot] = event.createdAt
    event.orderCreatedAt = this.#created[slot] as number
    event.orderId = `26${digits(order * 1_000 + (this.#suffix[slot] as number), 14)}`
    event.merchantId = `M${digits(this.#merchant[slot] as number, 7)}`
    event.eventId = this.#uuid()
    event.buyerName = this.#letters(2)
    event.address = this.#address()
    return event
  }

  /** An order of a new number. */
  #order(): number {
    const { event } = this
    const order = this.#orders
    this.#orders += 1
    const slot = order % window
    this.#merchant[slot] = this.#merchants.draw(this.#chance)
    const lines = 1 + this.#below(mostLines)
    this.#lines[slot] = lines
    let base = 0
    for (let line = 0; line < lines; line += 1) base += this.#line(slot * mostLines + line)
    event.kind = 'ORDER'
    event.freight = this.#below(4) === 0 ? 600 : 0
    event.couponPlatform = this.#coupon(1_000, Math.floor(base / 2))
    event.couponMerchant = this.#coupon(500, Math.floor(base / 4))
    this.#suffix[slot] = this.#below(1_000)
    this.#takeLines(slot, 0, lines)
    return order
  }

  #line(at: number): number {
    this.#sku[at] = this.#below(10_000_000)
    const quantity = 1 + this.#below(3)
    const amount = quantity * (100 + this.#below(20_000))
    this.#quantity[at] = quantity
    this.#amount[at] = amount
    return amount
  }

  #coupon(below: number, most: number): number {
    const given = this.#below(5) === 0
    const amount = this.#below(below)
    return given ? Math.min(amount, most) : 0
  }

  /** A refund of a whole order or of a part of one of its lines; the number of the order. */
  #refund(): number {
    const { event } = this
    const order = this.#orders - 1 - this.#below(Math.min(this.#orders, window))
    const slot = order % window
    const lines = this.#lines[slot] as number
    event.kind = 'REFUND'
    event.freight = 0
    event.couponPlatform = 0
    event.couponMerchant = 0
    if (((this.#chance.next() >>> 16) & 1) === 0) {
      this.#takeLines(slot, 0, lines)
      return order
    }
    const line = this.#below(lines)
    const amount = 1 + this.#below(this.#amount[slot * mostLines + line] as number)
    this.#takeLines(slot, line, 1)
    event.amount[0] = amount
    return order
  }

  /** Copies lines of an order into the event. */
  #takeLines(slot: number, first: number, count: number): void {
    const { lineNo, sku, quantity, amount } = this.event
    lineNo.length = 0
    sku.length = 0
    quantity.length = 0
    amount.length = 0
    for (let line = first; line < first + count; line += 1) {
      const at = slot * mostLines + line
      lineNo.push(line + 1)
      sku.push(`SKU${digits(this.#sku[at] as number, 7)}`)
      quantity.push(this.#quantity[at] as number)
      amount.push(this.#amount[at] as number)
    }
  }

  #below(count: number): number {
    return this.#chance.next() % count
  }

  #uuid(): string {
    let hex = ''
    for (let draw = 0; draw < 4; draw += 1) hex += this.#chance.next().toString(16).padStart(8, '0')
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
    return `${parts.join('-')}-${hex.slice(20)}`
  }

  /** Six characters a draw. */
  #letters(draws: number): string {
    let text = ''
    for (let draw = 0; draw < draws; draw += 1) {
      let rest = this.#chance.next()
      for (let at = 0; at < 6; at += 1) {
        text += letters[rest % letters.length]
        rest = Math.floor(rest / letters.length)
      }
    }
    return text
  }

  #address(): string {
    return this.#places(8) + this.#places(2) + this.#letters(5)
  }

  /** A draw gives a character for each of its four bits, the lowest first. */
  #places(count: number): string {
    const drawn = this.#chance.next()
    let text = ''
    for (let at = 0; at < count; at += 1) text += places[(drawn >>> (at * 4)) & 15]
    return text
  }
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0')
}
