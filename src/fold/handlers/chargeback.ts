import { convert } from '../../domain/billing/conversion.ts'
import type { Order } from '../../domain/billing/order.ts'
import { type Refusal, refuse } from '../../domain/billing/refusal.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { type Decimal, toMinor } from '../../domain/money/decimal.ts'
import { isAmount, type Minor, shareOf } from '../../domain/money/money.ts'
import type { Terms } from '../../domain/parties/contract.ts'
import { orderKey } from '../agenda.ts'
import { agreementAt } from '../agreements.ts'
import { ledgerOf } from '../bill-order.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { ChargebackClosed, ChargebackOpened } from '../events.ts'
import { chargebackKey, factKey } from '../fact-keys.ts'
import { conversionAt } from '../fx-rates.ts'
import { beginEntry, checkFits, endEntry, findHome, type Ledger } from '../homes.ts'
import { termsOf } from '../order-terms.ts'
import { applied, duplicate, type Outcome, rejected, toRejected } from '../outcome.ts'
import { ledgerOfOrder } from '../reverse-order.ts'
import { ledgerOfLine } from '../submitted-parts.ts'
import { type Chargeback, chargebacks, facts, orders } from '../tables.ts'

// A buyer's bank takes a payment back, and may give it again. Nothing of the order is reversed:
// the amount and the fee of the case are adjustments on the order's line of statements.

/** Takes the amount and the fee of the case off the party. */
export function foldChargebackOpened(event: ChargebackOpened, context: FoldContext): Outcome {
  const { state, entry } = context
  const { chargebackId, occurredAt, orderId, orderCreatedAt, partyId } = event
  const key = chargebackKey(partyId, chargebackId)
  const hash = context.hasher.event(event)
  const known = state.get(chargebacks, key)
  if (known !== undefined) return judgeKnown(known.hash, hash, chargebackId)
  const order = state.get(orders, orderKey(orderCreatedAt, orderId, partyId))
  const ledger = ledgerOfCase(context, event, order)
  if ('kind' in ledger) return ledger
  const taken = readTaken(context, event, order, ledger)
  if ('code' in taken) return toRejected(taken)
  const { amount, fee, said, currency } = taken
  const home = findHome(context, ledger, occurredAt, `${chargebackId}:${event.type}`)
  if ('code' in home) return toRejected(home)
  beginEntry(context, home, event.eventId)
  if (amount !== 0) addLine(context, 'CHARGEBACK', -amount, event, home.originPeriod)
  if (fee !== 0) addLine(context, 'CHARGEBACK_FEE', -fee, event, home.originPeriod)
  const overflow = checkFits(context, home)
  if (overflow !== undefined) return toRejected(overflow)

  // Every check has passed: from here on the record is accepted.
  const lineId = amount === 0 ? null : `${home.statement.statementId}#${entry.firstSeq}`
  state.put(chargebacks, key, { hash, amount, said, currency, lineId, orderId, orderCreatedAt })
  endEntry(context, home)
  return applied
}

