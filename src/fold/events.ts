import type { Instant } from '../domain/calendar/calendar.ts'
import type { Day } from '../domain/calendar/day.ts'
import type { Decimal } from '../domain/money/decimal.ts'
import type { Minor } from '../domain/money/money.ts'
import type { BroadcastEnvelope, PartyEnvelope } from './envelopes.ts'
import type { LifecycleEvent } from './lifecycle-events.ts'
import type { RebateEvent } from './rebate-events.ts'

/**
 * The decoded facts of the log, in the shape of `schemas/<type>.avsc`. Absent optional fields are
 * null, and absent lists are empty. Amounts next to a currency are minor units of it; all others
 * are decimals as written.
 */
export type Event =
  | OrderStatusEvent
  | RefundSucceeded
  | ExchangeCompleted
  | FeeLineSubmitted
  | FeeLineReversed
  | AdjustmentSubmitted
  | ChargebackOpened
  | ChargebackClosed
  | RuleBookPublished
  | CalendarPublished
  | FxRatePublished
  | Tick
  | ContractSigned
  | ContractAmended
  | ContractTerminated
  | PartyModeChanged
  | SettlementEntityChanged
  | TeamMembershipChanged
  | LoopbackEvent
  | BehaviourActivated
  | LifecycleEvent
  | RebateEvent

/** What the fold of one partition sends to another one, or to itself; never in files. */
export type LoopbackEvent = GuideCredited | GuideClawedBack | ClockPassed

export type EventType = Event['type']

export interface OrderStatusEvent extends PartyEnvelope {
  readonly type:
    | 'OrderPlaced'
    | 'OrderPaid'
    | 'OrderDelivered'
    | 'OrderCompleted'
    | 'OrderCancelled'
  readonly orderId: string
  readonly orderCreatedAt: Instant
  readonly order: OrderSnapshot | null
}

export interface OrderSnapshot {
  readonly currency: string
  readonly lines: readonly OrderLine[]
  readonly discounts: readonly Discount[]
  readonly freight: Minor | null
  readonly guideId: string | null
  readonly channel: string | null
  readonly buyerRef: string | null
  readonly tags: readonly string[]
}

export interface OrderLine {
  readonly lineNo: number
  readonly sku: string
  readonly spu: string | null
  readonly skuType: string | null
  readonly category: string | null
  readonly quantity: number
  readonly unitPrice: Decimal
  readonly amount: Minor | null
  readonly gift: boolean | null
  readonly unitCost: Decimal | null
}

export interface Discount {
  readonly funder: 'MERCHANT' | 'PLATFORM'
  readonly kind: string
  readonly amount: Minor
  readonly lineNo: number | null
}

export interface RefundSucceeded extends PartyEnvelope, RefundFacts {
  readonly type: 'RefundSucceeded'
}

/** What a refund takes back, and of which order. */
export interface RefundFacts {
  readonly refundId: string
  readonly orderId: string
  readonly orderCreatedAt: Instant
  readonly lines: readonly RefundLine[]
  readonly freight: Decimal | null
  readonly fees: readonly RefundFee[]
  readonly reason: string | null
  readonly liability: 'MERCHANT' | 'PLATFORM' | 'GUIDE' | null
}

export interface ExchangeCompleted extends PartyEnvelope {
  readonly type: 'ExchangeCompleted'
  readonly exchangeId: string
  readonly refund: RefundFacts
  /** Of any merchant; its own events bill it. */
  readonly newOrderId: string
}

export interface RefundLine {
  readonly lineNo: number
  /** In terms of the reversal base NET. */
  readonly amount: Decimal
  readonly quantity: number | null
}

/** A positive magnitude that the refund names for a fee with policy UPSTREAM. */
export interface RefundFee {
  readonly feeType: string
  readonly amount: Decimal
}

export interface FeeLineSubmitted extends PartyEnvelope {
  readonly type: 'FeeLineSubmitted'
  readonly sourceSystem: string
  readonly externalId: string
  readonly feeType: string
  /** Signed, from the party's side. */
  readonly amount: Minor
  readonly currency: string
  readonly orderId: string | null
  readonly orderCreatedAt: Instant | null
  readonly lineNo: number | null
  readonly quantity: number | null
  readonly unitPrice: Decimal | null
  readonly taxAmount: Minor | null
  readonly description: string | null
}

export interface FeeLineReversed extends PartyEnvelope {
  readonly type: 'FeeLineReversed'
  readonly sourceSystem: string
  readonly externalId: string
  readonly reversalId: string
  /** Signed, from the party's side. */
  readonly amount: Decimal
}

export interface AdjustmentSubmitted extends PartyEnvelope {
  readonly type: 'AdjustmentSubmitted'
  readonly adjustmentId: string
  readonly amount: Minor
  readonly currency: string
  readonly reason: string
  readonly evidence: string
  readonly submittedBy: string
  readonly correctsLineId: string | null
}

