import { agreementAt } from '../agreements.ts'
import { ledgerOf } from '../bill-order.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { AdjustmentSubmitted } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { beginEntry, checkFits, endEntry, findHome, type Ledger } from '../homes.ts'
import { applied, duplicate, type Outcome, rejected, toRejected } from '../outcome.ts'
import { ledgerOfLine } from '../submitted-parts.ts'
import { facts } from '../tables.ts'

/** A manual plus or minus: always a line of its own, on the line of statements it corrects. */
export function foldAdjustment(event: AdjustmentSubmitted, context: FoldContext): Outcome {
  const { state, entry } = context
  const key = factKey('adjustment', event.partyId, event.adjustmentId)
  const hash = context.hasher.event(event)
  const known = state.get(facts, key)
  if (known !== undefined) {
    return sameHash(known, hash)
      ? duplicate
      : rejected('DUPLICATE_CONFLICT', `adjustment ${event.adjustmentId} said otherwise`)
  }
  const ledger = ledgerOfAdjustment(context, event)
  if ('kind' in ledger) return ledger
  if (event.currency !== ledger.key.currency) {
    const why = `currency: ${event.currency}, but the statement is in ${ledger.key.currency}`
    return rejected('CURRENCY_MISMATCH', why)
  }
  const home = findHome(context, ledger, event.occurredAt, event.adjustmentId)
  if ('code' in home) return toRejected(home)
  beginEntry(context, home, event.eventId)
  if (event.amount !== 0) {
    const at = entry.add('ADJUSTMENT', 'ADJUSTMENT', event.amount, event.occurredAt)
    entry.originLineId[at] = event.correctsLineId
    entry.originPeriod[at] = home.originPeriod
  }
  const overflow = checkFits(context, home)
  if (overflow !== undefined) return toRejected(overflow)

  // Every check has passed: from here on the record is accepted.
  state.put(facts, key, hash)
  endEntry(context, home)
  return applied
}

function ledgerOfAdjustment(context: FoldContext, event: AdjustmentSubmitted): Ledger | Outcome {
  if (event.correctsLineId === null) {
    const agreement = agreementAt(context, event.partyId, event.occurredAt)
    return agreement === undefined
      ? rejected('PARTY_UNKNOWN', `${event.partyId} has no contract and matches no template`)
      : ledgerOf(event.partyId, { agreement })
  }
  const ledger = ledgerOfLine(context, event.correctsLineId)
  if (ledger === undefined || ledger.key.partyId !== event.partyId) {
    const why = `correctsLineId: ${event.partyId} has no line ${event.correctsLineId}`
    return rejected('LINE_UNKNOWN', why)
  }
  return ledger
}
