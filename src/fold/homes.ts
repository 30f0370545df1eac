import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import { type Calendar, dayAt, type Instant } from '../domain/calendar/calendar.ts'
import { type Cycle, nextPeriod, type Period } from '../domain/calendar/cycle.ts'
import { formatDay } from '../domain/calendar/day.ts'
import { advance, takesLines } from '../domain/statements/lifecycle.ts'
import { fits, post } from '../domain/statements/posting.ts'
import { addLeaf } from '../domain/statements/seal.ts'
import {
  keyText,
  openStatement,
  type Statement,
  type StatementKey,
} from '../domain/statements/statement.ts'
import { type Phase, phases, subjectKey } from './agenda.ts'
import { agreementAt } from './agreements.ts'
import { keepLineAmounts } from './clearing/line-amounts.ts'
import type { FoldContext } from './context.ts'
import { takePending } from './finalise/pending-carry.ts'
import { loopsOf } from './guides/loops.ts'
import { agenda, statements } from './tables.ts'

// Where a fact's lines belong, and putting them there.
//
//   H1. A fact belongs to the period that holds its instant; if that is closed, to the earliest one
//       of the key that is not. Nothing ever comes to a statement that is closed.
//   H2. A period without a statement is closed once a tick has closed what ended with it.
//   H3. A statement exists from its first line on (SKIP), or from when it is opened ahead (EMIT).

/** The line of statements a fact belongs to. */
export interface Ledger {
  readonly key: StatementKey
  readonly partyKind: string
  readonly cycle: Cycle
}

export interface Home {
  readonly statement: Statement
  /** Not in the state yet. */
  readonly isNew: boolean
  /** First day of the period that the fact belongs to, where that is closed. */
  readonly originPeriod: string | null
}

/** The statement for a fact at `at`; `factId` names REALTIME's statement. */
export function findHome(
  context: FoldContext,
  ledger: Ledger,
  at: Instant,
  factId: string,
): Home | Refusal {
  const { cycle } = ledger
  const calendar = context.books.calendar(cycle.calendar, context.row.ruleBookVersion)
  if (calendar === undefined) {
    return refuse('OUT_OF_RANGE', `occurredAt: calendar ${cycle.calendar} is not published`)
  }
  if (cycle.kind === 'REALTIME') return findOwnHome(context, ledger, calendar, at, factId)
  const own = context.books.period(cycle, calendar, at)
  if (own === undefined) return outOfRange(calendar)
  let period: Period | undefined = own
  while (period !== undefined) {
    const id = context.statementIds.of(ledger.key, period.id)
    const statement = context.state.get(statements, id)
    if (!isClosed(context, ledger, period, statement)) {
      return {
        statement: statement ?? newStatement(context, ledger, calendar, period),
        isNew: statement === undefined,
        originPeriod: period === own ? null : own.id,
      }
    }
    period = nextPeriod(cycle, calendar, period)
  }
  return outOfRange(calendar)
}

function outOfRange({ calendarId }: Calendar): Refusal {
  return refuse('OUT_OF_RANGE', `occurredAt: outside calendar ${calendarId}`)
}

/** REALTIME: a statement of its own for every fact. */
function findOwnHome(
  context: FoldContext,
  ledger: Ledger,
  calendar: Calendar,
  at: Instant,
  factId: string,
): Home | Refusal {
  const day = dayAt(calendar, at)
  if (day === undefined) return outOfRange(calendar)
  // An order and a refund may have the same id: the later fact's statement gets a number.
  for (let attempt = 1; ; attempt += 1) {
    const id = attempt === 1 ? factId : `${factId}:${attempt}`
    if (context.state.get(statements, statementId(ledger, id)) !== undefined) continue
    const statement = openStatement({
      key: ledger.key,
      partyKind: ledger.partyKind,
      cycleTerms: ledger.cycle,
      zone: calendar.zone,
      periodId: id,
      periodDay: formatDay(day),
      periodStart: at,
      periodEnd: at,
      closesAt: at,
      keepsAmounts: isPaid(context, ledger, at),
    })
    return { statement, isNew: true, originPeriod: null }
  }
}

function statementId(ledger: Ledger, periodId: string): string {
  return `${keyText(ledger.key)}/${periodId}`
}

