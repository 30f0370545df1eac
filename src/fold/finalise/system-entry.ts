import { isAmount } from '../../domain/money/money.ts'
import type { PayoutTerms } from '../../domain/parties/contract.ts'
import { type CarryDecision, decideCarry } from '../../domain/statements/carry.ts'
import type { EntryDraft } from '../../domain/statements/entry.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import { addGuideLines } from '../guides/plan-results.ts'
import { beginEntry, endEntry, findHome, type Home, keepNew } from '../homes.ts'
import { statements } from '../tables.ts'
import { leavePending } from './pending-carry.ts'
import { addRebateLines } from './rebate-lines.ts'

// The lines that the system adds when a statement is finalised: one entry without an event, dated
// at the period's end. Carry-in first, then rebates and what guides' plans give and take, carry-out
// last.
//
//   S1. What leaves one statement enters the next of its key with the same amount (I11).
//   S2. opening + total − closing is what is paid or collected.
//   S3. A carry that no later statement could hold exactly is paid or collected instead.

/** What was decided, and when the statement closes that was carried into. */
export interface Finalised {
  /** Null: nothing is carried or paid by these terms. */
  readonly decision: CarryDecision | null
  /** Null: nothing was carried, or into a statement that does not exist yet. */
  readonly nextClosesAt: number | null
}

/** Posts the system's lines of a statement that has closed, and carries on what is to be. */
export function postSystemEntry(
  context: FoldContext,
  statement: Statement,
  payout: PayoutTerms | null,
): Finalised {
  const { entry } = context
  const own: Home = { statement, isNew: false, originPeriod: null }
  beginEntry(context, own, null)
  if (statement.opening !== 0) {
    entry.add('CARRY', 'CARRY', statement.opening, statement.periodEnd)
    // It was counted when it was carried in.
    statement.magnitude -= Math.abs(statement.opening)
  }
  addRebateLines(context, statement)
  const earned = statement.opening + statement.total
  addGuideLines(context, statement, earned + sumOf(entry), payout)
  const balance = earned + sumOf(entry)
  const decision = payout === null ? null : decideCarry(balance, statement.debts, payout)
  if (decision?.kind !== 'CARRY') {
    endEntry(context, own)
    return { decision, nextClosesAt: null }
  }
  const next = nextOf(context, statement)
  const fits = takes(statement, balance) && (next === null || canTake(next, balance))
  if (next === undefined || !fits) {
    endEntry(context, own)
    return { decision: { kind: balance > 0 ? 'PAY' : 'COLLECT' }, nextClosesAt: null }
  }
  entry.add('CARRY', 'CARRY', -balance, statement.periodEnd)
  statement.closing = balance
  endEntry(context, own)
  if (next !== null) carryInto(context, next, balance, decision.debts)
  else leavePending(context, statement, decision.debts)
  return { decision, nextClosesAt: next?.statement.closesAt ?? null }
}

/** Of all lines but CARRY. */
function sumOf(entry: EntryDraft): number {
  let sum = 0
  for (let line = 0; line < entry.count; line += 1) {
    if (entry.leg[line] !== 'CARRY') sum += entry.amount[line] as number
  }
  return sum
}

/**
 * The statement that what is carried goes into; null: REALTIME's, which does not exist yet;
 * undefined: the cycle or its calendar ends here.
 */
function nextOf(context: FoldContext, statement: Statement): Home | null | undefined {
  if (statement.cycle === 'REALTIME') return null
  const { partyId, entity, mode, currency, cycle, partyKind, cycleTerms, periodEnd } = statement
  const key = { partyId, entity, mode, currency, cycle }
  const ledger = { key, partyKind, cycle: cycleTerms }
  const home = findHome(context, ledger, periodEnd, '')
  return 'code' in home ? undefined : home
}

/** Whether the sums of a statement stay exact with a carry. */
function takes({ magnitude, opening }: Statement, amount: number): boolean {
  const sum = magnitude + Math.abs(opening) + Math.abs(amount)
  return isAmount(amount) && isAmount(opening + amount) && sum <= Number.MAX_SAFE_INTEGER
}

function canTake(next: Home | undefined, amount: number): boolean {
  return next !== undefined && takes(next.statement, amount)
}

function carryInto(context: FoldContext, next: Home, amount: number, debts: number): void {
  const { statement } = next
  statement.opening += amount
  statement.debts = Math.max(statement.debts, debts)
  statement.magnitude += Math.abs(amount)
  if (next.isNew) {
    keepNew(context, statement)
    return
  }
  context.state.put(statements, statement.statementId, statement)
  context.emit.statement(statement)
}