export interface ChargebackOpened extends PartyEnvelope {
  readonly type: 'ChargebackOpened'
  readonly chargebackId: string
  readonly orderId: string
  readonly orderCreatedAt: Instant
  /** What was taken back: a positive magnitude in the order's currency, as is the fee. */
  readonly amount: Decimal
  readonly fee: Decimal | null
}

export interface ChargebackClosed extends PartyEnvelope {
  readonly type: 'ChargebackClosed'
  readonly chargebackId: string
  readonly orderId: string
  readonly orderCreatedAt: Instant
  /** Null: all that the chargeback took. */
  readonly amount: Decimal | null
  readonly fee: Decimal | null
  readonly outcome: 'WON' | 'LOST'
}

export interface RuleBookPublished extends BroadcastEnvelope {
  readonly type: 'RuleBookPublished'
  readonly ruleBookId: string
  readonly version: number
  /** Canonical JSON (RFC 8785) of the document. */
  readonly document: string
  /** The instant at which each day that the document names starts, in its zone; rising by day. */
  readonly days: readonly DayStart[]
}

export interface DayStart {
  readonly day: Day
  readonly startsAt: Instant
}

export interface CalendarPublished extends BroadcastEnvelope {
  readonly type: 'CalendarPublished'
  readonly calendarId: string
  readonly version: number
  readonly zone: string
  /** Consecutive days, rising. */
  readonly days: readonly CalendarDay[]
}

export interface CalendarDay extends DayStart {
  readonly workday: boolean
}

export interface FxRatePublished extends BroadcastEnvelope {
  readonly type: 'FxRatePublished'
  /** The authority: part of the rate's identity, unlike the source of any other event. */
  readonly source: string
  /** Like USD/CNY: the rate is what 1 of the first is in the second. */
  readonly pair: string
  readonly publishedAt: Instant
  readonly rate: Decimal
}

export interface Tick extends BroadcastEnvelope {
  readonly type: 'Tick'
  readonly at: Instant
}

interface ContractEvent extends PartyEnvelope {
  readonly contractId: string
  readonly version: number
  /** Canonical JSON of the contract as in the file. */
  readonly document: string
  /** As `RuleBookPublished.days`, in the rule book's zone. */
  readonly days: readonly DayStart[]
}

export interface ContractSigned extends ContractEvent {
  readonly type: 'ContractSigned'
}

export interface ContractAmended extends ContractEvent {
  readonly type: 'ContractAmended'
}

export interface ContractTerminated extends PartyEnvelope {
  readonly type: 'ContractTerminated'
  readonly contractId: string
  readonly version: number
  readonly reason: string
}

export interface PartyModeChanged extends PartyEnvelope {
  readonly type: 'PartyModeChanged'
  readonly changeId: string
  readonly mode: string
  readonly validFrom: Instant
}

export interface SettlementEntityChanged extends PartyEnvelope {
  readonly type: 'SettlementEntityChanged'
  readonly changeId: string
  readonly entity: string
  readonly validFrom: Instant
}

export interface TeamMembershipChanged extends PartyEnvelope {
  readonly type: 'TeamMembershipChanged'
  readonly changeId: string
  /** Null: none from then on. */
  readonly upline: string | null
  readonly validFrom: Instant
}

/** Where a loopback record comes from: counted per pair of partitions, from 1 without gaps. */
export interface LoopbackEnvelope {
  readonly sourcePartition: number
  readonly loopSeq: number
}

/** An order as a guide's side knows it. */
export interface SoldOrder {
  readonly sellerId: string
  readonly merchantId: string
  readonly orderId: string
  readonly orderCreatedAt: Instant
}

export interface GuideCredited extends PartyEnvelope, LoopbackEnvelope, SoldOrder {
  readonly type: 'GuideCredited'
  /** 0: the seller; n: the n-th upline. */
  readonly level: number
  readonly currency: string
  readonly ruleBookVersion: number
  readonly planId: string
  readonly net: Minor
  readonly lineCount: number
  readonly units: number
  /** Bases of the order; for an upline, the seller's components. */
  readonly parts: readonly CreditPart[]
  /** Who was credited before, seller first. */
  readonly chain: readonly string[]
}

export interface CreditPart {
  readonly of: string
  readonly amount: Minor
}

export interface GuideClawedBack extends PartyEnvelope, LoopbackEnvelope, SoldOrder {
  readonly type: 'GuideClawedBack'
  readonly refundId: string
  /** How much of `whole` takes its commission back, in all so far. */
  readonly part: Minor
  readonly whole: Minor
}

export interface ClockPassed extends BroadcastEnvelope, LoopbackEnvelope {
  readonly type: 'ClockPassed'
  readonly round: number
  readonly at: Instant
}

export interface BehaviourActivated extends BroadcastEnvelope {
  readonly type: 'BehaviourActivated'
  readonly number: number
}
