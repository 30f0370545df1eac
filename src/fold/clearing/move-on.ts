import type { Instant } from '../../domain/calendar/calendar.ts'
import {
  amountToPay,
  type Clearing,
  linesHeldBack,
  stageOf,
} from '../../domain/statements/clearing.ts'
import { advanceBy } from '../../domain/statements/lifecycle.ts'
import type { HistoryStep, Statement, StatementStatus } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import { giveNotice } from '../notices.ts'
import { clearings, statements, unpaid } from '../tables.ts'

/** A closed statement with what was said of it since. */
export interface Cleared {
  readonly statement: Statement
  readonly clearing: Clearing
}

/** Who acted, and why. */
export type Actor = Pick<HistoryStep, 'by' | 'reason'>

const nobody: Actor = { by: null, reason: null }

/** Until a payout is on its way, what was said decides where the statement stands. */
const beforePayment: ReadonlySet<StatementStatus> = new Set([
  'FINALISED',
  'PENDING_CONFIRMATION',
  'CONFIRMED',
  'DISPUTED',
  'PENDING_APPROVAL',
  'PAYABLE',
  'RECEIVABLE',
  'HELD',
  'PAYMENT_FAILED',
  'RETURNED',
])

/** Moves the statement to where it stands by now, and instructs what may be paid. */
export function moveOn(
  context: FoldContext,
  cleared: Cleared,
  at: Instant,
  actor: Actor = nobody,
): void {
  const { statement, clearing } = cleared
  if (!beforePayment.has(statement.status)) return
  const stage = stageOf(clearing)
  if (stage !== statement.status) {
    advanceBy(statement, stage, at, actor)
    if (stage === 'PENDING_APPROVAL') requestApproval(context, cleared, at)
  }
  if (stage === 'PAYABLE') instruct(context, cleared)
}

/** Emits an instruction over what may be paid and is not on its way. */
function instruct({ emit }: FoldContext, { statement, clearing }: Cleared): void {
  const amount = amountToPay(clearing)
  if (amount === 0) return
  clearing.payouts.push({ amount, without: linesHeldBack(clearing), state: 'INSTRUCTED' })
  const attempt = clearing.payouts.length
  const instructionId = payoutId(statement.statementId, attempt)
  emit.instruction({
    instructionId,
    kind: 'PAYOUT',
    statementId: statement.statementId,
    partyId: statement.partyId,
    entity: statement.entity,
    amount,
    currency: statement.currency,
    dueOn: statement.dueOn,
    attempt,
    idempotencyKey: instructionId,
  })
}

/** `statementId:PAYOUT:attempt`. */
export function payoutId(statementId: string, attempt: number): string {
  return `${statementId}:PAYOUT:${attempt}`
}

function requestApproval(
  context: FoldContext,
  { statement, clearing }: Cleared,
  at: Instant,
): void {
  const { statementId, partyId } = statement
  giveNotice(context, {
    kind: 'APPROVAL_REQUESTED',
    subject: statementId,
    partyId,
    statementId,
    at,
    facts: clearing.levels.map((level) => ({ name: 'level', value: level })),
  })
}

/** Keeps what was said, or forgets it when nothing is left to be done. */
export function keepClearing({ state }: FoldContext, { statement, clearing }: Cleared): void {
  const { statementId, partyId } = statement
  state.put(clearings, statementId, clearing)
  const key = `${partyId}\0${statementId}`
  // A payout that came back makes it unpaid again.
  if (clearing.paid === clearing.payable) state.removeKey(unpaid, key)
  else state.addKey(unpaid, key)
}

/** Keeps both rows and tells of the statement. */
export function keepCleared(context: FoldContext, cleared: Cleared): void {
  const { statement } = cleared
  keepClearing(context, cleared)
  context.state.put(statements, statement.statementId, statement)
  context.emit.statement(statement)
}
