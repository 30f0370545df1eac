import type { Minor } from '../../domain/money/money.ts'
import { clearedOf } from '../clearing/confirm.ts'
import { amountOfLines, seqOfLine } from '../clearing/line-amounts.ts'
import type { Cleared } from '../clearing/move-on.ts'
import type { FoldContext } from '../context.ts'
import type { LifecycleEvent } from '../lifecycle-events.ts'
import { type Outcome, rejected } from '../outcome.ts'

/** The closed statement that an event is about, or why there is none. */
export function clearedFor(
  context: FoldContext,
  event: LifecycleEvent,
  statementId: string,
): Cleared | Outcome {
  const cleared = clearedOf(context, statementId)
  if (cleared?.statement.partyId === event.partyId) return cleared
  const why = `statementId: ${event.partyId} has no closed statement ${statementId} to be paid`
  return rejected('NOT_ALLOWED_IN_STATE', why)
}

/** An event counts when it happened, and never before the statement was closed. */
export function instantFor({ statement }: Cleared, { occurredAt }: LifecycleEvent): number {
  return Math.max(occurredAt, statement.closesAt)
}

/** What an event about some lines, or about the whole, holds back. */
export interface HeldBack {
  /** At least 0; null: all. */
  readonly amount: Minor | null
  /** Each once, rising; none: it is about the whole. */
  readonly lines: readonly number[]
}

/** What the event holds back, or why it cannot. */
export function heldBy(
  context: FoldContext,
  { lineIds }: { readonly lineIds: readonly string[] },
  { statement }: Cleared,
): HeldBack | Outcome {
  const seqs = new Set<number>()
  for (const lineId of lineIds) {
    const seq = seqOfLine(statement, lineId)
    if (seq === undefined) {
      return rejected('LINE_UNKNOWN', `lineIds: ${statement.statementId} has no line ${lineId}`)
    }
    seqs.add(seq)
  }
  const lines = [...seqs].sort((a, b) => a - b)
  return { amount: lines.length === 0 ? null : amountOfLines(context, statement, lines), lines }
}