/** H2. */
function isClosed(
  context: FoldContext,
  { cycle, partyKind }: Pick<Ledger, 'cycle' | 'partyKind'>,
  period: Period,
  statement: Statement | undefined,
): boolean {
  if (statement !== undefined) return !takesLines(statement)
  const guided = partyKind === 'MERCHANT' ? undefined : loopsOf(context)
  const { closedThrough } = guided ?? context.row
  return closedThrough !== null && period.end + cycle.grace <= closedThrough
}

function newStatement(
  context: FoldContext,
  ledger: Ledger,
  calendar: Calendar,
  period: Period,
): Statement {
  const { row } = context
  const { key, partyKind, cycle } = ledger
  const statement = openStatement({
    key,
    partyKind,
    cycleTerms: cycle,
    zone: calendar.zone,
    periodId: period.id,
    periodDay: period.id,
    periodStart: period.start,
    periodEnd: period.end,
    closesAt: period.end + cycle.grace,
    keepsAmounts: isPaid(context, ledger, period.end - 1),
  })
  const inGrace = row.clock !== null && row.clock >= period.end && cycle.grace > 0
  if (inGrace) advance(statement, 'CLOSING', period.end)
  return statement
}

/** Whether, as far as is known by now, the statement will be paid. */
function isPaid(context: FoldContext, { key }: Ledger, at: Instant): boolean {
  return (agreementAt(context, key.partyId, at)?.terms.payout ?? null) !== null
}

/** Opens the statement of a period ahead of any line (EMIT), unless it is there or closed. */
export function openAhead(
  context: FoldContext,
  ledger: Ledger,
  calendar: Calendar,
  period: Period,
): void {
  const existing = context.state.get(statements, statementId(ledger, period.id))
  if (existing !== undefined || isClosed(context, ledger, period, undefined)) return
  const statement = newStatement(context, ledger, calendar, period)
  keepNew(context, statement)
}

/** Keeps a statement that was not in the state, and tells of it. */
export function keepNew(context: FoldContext, statement: Statement): void {
  enterAgenda(context, statement)
  context.state.put(statements, statement.statementId, statement)
  context.emit.statement(statement)
}

function enterAgenda(context: FoldContext, statement: Statement): void {
  const { state } = context
  const { statementId: id, periodEnd, closesAt } = statement
  if (statement.status === 'OPEN' && closesAt > periodEnd) {
    state.addKey(agenda, subjectKey(phases.end, periodEnd, id))
  }
  state.addKey(agenda, subjectKey(closingPhase(context, statement), closesAt, id))
}

/** What closes a statement: a tick, or the marks where its party lives on loopback. */
export function closingPhase(context: FoldContext, { partyKind }: Statement): Phase {
  return partyKind === 'MERCHANT' || loopsOf(context) === undefined
    ? phases.close
    : phases.closeGuided
}

/** Keeps a statement that a fact without lines has opened. */
export function keepHome(context: FoldContext, { statement, isNew }: Home): void {
  if (!isNew) return
  context.state.put(statements, statement.statementId, statement)
  enterAgenda(context, statement)
  context.emit.statement(statement)
}

/** Empties the context's entry and addresses it to a statement; its lines follow. */
export function beginEntry(context: FoldContext, home: Home, eventId: string | null): void {
  const { entry } = context
  entry.clear()
  entry.statementId = home.statement.statementId
  entry.entryNo = home.statement.entryCount + 1
  entry.firstSeq = home.statement.lineCount + 1
  entry.eventId = eventId
}

/** Whether the statement's sums stay exact with the context's entry, else the refusal. */
export function checkFits(context: FoldContext, home: Home): Refusal | undefined {
  return fits(home.statement, context.entry)
    ? undefined
    : refuse('OUT_OF_RANGE', `amount: the sums of ${home.statement.statementId} would overflow`)
}

/** Puts the context's entry on its statement, sealed. An entry without lines leaves no trace. */
export function endEntry(context: FoldContext, home: Home): void {
  const { entry, tools, state, emit } = context
  if (entry.count === 0) return
  const { statement } = home
  if (home.isNew && statement.cycle === 'REALTIME') takePending(context, statement)
  const bytes = tools.encodeEntry(entry)
  addLeaf(statement.frontier, statement.entryCount, bytes, tools.sha256)
  post(statement, entry)
  if (statement.keepsAmounts) keepLineAmounts(context, entry)
  state.put(statements, statement.statementId, statement)
  emit.entry(statement.partyId, bytes)
  if (!home.isNew) return
  enterAgenda(context, statement)
  emit.statement(statement)
}
