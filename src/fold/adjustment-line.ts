import { agreementAt } from './agreements.ts'
import { ledgerOf } from './bill-order.ts'
import type { FoldContext } from './context.ts'
import type { AdjustmentSubmitted } from './events.ts'
import { beginEntry, checkFits, findHome, type Home, type Ledger } from './homes.ts'
import { type Outcome, rejected, toRejected } from './outcome.ts'
import { ledgerOfLine } from './submitted-parts.ts'

/** Where an adjustment stands, with its line in the context's entry; or why it may not. */
export function adjustmentLine(context: FoldContext, event: AdjustmentSubmitted): Home | Outcome {
  const { entry } = context
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
  return overflow === undefined ? home : toRejected(overflow)
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
