import type { Instant } from '../../domain/calendar/calendar.ts'
import { clockStands } from '../../domain/statements/clearing.ts'
import { advanceBy } from '../../domain/statements/lifecycle.ts'
import type { FoldContext } from '../context.ts'
import { clearings, statements } from '../tables.ts'
import { type Actor, type Cleared, keepCleared, moveOn } from './move-on.ts'

/** The statement counts as agreed to; what was on hold for that goes on. */
export function confirm(context: FoldContext, cleared: Cleared, at: Instant, actor: Actor): void {
  const { statement, clearing } = cleared
  clearing.confirmed = true
  clearing.confirmedBy = actor.by
  // Held, it stays so, and goes on from here when it is released.
  if (statement.status !== 'HELD') advanceBy(statement, 'CONFIRMED', at, actor)
  moveOn(context, cleared, at)
}

/** The time for confirming is up. */
export function confirmDue(context: FoldContext, statementId: string, at: Instant): void {
  const cleared = clearedOf(context, statementId)
  if (cleared === undefined) throw new Error('a statement of the agenda is not in the state')
  if (confirmIfDue(context, cleared, at)) keepCleared(context, cleared)
}

/**
 * Confirms a statement whose time was up at `at`, dated when it was: whatever happened later finds
 * it confirmed, even where the tick has not come yet.
 */
export function confirmIfDue(context: FoldContext, cleared: Cleared, at: Instant): boolean {
  const { clearing } = cleared
  const { confirmed, confirmsAt } = clearing
  if (confirmed || confirmsAt === null || confirmsAt > at || clockStands(clearing)) return false
  confirm(context, cleared, confirmsAt, { by: null, reason: null })
  return true
}

/** A statement that was closed to be paid or collected; undefined: it is none. */
export function clearedOf({ state }: FoldContext, statementId: string): Cleared | undefined {
  const statement = state.get(statements, statementId)
  const clearing = state.get(clearings, statementId)
  return statement === undefined || clearing === undefined ? undefined : { statement, clearing }
}
