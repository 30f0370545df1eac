import type { Instant } from '../calendar/calendar.ts'
import type { Cycle } from '../calendar/cycle.ts'
import type { Minor } from '../money/money.ts'

/** The order status events, in the order of an order's life. */
export type OrderEvent =
  | 'ORDER_PLACED'
  | 'ORDER_PAID'
  | 'ORDER_DELIVERED'
  | 'ORDER_COMPLETED'
  | 'ORDER_CANCELLED'

export const orderEvents: readonly OrderEvent[] = [
  'ORDER_PLACED',
  'ORDER_PAID',
  'ORDER_DELIVERED',
  'ORDER_COMPLETED',
  'ORDER_CANCELLED',
]

/** What a party's statements follow: the terms of one contract version or of a template. */
export interface Terms {
  readonly partyKind: string
  readonly mode: string
  readonly entity: string
  readonly currency: string
  /** The order is settleable `plusDays` × 24 h after this event. */
  readonly settleableEvent: OrderEvent
  readonly plusDays: number
  /** The event whose instant decides contract and schedule version. */
  readonly rulePinnedAt: 'ORDER_PAID' | 'ORDER_COMPLETED'
  readonly cycle: Cycle
  readonly emptyStatements: 'EMIT' | 'SKIP'
  /** Days of log time that a refund waits for its order. */
  readonly refundWaitDays: number
  /** Null: a statement confirms itself. */
  readonly confirmation: Confirmation | null
  /** Null: statements rest at FINALISED and are neither carried nor paid. */
  readonly payout: PayoutTerms | null
  /** What must be approved, and by which levels in order. */
  readonly approval: readonly ApprovalRule[]
  /** Sections that are accepted but not applied in this version, by name. */
  readonly notApplied: readonly string[]
}

/** Whether and when a closed statement counts as agreed to. */
export interface Confirmation {
  readonly required: boolean
  /** Days of 24 h after closing at which it confirms itself; null: never. */
  readonly autoConfirmDays: number | null
}

export interface PayoutTerms {
  /** Days after the local day of closing. */
  readonly termDays: number
  readonly dayKind: 'CALENDAR' | 'WORKDAY'
  /** Less than this is carried, not paid. */
  readonly minimum: Minor
  /** What is tried in order where the party owes. */
  readonly negative: readonly NegativeStep[]
  /** Most statements in a row that carry a debt; null: any number. */
  readonly carryMaxPeriods: number | null
}

export type NegativeStep = (typeof negativeSteps)[number]

export const negativeSteps = ['CARRY_FORWARD', 'OFFSET_DEPOSIT', 'COLLECT'] as const

/** Items of this kind from this magnitude on need all levels. */
export interface ApprovalRule {
  readonly item: ApprovalItem
  readonly from: Minor
  readonly levels: readonly string[]
}

export type ApprovalItem = (typeof approvalItems)[number]

export const approvalItems = ['STATEMENT', 'ADJUSTMENT', 'AGREEMENT'] as const

/** One version of a party's own contract, valid [validFrom, validTo). */
export interface Contract {
  readonly contractId: string
  readonly version: number
  readonly validFrom: Instant
  /** Absent: until the next version of any of the party's contracts, or for good. */
  readonly validTo: Instant | null
  readonly terms: Terms
}
