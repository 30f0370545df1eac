import type { FoldContext } from '../context.ts'
import type { KeyRange } from '../state.ts'
import { unpaid } from '../tables.ts'
import { clearedOf } from './confirm.ts'
import type { Cleared } from './move-on.ts'

/** Most unpaid statements of one party that one event reaches. */
const mostUnpaid = 100_000

/** The statements of a party that are not paid yet, to be loaded before they are asked for. */
export function unpaidRange(partyId: string): KeyRange {
  return { set: unpaid, from: `${partyId}\0`, to: `${partyId}\u0001`, limit: mostUnpaid }
}

/** The closed statements of a party that are not paid yet. */
export function unpaidOf(context: FoldContext, partyId: string): Cleared[] {
  const keys = context.state.first(unpaidRange(partyId))
  return keys.flatMap((key) => clearedOf(context, key.slice(partyId.length + 1)) ?? [])
}
