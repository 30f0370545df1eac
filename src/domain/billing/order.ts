import type { Instant } from '../calendar/calendar.ts'
import type { Cycle } from '../calendar/cycle.ts'
import type { Decimal } from '../money/decimal.ts'
import type { Minor } from '../money/money.ts'
import type { Foreign } from './conversion.ts'
import type { DoubleFees, OwnFee } from './double.ts'

/** Where an order stands. Only a pending one can be billed or cancelled. */
export type OrderState = (typeof orderStates)[number]

/** In the order of the row's encoding. REFUSED: it was due, and its contract or amounts said no. */
export const orderStates = ['PENDING', 'BILLED', 'CANCELLED', 'REFUSED'] as const

/** What the log has said of one order, and what was billed for it. The row of an order; mutable. */
export interface Order {
  readonly partyId: string
  readonly orderId: string
  readonly createdAt: Instant
  state: OrderState
  /** By place in `orderEvents`; null: not seen. */
  readonly facts: (OrderFact | null)[]
  /** 16 bytes over the content of the first snapshot; null: none yet. */
  snapshotHash: Uint8Array | null
  /** Dropped when the order is billed. */
  goods: Goods | null
  /** When it is to be billed; fixed once the settleable event and the goods are known. */
  dueAt: Instant | null
  /** What refunds took before billing. */
  refunded: RefundedBefore
  /** Refunds that came before the goods, by id, in order of arrival. */
  readonly waiting: string[]
  billed: Billed | null
  /** Submitted lines of this order that a refund can name (policy UPSTREAM), by key. */
  readonly submitted: string[]
  /** Fees that another system computes too; null: none. */
  doubles: DoubleFees | null
}

/** The row of an order that nothing is known of yet. */
export function newOrder(of: Pick<Order, 'partyId' | 'orderId' | 'createdAt'>): Order {
  // Named one by one: fields added behind a spread cost a microsecond each.
  return {
    partyId: of.partyId,
    orderId: of.orderId,
    createdAt: of.createdAt,
    state: 'PENDING',
    facts: [null, null, null, null, null],
    snapshotHash: null,
    goods: null,
    dueAt: null,
    refunded: { amount: [], quantity: [], fees: [], freight: 0 },
    waiting: [],
    billed: null,
    submitted: [],
    doubles: null,
  }
}

/** A copy whose facts can be changed without changing the order's. */
export function withOwnFacts(order: Order): Order {
  return {
    partyId: order.partyId,
    orderId: order.orderId,
    createdAt: order.createdAt,
    state: order.state,
    facts: order.facts.slice(),
    snapshotHash: order.snapshotHash,
    goods: order.goods,
    dueAt: order.dueAt,
    refunded: order.refunded,
    waiting: order.waiting,
    billed: order.billed,
    submitted: order.submitted,
    doubles: order.doubles,
  }
}

/** One status event. */
export interface OrderFact {
  readonly at: Instant
  readonly eventId: string
  /** 16 bytes over the event's content. */
  readonly hash: Uint8Array
}

/** The snapshot as billing needs it, lines by rising `lineNo`; columns of one length. */
export interface Goods {
  readonly currency: string
  readonly lineNo: readonly number[]
  readonly sku: readonly string[]
  readonly skuType: readonly (string | null)[]
  readonly category: readonly (string | null)[]
  readonly quantity: readonly number[]
  /** Line amounts: the base LIST. */
  readonly list: readonly Minor[]
  readonly unitCost: readonly (Decimal | null)[]
  readonly gift: readonly boolean[]
  readonly discounts: readonly GoodsDiscount[]
  readonly freight: Minor
  readonly guideId: string | null
  readonly channel: string | null
  readonly tags: readonly string[]
}

export interface GoodsDiscount {
  readonly funder: 'MERCHANT' | 'PLATFORM'
  readonly kind: string
  readonly amount: Minor
  /** Null: of the whole order. */
  readonly lineNo: number | null
}

/** Refunds taken before billing, by place of the line. */
export interface RefundedBefore {
  readonly amount: Minor[]
  readonly quantity: number[]
  /** Magnitudes that refunds named for UPSTREAM fees. */
  readonly fees: { readonly feeType: string; amount: Minor }[]
  freight: Minor
}

