import type { Instant } from '../domain/calendar/calendar.ts'
import type { Day } from '../domain/calendar/day.ts'
import type { Minor } from '../domain/money/money.ts'
import type { Statement } from '../domain/statements/statement.ts'
import type { LoopbackEvent } from './events.ts'
import type { RejectionCode } from './outcome.ts'

/**
 * Every kind of output. The fold hands each one over as it comes into being; `outSeq`, packing and
 * transport are the runtime's.
 */
export interface Emitter {
  /** One sealed entry, in the bytes that were hashed into the statement's root. */
  entry(partyId: string, bytes: Uint8Array): void
  /** A statement that was opened or changed its state; the row may change afterwards. */
  statement(statement: Readonly<Statement>): void
  instruction(instruction: Instruction): void
  notice(notice: Notice): void
  rejection(rejection: Rejection): void
  /** A record of `events` that this partition owes another one, or itself (loopback). */
  forward(partition: number, event: LoopbackEvent): void
}

/** What a payment system is to do. */
export interface Instruction {
  /** `statementId:kind:attempt`. */
  readonly instructionId: string
  readonly kind: 'PAYOUT'
  readonly statementId: string
  readonly partyId: string
  readonly entity: string
  /** More than 0. */
  readonly amount: Minor
  readonly currency: string
  readonly dueOn: Day | null
  /** From 1. */
  readonly attempt: number
  readonly idempotencyKey: string
}

/** Something that people should know; it changes nothing. */
export interface Notice {
  /** `kind:subject:instant`. */
  readonly noticeId: string
  readonly kind: NoticeKind
  readonly partyId: string | null
  readonly statementId: string | null
  readonly at: Instant
  /** Names and values in the order in which they are to be read. */
  readonly facts: readonly NoticeFact[]
}

export interface NoticeFact {
  readonly name: string
  readonly value: string
}

export type NoticeKind =
  | 'NOT_APPLIED'
  | 'RULE_BOOK_REJECTED'
  | 'FIRST_SETTLEMENT_REVIEW'
  | 'PAYOUT_DUE_SOON'
  | 'PAYOUT_OVERDUE'
  | 'PAYOUT_SUPERSEDED'
  | 'PAYOUT_ACCOUNT_CHANGED'
  | 'DISPUTE_WARNING'
  | 'DISPUTE_OVERDUE'
  | 'APPROVAL_REQUESTED'
  | 'EXCHANGE_LINKED'
  | 'GUIDE_NOT_CREDITED'
  | 'DUAL_BILLING_MISMATCH'
  | 'CLIFF_WARNING'
  | 'FX_RATE_DEVIATES'

/** A record that the fold refused, with its bytes, so that nothing is lost. */
export interface Rejection {
  /** Empty when the record could not be decoded. */
  readonly eventId: string
  readonly type: string
  readonly partyId: string | null
  readonly code: RejectionCode
  readonly message: string
  readonly partition: number
  readonly offset: number
  /** The partition's clock when the record was first seen; null before the first tick. */
  readonly firstSeenAt: Instant | null
  /** The record's value as it stands in the log. */
  readonly record: Uint8Array
}
