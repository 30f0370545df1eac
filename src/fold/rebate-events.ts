import type { Instant } from '../domain/calendar/calendar.ts'
import type { Decimal } from '../domain/money/decimal.ts'
import type { Minor } from '../domain/money/money.ts'
import type { Side } from '../domain/rebates/rebate.ts'
import type { PartyEnvelope } from './envelopes.ts'

/** What rebates are computed of besides sales, and amounts that were agreed. */
export type RebateEvent = RebateAmountAgreed | CostPublished | PurchaseEvent

export interface RebateAmountAgreed extends PartyEnvelope {
  readonly type: 'RebateAmountAgreed'
  readonly agreementId: string
  readonly version: number
  readonly rebateId: string
  /** A magnitude. */
  readonly amount: Minor
  readonly currency: string
  readonly signedBy: readonly Signature[]
}

export interface Signature {
  readonly side: Side
  readonly who: string
}

export interface CostPublished extends PartyEnvelope {
  readonly type: 'CostPublished'
  readonly sku: string
  readonly validFrom: Instant
  readonly unitCost: Decimal
  readonly currency: string
}

export interface PurchaseEvent extends PartyEnvelope {
  readonly type: 'PurchaseReceived' | 'PurchaseReturned'
  readonly receiptId: string
  readonly sku: string
  readonly quantity: number
  /** A magnitude. */
  readonly amount: Decimal
}