/** What was billed, frozen, with what was taken back of it since. */
export interface Billed {
  readonly ruleBookVersion: number
  readonly statementId: string
  readonly mode: string
  readonly entity: string
  readonly currency: string
  readonly partyKind: string
  /** Of the order's terms: decides the home of later facts. */
  readonly cycle: Cycle
  readonly occurredAt: Instant
  readonly lines: BilledLines
  readonly charges: Charges
  /** The schedule chosen for each fee that exists on the reverse leg only. */
  readonly reverseOnly: readonly ChosenSchedule[]
  /** Of an order in another currency, what it said in its own; null: it is in the bill's. */
  foreign: Foreign | null
}

export interface ChosenSchedule {
  /** Places in the rule book. */
  readonly feeType: number
  readonly schedule: number
  readonly version: number
}

/** A copy that a refund can be tried on: with its own of what refunds change. */
export function copyOf(billed: Billed): Billed {
  const { lines, charges } = billed
  const { reversed, retained } = charges
  return {
    ...billed,
    lines: { ...lines, reversed: lines.reversed.slice() },
    charges: { ...charges, reversed: reversed.slice(), retained: retained.slice() },
  }
}

/** Columns of the order's lines, by place. */
export interface BilledLines {
  readonly lineNo: readonly number[]
  readonly sku: readonly string[]
  /** The reversal base B: NET as billed. */
  readonly net: readonly Minor[]
  readonly reversed: Minor[]
}

/** Columns of the forward amounts, in the order in which they were billed. */
export interface Charges {
  readonly count: number
  /** Place of the fee type in the rule book. */
  readonly feeType: readonly number[]
  /** Place of the order line; −1: the whole order. */
  readonly line: readonly number[]
  /** Places of the schedule in the rule book and of its version. */
  readonly schedule: readonly number[]
  readonly version: readonly number[]
  /** Signed, never 0. */
  readonly amount: readonly Minor[]
  /** What was taken back of `amount`, with its sign. */
  readonly reversed: Minor[]
  /** RETAIN_FEE: the magnitude kept on this charge. */
  readonly retained: Minor[]
  /** Of the forward line on the order's statement. */
  readonly seq: readonly number[]
  /** What was computed of fees that another system computes too; null: nothing. */
  readonly doubles: readonly OwnFee[] | null
}

/**
 * Charges while they come into being, in columns that are reused from order to order: columns that
 * grow by `push` take room for 17 charges each.
 */
export class ChargeDraft {
  private count = 0
  private readonly feeType: number[] = []
  private readonly line: number[] = []
  private readonly schedule: number[] = []
  private readonly version: number[] = []
  private readonly amount: Minor[] = []
  private readonly reversed: Minor[] = []
  private readonly retained: Minor[] = []
  private readonly seq: number[] = []
  private doubles: OwnFee[] | null = null

  clear(): void {
    this.count = 0
    this.doubles = null
  }

  /** A charge that nothing was taken back of; numbers, since an object each would cost more. */
  add(
    feeType: number,
    schedule: number,
    version: number,
    line: number,
    amount: Minor,
    seq: number,
  ): void {
    const place = this.count
    this.count = place + 1
    this.feeType[place] = feeType
    this.line[place] = line
    this.schedule[place] = schedule
    this.version[place] = version
    this.amount[place] = amount
    this.reversed[place] = 0
    this.retained[place] = 0
    this.seq[place] = seq
  }

  /** What was taken back of the charge that was added last. */
  takeBack(reversed: Minor, retained: Minor): void {
    this.reversed[this.count - 1] = reversed
    this.retained[this.count - 1] = retained
  }

  /** What was computed of a fee that another system computes too. */
  addDouble(fee: OwnFee): void {
    this.doubles ??= []
    this.doubles.push(fee)
  }

  /** The charges so far, in columns of their own. */
  take(): Charges {
    const { count, doubles } = this
    return {
      count,
      feeType: this.feeType.slice(0, count),
      line: this.line.slice(0, count),
      schedule: this.schedule.slice(0, count),
      version: this.version.slice(0, count),
      amount: this.amount.slice(0, count),
      reversed: this.reversed.slice(0, count),
      retained: this.retained.slice(0, count),
      seq: this.seq.slice(0, count),
      doubles,
    }
  }
}
