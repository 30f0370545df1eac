import { type Instant, startOf } from '../../domain/calendar/calendar.ts'
import { formatDay } from '../../domain/calendar/day.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import { clockStands } from '../../domain/statements/clearing.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import { phases, subjectKey } from '../agenda.ts'
import type { FoldContext } from '../context.ts'
import type { NoticeFact, NoticeKind } from '../emissions.ts'
import { giveNotice } from '../notices.ts'
import { dayLength } from '../order-terms.ts'
import { agenda } from '../tables.ts'
import { clearedOf } from './confirm.ts'
import type { Cleared } from './move-on.ts'

/** What an agenda key of phase `remind` is about; the characters are never reused. */
const topics = { dueSoon: 's', overdue: 'o', disputeWarning: 'w', disputeOverdue: 'x' } as const

/** Days before the due day on which it is announced. */
const daysAhead = 7
/** Days after the due day on which an overdue payout is told of: the ageing buckets begin there. */
const ages = [1, 31, 61, 91] as const

/** Enters when the due day is announced and when the payout will be overdue. */
export function remindOfDueDay(context: FoldContext, { statement, clearing }: Cleared): void {
  if (clearing.payable < 0 || statement.dueOn === null) return
  const soon = startOfDay(context, statement, statement.dueOn - daysAhead)
  if (soon !== undefined && soon > statement.closesAt) enter(context, statement, soon, 'dueSoon')
  enterAge(context, statement, 0)
}

/** When it will be told; null: never. */
function enterAge(context: FoldContext, statement: Statement, age: number): Instant | null {
  const days = ages[age]
  if (days === undefined || statement.dueOn === null) return null
  const at = startOfDay(context, statement, statement.dueOn + days)
  if (at === undefined) return null
  enter(context, statement, at, 'overdue', String(age))
  return at
}

/** Enters the deadlines of the answer to a dispute: 24 and 72 hours. */
export function remindOfDispute(
  context: FoldContext,
  { statement }: Cleared,
  disputeId: string,
  openedAt: Instant,
): void {
  enter(context, statement, openedAt + dayLength, 'disputeWarning', disputeId)
  enter(context, statement, openedAt + 3 * dayLength, 'disputeOverdue', disputeId)
}

function startOfDay(
  { books, row }: FoldContext,
  { cycleTerms }: Statement,
  day: number,
): Instant | undefined {
  const calendar = books.calendar(cycleTerms.calendar, row.ruleBookVersion)
  return calendar && startOf(calendar, day)
}

function enter(
  { state }: FoldContext,
  { statementId }: Statement,
  at: Instant,
  topic: keyof typeof topics,
  more = '',
): void {
  const subject = `${topics[topic]}${statementId}\0${more}`
  state.addKey(agenda, subjectKey(phases.remind, at, subject))
}

/** Tells what is still so at its instant. Returns when more is to be told; null: that is all. */
export function remind(context: FoldContext, subject: string, at: Instant): Instant | null {
  const [statementId, more] = subject.slice(1).split('\0') as [string, string]
  const cleared = clearedOf(context, statementId)
  if (cleared === undefined) throw new Error('a statement of the agenda is not in the state')
  switch (subject[0]) {
    case topics.overdue:
      return tellOverdue(context, cleared, at, Number(more))
    case topics.dueSoon:
      tellDue(context, cleared, at, 'PAYOUT_DUE_SOON')
      break
    case topics.disputeWarning:
      tellDispute(context, cleared, at, { kind: 'DISPUTE_WARNING', disputeId: more })
      break
    default:
      tellDispute(context, cleared, at, { kind: 'DISPUTE_OVERDUE', disputeId: more })
  }
  return null
}

function tellOverdue(
  context: FoldContext,
  cleared: Cleared,
  at: Instant,
  age: number,
): Instant | null {
  const { statement, clearing } = cleared
  if (clearing.paid >= clearing.payable) return null
  // What is disputed as a whole is not to be paid yet.
  if (!clockStands(clearing)) {
    const days = { name: 'daysOverdue', value: String(ages[age]) }
    tellDue(context, cleared, at, 'PAYOUT_OVERDUE', days)
  }
  return enterAge(context, statement, age + 1)
}

function tellDue(
  context: FoldContext,
  { statement, clearing }: Cleared,
  at: Instant,
  kind: NoticeKind,
  ...more: readonly NoticeFact[]
): void {
  const outstanding = clearing.payable - clearing.paid
  if (outstanding <= 0 || statement.dueOn === null) return
  const facts = [
    { name: 'dueOn', value: formatDay(statement.dueOn) },
    { name: 'outstanding', value: formatMinor(outstanding, statement.currency) },
    ...more,
  ]
  tell(context, statement, { kind, at, facts, subject: statement.statementId })
}

function tellDispute(
  context: FoldContext,
  { statement, clearing }: Cleared,
  at: Instant,
  { kind, disputeId }: { readonly kind: NoticeKind; readonly disputeId: string },
): void {
  if (!clearing.disputes.some((dispute) => dispute.disputeId === disputeId)) return
  const facts = [{ name: 'disputeId', value: disputeId }]
  tell(context, statement, { kind, at, facts, subject: disputeId })
}

function tell(
  context: FoldContext,
  { statementId, partyId }: Statement,
  notice: Pick<Parameters<typeof giveNotice>[1], 'kind' | 'at' | 'facts' | 'subject'>,
): void {
  giveNotice(context, { ...notice, partyId, statementId })
}
