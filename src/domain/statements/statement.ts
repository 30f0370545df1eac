import type { Instant } from '../calendar/calendar.ts'
import type { Cycle, CycleKind } from '../calendar/cycle.ts'
import type { Day } from '../calendar/day.ts'
import type { Minor } from '../money/money.ts'

/** The states that a statement can rest in. */
export type StatementStatus = (typeof statementStatuses)[number]

/**
 * In the order of the log's schema; the states after FINALISED belong to pay-out and collection.
 */
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
  'PAYMENT_FAILED',
  'RETURNED',
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
  /** Decides the home of later facts of the key. */
  readonly cycleTerms: Cycle
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
  /** The day by which it is to be paid or collected; null: nothing is, or not known yet. */
  dueOn: Day | null
  /** How many statements in a row before it carried a debt. */
  debts: number
  readonly ruleBookVersions: number[]
  readonly history: HistoryStep[]
  /** Whether the amount of every line is kept, so that single lines can be held back. */
  readonly keepsAmounts: boolean
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

/** `partyId/entity/mode/currency/cycle`: the key as it stands in front of its statements' ids. */
export function keyText({ partyId, entity, mode, currency, cycle }: StatementKey): string {
  return `${partyId}/${entity}/${mode}/${currency}/${cycle}`
}

/** What opening a statement needs to know. */
export interface Opening {
  readonly key: StatementKey
  readonly partyKind: string
  readonly cycleTerms: Cycle
  readonly zone: string
  /** The last part of the id: the local date of the start, or REALTIME's fact. */
  readonly periodId: string
  readonly periodDay: string
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly closesAt: Instant
  readonly keepsAmounts: boolean
}

/** An empty statement, OPEN since its period's start. */
export function openStatement(opening: Opening): Statement {
  const { key, partyKind, zone, periodStart, periodEnd, closesAt, periodDay } = opening
  return {
    statementId: `${keyText(key)}/${opening.periodId}`,
    partyId: key.partyId,
    partyKind,
    entity: key.entity,
    mode: key.mode,
    currency: key.currency,
    zone,
    cycle: key.cycle,
    cycleTerms: opening.cycleTerms,
    periodStart,
    periodEnd,
    closesAt,
    periodDay,
    status: 'OPEN',
    number: 0,
    opening: 0,
    total: 0,
    closing: 0,
    taxTotal: 0,
    totals: [],
    magnitude: 0,
    lineCount: 0,
    entryCount: 0,
    lateLines: 0,
    frontier: [],
    root: null,
    previousRoot: null,
    closedAt: null,
    finalisedAt: null,
    dueOn: null,
    debts: 0,
    ruleBookVersions: [],
    history: [{ status: 'OPEN', at: periodStart, by: null, reason: null }],
    keepsAmounts: opening.keepsAmounts,
  }
}
