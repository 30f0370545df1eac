import { calendarEnd } from '../../domain/calendar/calendar.ts'
import { advance } from '../../domain/statements/lifecycle.ts'
import {
  dueRange,
  entriesPerStep,
  instantOf,
  orderOf,
  type Phase,
  phases,
  subjectKey,
  subjectOf,
} from '../agenda.ts'
import { billOrder } from '../bill-order.ts'
import { confirmDue } from '../clearing/confirm.ts'
import { remind } from '../clearing/reminders.ts'
import { closeStatement } from '../close-statement.ts'
import type { FoldContext } from '../context.ts'
import { tellMissing } from '../double-billing.ts'
import type { Tick } from '../events.ts'
import { FoldHalt } from '../halt.ts'
import { closingPhase } from '../homes.ts'
import { openDue } from '../open-ahead.ts'
import { type Outcome, rejected } from '../outcome.ts'
import type { KeyRange } from '../state.ts'
import { agenda, orders, statements } from '../tables.ts'
import { tellRefused } from '../tell-refused.ts'
import { expire } from './waiting.ts'

// A tick is folded in steps of bounded work:
//
//   T1. Phases in order: bill what is due, give up refunds, open statements, mark and close ends.
//   T2. A step takes at most `entriesPerStep` entries; what it did is gone from the agenda, so the
//       next step finds the rest, whoever runs it.
//   T3. What an entry adds to its own phase, or to one before, is done in its turn: the step ends.
//   T4. Every transition carries the instant its condition became true, never the tick's.

const phasesOfTick = Object.values(phases).filter((phase) => phase !== phases.closeGuided)

/** Furthest that a live tick may be ahead of the instant the log received it. */
const furthestAhead = 60_000

/** Why a tick is not folded; undefined: it is. Asked before the first step only. */
export function refuseTick(tick: Tick, context: FoldContext): Outcome | undefined {
  const { ledger, record, row } = context
  if (row.clock !== null && tick.at <= row.clock) return { kind: 'duplicate' }
  if (ledger.clock === 'live' && tick.at > record.appendedAt + furthestAhead) {
    return rejected('CLOCK_AHEAD', 'at: more than 60 s ahead of the instant the log received it')
  }
  return undefined
}

/** The parts of the agenda that a step of the tick needs. */
export function rangesOfTick({ at }: Tick): KeyRange[] {
  return phasesOfTick.map((phase) => dueRange(phase, at))
}

/** Folds one step; true when the tick is done. */
export function foldTickStep(tick: Tick, context: FoldContext): boolean {
  const { row } = context
  haltBeyondCalendars(tick, context)
  row.clock = tick.at
  let budget = entriesPerStep
  for (const phase of phasesOfTick) {
    const due = context.state.first(dueRange(phase, tick.at))
    for (const key of due) {
      if (budget === 0) return false
      budget -= 1
      if (work(phase, key, context)) return false
    }
    if (due.length === entriesPerStep) return false
  }
  row.closedThrough = tick.at
  return true
}

function haltBeyondCalendars({ at }: Tick, { books, row }: FoldContext): void {
  if (row.ruleBookVersion === 0) return
  for (const calendarId of books.ruleBook(row.ruleBookVersion).calendars.keys()) {
    const calendar = books.calendar(calendarId, row.ruleBookVersion)
    if (calendar === undefined || at < calendarEnd(calendar)) continue
    throw new FoldHalt('CALENDAR_EXHAUSTED', `publish more days of calendar ${calendarId}`)
  }
}

/** Whether it has added what this tick must do in an earlier place (T3). */
function work(phase: Phase, key: string, context: FoldContext): boolean {
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
      return closePeriod(subjectOf(key), context)
    case phases.confirm:
      confirmDue(context, subjectOf(key), instantOf(key))
      return false
    case phases.remind:
      remind(context, subjectOf(key), instantOf(key))
      return false
    case phases.closeGuided:
      throw new Error('no tick closes what waits for marks')
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
function closePeriod(statementId: string, context: FoldContext): boolean {
  const statement = context.state.get(statements, statementId)
  if (statement === undefined) throw new Error('a statement of the agenda is not in the state')
  const phase = closingPhase(context, statement)
  if (phase === phases.closeGuided) {
    context.state.addKey(agenda, subjectKey(phase, statement.closesAt, statementId))
    return false
  }
  const nextClosesAt = closeStatement(context, statementId)
  return nextClosesAt !== null && nextClosesAt <= (context.row.clock as number)
}

function endPeriod(statementId: string, context: FoldContext): void {
  const statement = context.state.get(statements, statementId)
  if (statement === undefined) throw new Error('a statement of the agenda is not in the state')
  if (statement.status !== 'OPEN') return
  advance(statement, 'CLOSING', statement.periodEnd)
  context.state.put(statements, statementId, statement)
  context.emit.statement(statement)
}
