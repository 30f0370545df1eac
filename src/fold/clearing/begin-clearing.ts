import { dayAt } from '../../domain/calendar/calendar.ts'
import { dueDay } from '../../domain/calendar/due-day.ts'
import type { PayoutTerms, Terms } from '../../domain/parties/contract.ts'
import type { CarryDecision } from '../../domain/statements/carry.ts'
import { type Clearing, newApproval } from '../../domain/statements/clearing.ts'
import { advance } from '../../domain/statements/lifecycle.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import { phases, subjectKey } from '../agenda.ts'
import type { FoldContext } from '../context.ts'
import { giveNotice } from '../notices.ts'
import { dayLength } from '../order-terms.ts'
import { newParty } from '../rows/party-row.ts'
import { agenda, parties } from '../tables.ts'
import { levelsFor } from './levels.ts'
import { type Cleared, keepClearing, moveOn } from './move-on.ts'
import { remindOfDueDay } from './reminders.ts'

/** A statement that was closed, with what its finalising decided. */
export interface Closed {
  readonly statement: Statement
  readonly terms: Terms
  readonly decision: CarryDecision
}

/** From FINALISED on; the caller keeps the statement and tells of it. */
export function beginClearing(context: FoldContext, { statement, terms, decision }: Closed): void {
  const { closesAt: at } = statement
  if (decision.kind === 'ZERO') return advance(statement, 'SETTLED_ZERO', at)
  if (decision.kind === 'CARRY') return advance(statement, 'CARRIED_FORWARD', at)
  const cleared = { statement, clearing: newClearing(context, statement, terms) }
  setDueDay(context, statement, terms.payout as PayoutTerms)
  noticeFirst(context, statement)
  remindOfDueDay(context, cleared)
  if (terms.confirmation?.required === true) waitForConfirmation(context, cleared)
  else {
    cleared.clearing.confirmed = true
    advance(statement, 'CONFIRMED', at)
  }
  moveOn(context, cleared, at)
  keepClearing(context, cleared)
}

function newClearing(context: FoldContext, statement: Statement, terms: Terms): Clearing {
  const { opening, total, closing, closesAt } = statement
  const payable = opening + total - closing
  const days = terms.confirmation?.autoConfirmDays ?? null
  const party = context.state.get(parties, statement.partyId)
  return {
    payable,
    confirmsAt: days === null ? null : closesAt + days * dayLength,
    confirmed: false,
    confirmedBy: null,
    levels: levelsFor(terms, 'STATEMENT', payable),
    approval: newApproval(),
    disputes: [],
    holds: (party?.holds ?? []).map((holdId) => ({ holdId, held: null, lines: [] })),
    stopped: party?.suspended ?? false,
    paid: 0,
    payouts: [],
  }
}

function setDueDay({ books, row }: FoldContext, statement: Statement, payout: PayoutTerms): void {
  const calendar = books.calendar(statement.cycleTerms.calendar, row.ruleBookVersion)
  const day = calendar && dayAt(calendar, statement.closesAt)
  if (calendar === undefined || day === undefined) return
  statement.dueOn = dueDay(calendar, day, payout.termDays, payout.dayKind)
}

function waitForConfirmation({ state }: FoldContext, { statement, clearing }: Cleared): void {
  advance(statement, 'PENDING_CONFIRMATION', statement.closesAt)
  if (clearing.confirmsAt === null) return
  state.addKey(agenda, subjectKey(phases.confirm, clearing.confirmsAt, statement.statementId))
}

/** F64: the first statement of a party that is to be paid is worth a look. */
function noticeFirst(context: FoldContext, { statementId, partyId, closesAt }: Statement): void {
  const { state } = context
  const party = state.get(parties, partyId) ?? newParty()
  if (party.settledBefore) return
  party.settledBefore = true
  state.put(parties, partyId, party)
  giveNotice(context, {
    kind: 'FIRST_SETTLEMENT_REVIEW',
    subject: statementId,
    partyId,
    statementId,
    at: closesAt,
    facts: [],
  })
}
