import type { Instant } from '../calendar/calendar.ts'
import type { CycleKind } from '../calendar/cycle.ts'
import type { Minor } from '../money/money.ts'

/** The states that a statement can rest in. */
export type StatementStatus = (typeof statementStatuses)[number]

/** In the order of the log's schema; the states after FINALISED belong to pay-out and collection. */
export const statementStatuses = [
  'OPEN',
  'CLOSING',
  'CLOSED',
  'FINALISED',
  'PENDING_CONFIRMATION',
  'CONFIRMED',
  'DISPUTED',
  'PENDING_APPROVAL',
  'PENDING_INVOICE',
  'PAYABLE',
  'SUBMITTED',
  'PAID',
  'RECEIVABLE',
  'COLLECTED',
  'OFFLINE_PENDING',
  'OVERDUE',
  'CARRIED_FORWARD',
  'SETTLED_ZERO',
  'HELD',
  'RECONCILED',
] as const

/** What makes two facts of one party belong on the same line of statements. */
export interface StatementKey {
  readonly partyId: string
  readonly entity: string
  readonly mode: string
  readonly currency: string
  readonly cycle: CycleKind
}

/** A party's document for one period of one key. The one mutable row of the domain. */
export interface Statement {
  readonly statementId: string
  readonly partyId: string
  readonly partyKind: string
  readonly entity: string
  readonly mode: string
  readonly currency: string
  readonly zone: string
  readonly cycle: CycleKind
  readonly periodStart: Instant
  readonly periodEnd: Instant
  /** The instant whose tick closes it: the period's end plus grace. */
  readonly closesAt: Instant
  /** Local date of the period's start (REALTIME: of the instant), for `originPeriod`. */
  readonly periodDay: string
  status: StatementStatus
  /** From 1, without gaps per party, entity, mode and currency; 0 until closed. */
  number: number
  opening: Minor
  total: Minor
  closing: Minor
  taxTotal: Minor
  /** In order of first appearance. */
  readonly totals: FeeTotal[]
  /** Sum of all lines' magnitudes: while it is a safe integer, so is every sum of them. */
  magnitude: number
  lineCount: number
  entryCount: number
  /** Lines whose own period was closed when they came. */
  lateLines: number
  /** Roots of the complete subtrees over the entries so far, largest first (RFC 9162). */
  frontier: Uint8Array[]
  /** `null` until closed. */
  root: Uint8Array | null
  previousRoot: Uint8Array | null
  closedAt: Instant | null
  finalisedAt: Instant | null
  readonly ruleBookVersions: number[]
  readonly history: HistoryStep[]
}

export interface FeeTotal {
  readonly feeType: string
  forward: Minor
  reverse: Minor
  /** All other legs but CARRY. */
  other: Minor
}

export interface HistoryStep {
  readonly status: StatementStatus
  readonly at: Instant
  readonly by: string | null
  readonly reason: string | null
}

/** Which side of the trade a line is. */
export type Leg = (typeof legs)[number]

/** In the order of the log's schema. */
export const legs = [
  'FORWARD',
  'REVERSE',
  'SUBMITTED',
  'ADJUSTMENT',
  'COMPENSATION',
  'REBATE',
  'CARRY',
  'LATE_FEE',
  'RETENTION',
  'FX',
  'COMMISSION',
  'CLAWBACK',
  'DEDUCTION',
  'ADVANCE',
] as const
