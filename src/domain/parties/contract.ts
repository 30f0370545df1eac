import type { Instant } from '../calendar/calendar.ts'
import type { Cycle } from '../calendar/cycle.ts'

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
  /** Sections that are accepted but not applied in this version, by name. */
  readonly notApplied: readonly string[]
}

/** One version of a party's own contract, valid [validFrom, validTo). */
export interface Contract {
  readonly contractId: string
  readonly version: number
  readonly validFrom: Instant
  /** Absent: until the next version of any of the party's contracts, or for good. */
  readonly validTo: Instant | null
  readonly terms: Terms
}
