import { type Refusal, refuse } from '../../domain/billing/refusal.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { toMinor } from '../../domain/money/decimal.ts'
import { counts } from '../../domain/rebates/filter.ts'
import type { RebateBase } from '../../domain/rebates/settle.ts'
import { matchesLine } from '../../domain/rulebook/match.ts'
import type { MatchedRebate } from '../../domain/rulebook/rule-book.ts'
import { keyText } from '../../domain/statements/statement.ts'
import { agreementAt } from '../agreements.ts'
import { ledgerOf } from '../bill-order.ts'
import type { FoldContext } from '../context.ts'
import { factKey, purchaseKey } from '../fact-keys.ts'
import { findHome, type Home, keepNew, type Ledger } from '../homes.ts'
import { applied, type Outcome, rejected, toRejected } from '../outcome.ts'
import type { PurchaseEvent } from '../rebate-events.ts'
import { type AccountPlace, addTo, placeOf, takeFrom } from '../rebates/accounts.ts'
import { purchases } from '../rebates/tables.ts'
import type { AccountName } from '../rows/rebate-rows.ts'
import { facts } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

// What a party bought counts towards its purchase rebates and makes no line of its own. What goes
// back under the id of its receipt is taken off where that counted, any other return where the
// statement of its own instant counts.

/** Counts what came in, or takes off what went back. */
export function foldPurchase(event: PurchaseEvent, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, receiptId, type } = event
  const factId = factKey('purchase', partyId, type, receiptId)
  const hash = hashOfNew(context, event, factId, `${type} ${receiptId}`)
  if ('kind' in hash) return hash
  const outcome = count(event, context)
  if (outcome.kind !== 'rejected') state.put(facts, factId, hash)
  return outcome
}

function count(event: PurchaseEvent, context: FoldContext): Outcome {
  const { partyId, receiptId, type } = event
  const receipt =
    type === 'PurchaseReturned'
      ? context.state.get(purchases, purchaseKey(partyId, receiptId))
      : undefined
  if (receipt !== undefined) {
    const base = baseOf(event, receipt.currency)
    if ('code' in base) return toRejected(base)
    const cause = { id: receiptId, at: event.occurredAt }
    for (const name of receipt.accounts) takeFrom(context, receipt, name, base, cause)
    return applied
  }
  const agreement = agreementAt(context, partyId, event.occurredAt)
  if (agreement === undefined) {
    return rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
  }
  const ledger = ledgerOf(partyId, { agreement })
  const base = baseOf(event, ledger.key.currency)
  if ('code' in base) return toRejected(base)
  const home = findHome(context, ledger, event.occurredAt, receiptId)
  if ('code' in home) return toRejected(home)
  countAt(context, event, ledger, home, base)
  return applied
}

function baseOf({ amount, quantity }: PurchaseEvent, currency: string): RebateBase | Refusal {
  const net = toMinor(amount, exponentOf(currency) ?? 0)
  return net === undefined
    ? refuse('OUT_OF_RANGE', `amount: more decimals than ${currency} has, or too large`)
    : { net, quantity, cost: 0 }
}

function countAt(
  context: FoldContext,
  event: PurchaseEvent,
  { key }: Ledger,
  home: Home,
  base: RebateBase,
): void {
  const { books, row, state } = context
  const accounts: AccountName[] = []
  const text = keyText(key)
  for (const rebate of books.ruleBook(row.ruleBookVersion).rebates) {
    const place = placeOf(context, rebate, home.statement)
    if (place === undefined || !countsFor(event, key.mode, rebate, place)) continue
    addTo(context, text, rebate.rebateId, place, signed(event, place, base))
    accounts.push({ rebateId: rebate.rebateId, day: place.day })
  }
  if (accounts.length === 0) return
  // A rebate is a line of a statement: what was bought makes sure that there is one.
  if (home.isNew && key.cycle !== 'REALTIME') keepNew(context, home.statement)
  if (event.type === 'PurchaseReturned') return
  const { partyId, receiptId } = event
  state.put(purchases, purchaseKey(partyId, receiptId), {
    key: text,
    currency: key.currency,
    accounts,
  })
}

function countsFor(
  { partyId, sku, occurredAt }: PurchaseEvent,
  mode: string,
  { kind, match }: MatchedRebate,
  { terms }: AccountPlace,
): boolean {
  const { filter, skus, window } = terms
  if (kind !== 'PURCHASE' || (skus !== null && !skus.includes(sku))) return false
  if (window !== null && (occurredAt < window.from || occurredAt >= window.to)) return false
  const facts = { mode, partyId, channel: null, tags: [], guide: false }
  const lines = { category: [null], sku: [sku], skuType: [null] }
  return (
    counts(filter, { gift: false, tags: [], status: '' }) && matchesLine(match, facts, lines, 0)
  )
}

function signed({ type }: PurchaseEvent, { terms }: AccountPlace, base: RebateBase): RebateBase {
  if (type === 'PurchaseReceived') return base
  return terms.netOfReturns
    ? { net: -base.net, quantity: -base.quantity, cost: 0 }
    : { net: 0, quantity: 0, cost: 0 }
}
