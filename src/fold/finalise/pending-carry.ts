import { keyText, type Statement } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import { pendingCarries } from '../tables.ts'

// REALTIME has no next period: what a statement carries on waits for the key's next statement.

/** Adds to what waits for the next statement of the key. */
export function leavePending({ state }: FoldContext, from: Statement, debts: number): void {
  const key = keyText(from)
  const before = state.get(pendingCarries, key)
  state.put(pendingCarries, key, {
    amount: (before?.amount ?? 0) + from.closing,
    debts: Math.max(before?.debts ?? 0, debts),
  })
}

/** A new statement takes over what waits for it. */
export function takePending({ state }: FoldContext, statement: Statement): void {
  const key = keyText(statement)
  const pending = state.get(pendingCarries, key)
  if (pending === undefined) return
  state.delete(pendingCarries, key)
  statement.opening = pending.amount
  statement.debts = pending.debts
  statement.magnitude += Math.abs(pending.amount)
}
