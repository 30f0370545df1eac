import type { Instant } from '../calendar/calendar.ts'
import type { HistoryStep, Statement, StatementStatus } from './statement.ts'

/**
 * The states that may follow each state. There is no way back from CLOSED: what comes late is a
 * line of a later statement. HELD and DISPUTED are left for wherever the statement then stands.
 */
const transitions: Readonly<Partial<Record<StatementStatus, readonly StatementStatus[]>>> = {
  OPEN: ['CLOSING', 'CLOSED'],
  CLOSING: ['CLOSED'],
  CLOSED: ['FINALISED'],
  FINALISED: [
    'PENDING_CONFIRMATION',
    'CONFIRMED',
    'PENDING_APPROVAL',
    'PAYABLE',
    'RECEIVABLE',
    'CARRIED_FORWARD',
    'SETTLED_ZERO',
    'HELD',
    'DISPUTED',
  ],
  PENDING_CONFIRMATION: ['CONFIRMED', 'DISPUTED', 'HELD'],
  CONFIRMED: ['DISPUTED', 'PENDING_APPROVAL', 'PAYABLE', 'RECEIVABLE', 'HELD'],
  DISPUTED: [
    'PENDING_CONFIRMATION',
    'CONFIRMED',
    'PENDING_APPROVAL',
    'PAYABLE',
    'SUBMITTED',
    'PAID',
    'PAYMENT_FAILED',
    'RETURNED',
    'RECEIVABLE',
    'HELD',
    'FINALISED',
  ],
  PENDING_APPROVAL: ['PAYABLE', 'RECEIVABLE', 'FINALISED', 'DISPUTED', 'HELD'],
  PAYABLE: ['SUBMITTED', 'PAID', 'PAYMENT_FAILED', 'RETURNED', 'DISPUTED', 'HELD'],
  SUBMITTED: ['PAID', 'PAYMENT_FAILED', 'RETURNED', 'PAYABLE', 'DISPUTED', 'HELD'],
  PAID: ['RETURNED'],
  RECEIVABLE: ['DISPUTED', 'HELD'],
  HELD: [
    'PENDING_CONFIRMATION',
    'CONFIRMED',
    'DISPUTED',
    'PENDING_APPROVAL',
    'PAYABLE',
    'SUBMITTED',
    'PAID',
    'PAYMENT_FAILED',
    'RETURNED',
    'RECEIVABLE',
    'FINALISED',
  ],
  PAYMENT_FAILED: ['PAYABLE', 'PAID', 'HELD', 'DISPUTED'],
  RETURNED: ['PAYABLE', 'HELD', 'DISPUTED'],
}

/** Whether a statement in `from` may become `to`. */
export function mayFollow(from: StatementStatus, to: StatementStatus): boolean {
  return transitions[from]?.includes(to) ?? false
}

/** Whether trade lines can still be put on the statement. */
export function takesLines({ status }: Readonly<Statement>): boolean {
  return status === 'OPEN' || status === 'CLOSING'
}

/** Moves a statement on, at the instant its condition became true; throws on a way that is none. */
export function advance(statement: Statement, status: StatementStatus, at: Instant): void {
  advanceBy(statement, status, at, { by: null, reason: null })
}

/** As `advance`, with who acted and why. */
export function advanceBy(
  statement: Statement,
  status: StatementStatus,
  at: Instant,
  { by, reason }: Pick<HistoryStep, 'by' | 'reason'>,
): void {
  if (!mayFollow(statement.status, status)) {
    throw new Error(`${statement.statementId} cannot go from ${statement.status} to ${status}`)
  }
  statement.status = status
  statement.history.push({ status, at, by, reason })
}
