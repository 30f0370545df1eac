import type { Instant } from '../domain/calendar/calendar.ts'
import { advance } from '../domain/statements/lifecycle.ts'
import {
  dueRange,
  entriesPerStep,
  instantOf,
  orderOf,
  type Phase,
  phases,
  subjectKey,
  subjectOf,
} from './agenda.ts'
import { billOrder } from './bill-order.ts'
import { confirmDue } from './clearing/confirm.ts'
import { remind } from './clearing/reminders.ts'
import { closeStatement } from './close-statement.ts'
import type { FoldContext } from './context.ts'
import { tellMissing } from './double-billing.ts'
import { expire } from './handlers/waiting.ts'
import { closingPhase } from './homes.ts'
import { openDue } from './open-ahead.ts'
import { agenda, orders, statements } from './tables.ts'
import { tellRefused } from './tell-refused.ts'

// What is due is done in steps of bounded work:
//
//   T1. Phases in order: bill what is due, give up refunds, open statements, mark and close ends,
//       confirm and remind.
//   T2. A step takes at most `entriesPerStep` entries; what it did is gone from the agenda, so the
//       next step finds the rest, whoever runs it.
//   T3. What an entry adds to its own phase, or to one before, is done in its turn: the step ends.
//   T4. Every transition carries the instant its condition became true, never that of the record
//       that found it.

/**
 * Does one step of what is due in the phases up to `through`; false: there may be more. The ranges
 * up to `loaded`, which is no earlier, were loaded.
 */
export function workThrough(
  context: FoldContext,
  phasesDue: readonly Phase[],
  through: Instant,
  loaded: Instant,
): boolean {
  let budget = entriesPerStep
  for (const phase of phasesDue) {
    const due = dueIn(context, phase, through, loaded)
    for (const key of due) {
      if (budget === 0) return false
      budget -= 1
      if (work(phase, key, context, through)) return false
    }
    if (due.length === entriesPerStep) return false
  }
  return true
}

function dueIn({ state }: FoldContext, phase: Phase, through: Instant, loaded: Instant): string[] {
  const due = state.first(dueRange(phase, loaded))
  return through === loaded ? due : due.filter((key) => instantOf(key) <= through)
}

/** Whether it has added what is due in an earlier place (T3). */
function work(phase: Phase, key: string, context: FoldContext, through: Instant): boolean {
  const { state } = context
  if (phase === phases.expire) {
    expire(context, subjectOf(key))
    return false
  }
  state.removeKey(agenda, key)
  switch (phase) {
    case phases.bill:
      billDue(key, context)
      return false
    case phases.open:
      openDue(context, subjectOf(key))
      return false
    case phases.end:
      endPeriod(subjectOf(key), context)
      return false
    case phases.compare:
      tellMissing(context, subjectOf(key), instantOf(key))
      return false
    case phases.close:
      return closePeriod(subjectOf(key), context, through)
    case phases.confirm:
      confirmDue(context, subjectOf(key), instantOf(key))
      return false
    case phases.remind:
      return isDue(remind(context, subjectOf(key), instantOf(key)), through)
    case phases.closeGuided:
      return closeNow(subjectOf(key), context, through)
  }
}

function billDue(key: string, context: FoldContext): void {
  const order = context.state.get(orders, orderOf(key))
  if (order === undefined) throw new Error('an order of the agenda is not in the state')
  // Cancelling and billing take an order off the agenda, so what is on it is pending.
  const refusal = billOrder(context, order)
  if (refusal === undefined) return
  order.state = 'REFUSED'
  context.state.put(orders, orderOf(key), order)
  tellRefused(context, order, refusal)
}

/** Who came to live on loopback after his statement was opened waits for the marks. */
function closePeriod(statementId: string, context: FoldContext, through: Instant): boolean {
  const statement = context.state.get(statements, statementId)
  if (statement === undefined) throw new Error('a statement of the agenda is not in the state')
  const phase = closingPhase(context, statement)
  if (phase === phases.closeGuided) {
    context.state.addKey(agenda, subjectKey(phase, statement.closesAt, statementId))
    return false
  }
  return closeNow(statementId, context, through)
}

function closeNow(statementId: string, context: FoldContext, through: Instant): boolean {
  return isDue(closeStatement(context, statementId), through)
}

function isDue(at: Instant | null, through: Instant): boolean {
  return at !== null && at <= through
}

function endPeriod(statementId: string, context: FoldContext): void {
  const statement = context.state.get(statements, statementId)
  if (statement === undefined) throw new Error('a statement of the agenda is not in the state')
  if (statement.status !== 'OPEN') return
  advance(statement, 'CLOSING', statement.periodEnd)
  context.state.put(statements, statementId, statement)
  context.emit.statement(statement)
}
