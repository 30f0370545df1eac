import type { Instant } from '../domain/calendar/calendar.ts'
import type { Decimal } from '../domain/money/decimal.ts'
import type { Minor } from '../domain/money/money.ts'
import type { PartyEnvelope } from './envelopes.ts'

/** What people and payment systems say of statements that are closed, and of whom they pay. */
export type LifecycleEvent =
  | PayoutAccountChanged
  | SuspensionEvent
  | StatementConfirmed
  | StatementDisputed
  | DisputeResolved
  | ApprovalEvent
  | HoldEvent
  | PayoutEvent

export interface PayoutAccountChanged extends PartyEnvelope {
  readonly type: 'PayoutAccountChanged'
  readonly changeId: string
  /** A reference, without personal data. */
  readonly account: string
  readonly validFrom: Instant
}

export interface SuspensionEvent extends PartyEnvelope {
  readonly type: 'PartySuspended' | 'PartyResumed'
  readonly changeId: string
  readonly reason: string
}

export interface StatementConfirmed extends PartyEnvelope {
  readonly type: 'StatementConfirmed'
  readonly confirmationId: string
  readonly statementId: string
  readonly by: string
}

export interface StatementDisputed extends PartyEnvelope {
  readonly type: 'StatementDisputed'
  readonly disputeId: string
  readonly statementId: string
  /** Empty: the whole statement. */
  readonly lineIds: readonly string[]
  readonly by: string
  readonly reason: string
}

export interface DisputeResolved extends PartyEnvelope {
  readonly type: 'DisputeResolved'
  readonly disputeId: string
  readonly statementId: string
  readonly by: string
  readonly reason: string
  /** What the answer gives or takes, signed, in the statement's currency. */
  readonly adjustment: Decimal | null
}

/** One level's word on an item; exactly one of the three ids names it. */
interface ApprovalWord extends PartyEnvelope {
  readonly approvalId: string
  readonly adjustmentId: string | null
  readonly statementId: string | null
  readonly agreementId: string | null
  readonly level: string
  readonly by: string
  readonly reason: string | null
}

export interface ApprovalGiven extends ApprovalWord {
  readonly type: 'ApprovalGranted' | 'ApprovalRejected'
}

export interface ApprovalDelegated extends ApprovalWord {
  readonly type: 'ApprovalDelegated'
  /** Who may approve from here on. */
  readonly to: string
}

export type ApprovalEvent = ApprovalGiven | ApprovalDelegated

export interface HoldEvent extends PartyEnvelope {
  readonly type: 'HoldPlaced' | 'HoldReleased'
  readonly holdId: string
  /** Null: the whole party. */
  readonly statementId: string | null
  readonly lineIds: readonly string[]
  readonly by: string
  readonly reason: string
}

export interface PayoutEvent extends PartyEnvelope {
  readonly type: 'PayoutAccepted' | 'PayoutSucceeded' | 'PayoutFailed' | 'PayoutReturned'
  readonly instructionId: string
  readonly statementId: string
  readonly amount: Minor
  readonly currency: string
  readonly reason: string | null
}
