import type { Instant } from '../domain/calendar/calendar.ts'
import { advance } from '../domain/statements/lifecycle.ts'
import { rootOf } from '../domain/statements/seal.ts'
import { keyText } from '../domain/statements/statement.ts'
import { beginClearing } from './clearing/begin-clearing.ts'
import type { FoldContext } from './context.ts'
import { termsOfStatement } from './finalise/statement-terms.ts'
import { postSystemEntry } from './finalise/system-entry.ts'
import { chains, numbers, statements } from './tables.ts'

/**
 * Closes, finalises, numbers, chains and seals a statement: one step, dated at its period's end
 * plus grace. Returns when the statement closes that was carried into, if there is one.
 */
export function closeStatement(context: FoldContext, statementId: string): Instant | null {
  const { state, tools, emit } = context
  const statement = state.get(statements, statementId)
  if (statement === undefined) throw new Error('a statement of the agenda is not in the state')
  const { partyId, entity, mode, currency, closesAt } = statement
  const numberKey = `${partyId}/${entity}/${mode}/${currency}`
  const number = (state.get(numbers, numberKey) ?? 0) + 1
  state.put(numbers, numberKey, number)
  statement.number = number
  advance(statement, 'CLOSED', closesAt)
  statement.closedAt = closesAt
  advance(statement, 'FINALISED', closesAt)
  statement.finalisedAt = closesAt
  const terms = termsOfStatement(context, statement)
  const { decision, nextClosesAt } = postSystemEntry(context, statement, terms?.payout ?? null)
  const chainKey = keyText(statement)
  statement.root = rootOf(statement.frontier, tools.sha256)
  statement.previousRoot = state.get(chains, chainKey) ?? null
  state.put(chains, chainKey, statement.root)
  if (decision !== null && terms !== undefined) {
    beginClearing(context, { statement, terms, decision })
  }
  state.put(statements, statementId, statement)
  emit.statement(statement)
  return nextClosesAt
}