/** Gives the amount back when the party has won; the fee stays. */
export function foldChargebackClosed(event: ChargebackClosed, context: FoldContext): Outcome {
  const { state } = context
  const { chargebackId, occurredAt, partyId } = event
  const factId = factKey('chargebackClosed', partyId, chargebackId)
  const hash = context.hasher.event(event)
  const known = state.get(facts, factId)
  if (known !== undefined) return judgeKnown(known, hash, chargebackId)
  const row = state.get(chargebacks, chargebackKey(partyId, chargebackId))
  if (row === undefined) {
    return rejected('NOT_ALLOWED_IN_STATE', `chargeback ${chargebackId} was not opened`)
  }
  if (row.orderId !== event.orderId || row.orderCreatedAt !== event.orderCreatedAt) {
    const why = `orderId: chargeback ${chargebackId} is of order ${row.orderId}`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  const ledger = row.lineId === null ? undefined : ledgerOfLine(context, row.lineId)
  const amount = readBack(event, row)
  if (typeof amount !== 'number') return toRejected(amount)
  if (ledger !== undefined && amount !== 0) {
    const home = findHome(context, ledger, occurredAt, `${chargebackId}:${event.type}`)
    if ('code' in home) return toRejected(home)
    beginEntry(context, home, event.eventId)
    const at = addLine(context, 'CHARGEBACK', amount, event, home.originPeriod)
    context.entry.originLineId[at] = row.lineId
    const overflow = checkFits(context, home)
    if (overflow !== undefined) return toRejected(overflow)
    endEntry(context, home)
  }

  // Every check has passed: from here on the record is accepted.
  state.put(facts, factId, hash)
  return applied
}

function judgeKnown(known: Uint8Array, hash: Uint8Array, chargebackId: string): Outcome {
  return sameHash(known, hash)
    ? duplicate
    : rejected('DUPLICATE_CONFLICT', `chargeback ${chargebackId} said otherwise`)
}

/** Terms of an order that is not billed; null: it is. */
interface CaseLedger extends Ledger {
  readonly terms: Terms | null
}

/** The order's own line of statements; of one that is not billed, the one its terms say. */
function ledgerOfCase(
  context: FoldContext,
  event: ChargebackOpened,
  order: Order | undefined,
): CaseLedger | Outcome {
  const { orderId, partyId, occurredAt } = event
  if (order?.state === 'CANCELLED') {
    return rejected('ORDER_CANCELLED', `order ${orderId} is cancelled`)
  }
  if (order === undefined || (order.goods === null && order.billed === null)) {
    return rejected('ORDER_UNKNOWN', `order ${orderId} is not known`)
  }
  if (order.billed !== null) {
    return { ...ledgerOfOrder(order, order.billed), terms: null }
  }
  const agreement = termsOf(context, order)?.agreement ?? agreementAt(context, partyId, occurredAt)
  return agreement === undefined
    ? rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
    : { ...ledgerOf(partyId, { agreement }), terms: agreement.terms }
}

function magnitudeIn(currency: string, amount: Decimal, field: string): Minor | Refusal {
  const minor = toMinor(amount, exponentOf(currency) ?? 0)
  return minor === undefined || !isAmount(minor)
    ? refuse('OUT_OF_RANGE', `${field}: more decimals than ${currency} has, or too large`)
    : minor
}

/** Magnitudes on the statement, with what was said in the order's currency. */
interface Taken {
  readonly amount: Minor
  readonly fee: Minor
  readonly said: Minor
  readonly currency: string
}

/** By the rate of the order; of one that is not billed, by that of the case's instant. */
function readTaken(
  context: FoldContext,
  event: ChargebackOpened,
  order: Order | undefined,
  ledger: CaseLedger,
): Taken | Refusal {
  const billed = order?.billed ?? null
  const currency = billed?.foreign?.currency ?? order?.goods?.currency ?? ledger.key.currency
  const said = magnitudeIn(currency, event.amount, 'amount')
  if (typeof said !== 'number') return said
  const fee = event.fee === null ? 0 : magnitudeIn(currency, event.fee, 'fee')
  if (typeof fee !== 'number') return fee
  const conversion =
    billed?.foreign ??
    (ledger.terms && conversionAt(context, currency, ledger.terms, event.occurredAt))
  if (conversion === null) return { amount: said, fee, said, currency }
  if ('code' in conversion) return conversion
  return { amount: convert(said, conversion), fee: convert(fee, conversion), said, currency }
}

/** What goes back to the party: of what was taken the share that was won. */
function readBack(event: ChargebackClosed, row: Chargeback): Minor | Refusal {
  const said = event.amount === null ? row.said : magnitudeIn(row.currency, event.amount, 'amount')
  if (typeof said !== 'number') return said
  if (said > row.said) {
    return refuse('NOT_ALLOWED_IN_STATE', 'amount: more than the chargeback took')
  }
  return event.outcome === 'WON' && said > 0 ? shareOf(row.amount, said, row.said) : 0
}

function addLine(
  { entry }: FoldContext,
  feeType: string,
  amount: Minor,
  { occurredAt, orderId }: ChargebackOpened | ChargebackClosed,
  originPeriod: string | null,
): number {
  const at = entry.add(feeType, 'ADJUSTMENT', amount, occurredAt)
  entry.orderId[at] = orderId
  entry.originPeriod[at] = originPeriod
  return at
}
