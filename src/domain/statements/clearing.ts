import type { Instant } from '../calendar/calendar.ts'
import type { Minor } from '../money/money.ts'
import type { StatementStatus } from './statement.ts'

/** What people and payment systems have said of a closed statement that is to be paid; mutable. */
export interface Clearing {
  /** opening + total − closing; negative: the party owes it. */
  readonly payable: Minor
  /** When it counts as agreed to; null: never by itself. */
  readonly confirmsAt: Instant | null
  confirmed: boolean
  /** Who confirmed; null: nobody, or by itself. */
  confirmedBy: string | null
  /** Levels that must approve, in order. */
  readonly levels: readonly string[]
  readonly approval: Approval
  /** That are open. */
  readonly disputes: Dispute[]
  /** Holds that stand. */
  readonly holds: Hold[]
  /** Whether payouts to the party are stopped. */
  stopped: boolean
  /** What has arrived. */
  paid: Minor
  /** By attempt, from 1. */
  readonly payouts: Payout[]
}

/** How far the levels of an item have come; mutable. */
export interface Approval {
  /** Who approved each level so far. */
  readonly granted: string[]
  readonly delegations: Delegation[]
  rejected: boolean
}

export interface Delegation {
  readonly level: string
  readonly from: string
  readonly to: string
}

export interface Dispute {
  readonly disputeId: string
  readonly openedAt: Instant
  /** What is held back of what is paid: at least 0; null: all of it. */
  readonly disputed: Minor | null
  /** The seqs of its lines; none: it is of the whole. */
  readonly lines: readonly number[]
}

export interface Hold {
  readonly holdId: string
  /** As `Dispute.disputed`. */
  readonly held: Minor | null
  /** As `Dispute.lines`. */
  readonly lines: readonly number[]
}

export interface Payout {
  readonly amount: Minor
  /** The seqs of the lines that were held back from it. */
  readonly without: readonly number[]
  state: PayoutState
}

export type PayoutState = (typeof payoutStates)[number]

/** SUPERSEDED: not answered, and not to be carried out any more. */
export const payoutStates = [
  'INSTRUCTED',
  'ACCEPTED',
  'SUCCEEDED',
  'FAILED',
  'RETURNED',
  'SUPERSEDED',
] as const

export function newApproval(): Approval {
  return { granted: [], delegations: [], rejected: false }
}

/** Where the statement stands by what was said, until the first payout is accepted. */
export function stageOf(clearing: Readonly<Clearing>): StatementStatus {
  if (clearing.stopped || clearing.holds.some(({ held }) => held === null)) return 'HELD'
  if (isStopped(clearing)) return 'DISPUTED'
  if (!clearing.confirmed) return 'PENDING_CONFIRMATION'
  if (clearing.approval.rejected) return 'FINALISED'
  if (clearing.approval.granted.length < clearing.levels.length) return 'PENDING_APPROVAL'
  return clearing.payable > 0 ? 'PAYABLE' : 'RECEIVABLE'
}

/** A dispute of all, or one of lines while nothing is confirmed. */
function isStopped({ disputes, confirmed }: Readonly<Clearing>): boolean {
  return disputes.some(({ disputed }) => disputed === null || !confirmed)
}

/** Whether a dispute keeps the statement from confirming itself. */
export function clockStands({ disputes }: Readonly<Clearing>): boolean {
  return disputes.some(({ disputed }) => disputed === null)
}

/** What may be paid now and is not on its way: at least 0. */
export function amountToPay(clearing: Readonly<Clearing>): Minor {
  const { payable, paid, disputes, holds, payouts } = clearing
  let rest = payable - paid
  for (const { disputed } of disputes) rest -= disputed ?? rest
  for (const { held } of holds) rest -= held ?? rest
  for (const { amount, state } of payouts) {
    if (state === 'INSTRUCTED' || state === 'ACCEPTED') rest -= amount
  }
  return Math.max(rest, 0)
}

/** The seqs of the lines that are held back by now, rising. */
export function linesHeldBack({ disputes, holds }: Readonly<Clearing>): number[] {
  const seqs = new Set<number>()
  for (const { lines } of disputes) for (const seq of lines) seqs.add(seq)
  for (const { lines } of holds) for (const seq of lines) seqs.add(seq)
  return [...seqs].sort((a, b) => a - b)
}

const unpaidStates: ReadonlySet<PayoutState> = new Set(['FAILED', 'RETURNED', 'SUPERSEDED'])

/** The attempt that pays a line, or is on its way to; null: none does. */
export function payoutOfLine(
  payouts: readonly Pick<Payout, 'state' | 'without'>[],
  seq: number,
): number | null {
  const place = payouts.findIndex(
    ({ state, without }) => !unpaidStates.has(state) && !without.includes(seq),
  )
  return place < 0 ? null : place + 1
}
