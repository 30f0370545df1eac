import type { Instant } from '../calendar/calendar.ts'
import type { Statement, StatementStatus } from './statement.ts'

/**
 * The states that may follow each state in this version, which rests at FINALISED. There is no way
 * back from CLOSED: what comes late is a line of a later statement.
 */
const transitions: Readonly<Partial<Record<StatementStatus, readonly StatementStatus[]>>> = {
  OPEN: ['CLOSING', 'CLOSED'],
  CLOSING: ['CLOSED'],
  CLOSED: ['FINALISED'],
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
  if (!mayFollow(statement.status, status)) {
    throw new Error(`${statement.statementId} cannot go from ${statement.status} to ${status}`)
  }
  statement.status = status
  statement.history.push({ status, at, by: null, reason: null })
}
