import { isAmount, type Minor } from '../../domain/money/money.ts'
import { type Side, termsAt } from '../../domain/rebates/rebate.ts'
import { matchesLine } from '../../domain/rulebook/match.ts'
import type { MatchedRebate } from '../../domain/rulebook/rule-book.ts'
import { agreementAt } from '../agreements.ts'
import { ledgerOf } from '../bill-order.ts'
import type { FoldContext } from '../context.ts'
import { agreementKey } from '../fact-keys.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home, type Ledger } from '../homes.ts'
import { type Outcome, rejected, toRejected } from '../outcome.ts'
import type { RebateAmountAgreed } from '../rebate-events.ts'
import type { AgreedRebate } from '../rows/rebate-rows.ts'
import { agreedRebates } from './tables.ts'

// The line of an unstructured rebate: its text is for people, its amount is what both sides agreed
// to. Every version needs all signatures again, and its line is what differs from the version
// before it.

type Rejected = Extract<Outcome, { kind: 'rejected' }>

/** A line that is ready in the context's entry. */
export interface AgreedLine {
  readonly home: Home
  /** What all versions come to, signed. */
  readonly settled: Minor
  /** What this one adds. */
  readonly amount: Minor
}

/** Makes the line of an agreed amount, or says why there is none; nothing is kept yet. */
export function agreedLine(context: FoldContext, event: RebateAmountAgreed): AgreedLine | Outcome {
  const { partyId, occurredAt } = event
  const agreement = agreementAt(context, partyId, occurredAt)
  if (agreement === undefined) {
    return rejected('PARTY_UNKNOWN', `${partyId} has no contract and matches no template`)
  }
  const ledger = ledgerOf(partyId, { agreement })
  const rebate = rebateOf(context, event, ledger)
  return 'code' in rebate ? rebate : lineOf(context, event, ledger, rebate)
}

/** Puts the line on its statement. */
export function postAgreed(
  context: FoldContext,
  { partyId, agreementId, version, rebateId, currency }: RebateAmountAgreed,
  { home, settled }: AgreedLine,
): void {
  const row = { version, rebateId, currency, settled }
  context.state.put(agreedRebates, agreementKey(partyId, agreementId), row)
  endEntry(context, home)
}

function no(message: string): Rejected {
  return { kind: 'rejected', code: 'NOT_ALLOWED_IN_STATE', message }
}

function rebateOf(
  { books, row }: FoldContext,
  event: RebateAmountAgreed,
  { key }: Ledger,
): MatchedRebate | Rejected {
  const { rebateId, partyId, currency, signedBy, occurredAt } = event
  const { rebates } = books.ruleBook(row.ruleBookVersion)
  const rebate = rebates.find((one) => one.rebateId === rebateId)
  const formula = rebate && termsAt(rebate, occurredAt)?.formula
  if (rebate === undefined || formula?.type !== 'AGREED') {
    return no(`rebateId: ${rebateId} is no unstructured rebate of the rule book`)
  }
  if (currency !== key.currency) {
    const message = `currency: ${currency}, but the statement is in ${key.currency}`
    return { kind: 'rejected', code: 'CURRENCY_MISMATCH', message }
  }
  const missing = formula.requires.find((side) => !hasSigned(signedBy, side))
  if (missing !== undefined) return no(`signedBy: ${missing} has not signed`)
  const facts = { mode: key.mode, partyId, channel: null, tags: [], guide: false }
  const lines = { category: [null], sku: [null], skuType: [null] }
  return matchesLine(rebate.match, facts, lines, 0)
    ? rebate
    : no(`rebateId: ${rebateId} is not for ${partyId}`)
}

function hasSigned(signedBy: RebateAmountAgreed['signedBy'], side: Side): boolean {
  return signedBy.some((signature) => signature.side === side)
}

function lineOf(
  context: FoldContext,
  event: RebateAmountAgreed,
  ledger: Ledger,
  { sign }: MatchedRebate,
): AgreedLine | Outcome {
  const { entry, row, state } = context
  const { agreementId, occurredAt, partyId, rebateId, version } = event
  const before = state.get(agreedRebates, agreementKey(partyId, agreementId))
  const wrong = before && whyNotAfter(before, event)
  if (wrong !== undefined) return rejected('NOT_ALLOWED_IN_STATE', wrong)
  const settled = sign * event.amount + 0
  const amount = settled - (before?.settled ?? 0)
  if (!isAmount(amount)) return rejected('OUT_OF_RANGE', 'amount: the change is too large')
  const home = findHome(context, ledger, occurredAt, `${agreementId}:${version}`)
  if ('code' in home) return toRejected(home)
  beginEntry(context, home, event.eventId)
  if (amount !== 0) {
    const at = entry.add('REBATE', 'REBATE', amount, occurredAt)
    entry.ruleId[at] = rebateId
    entry.ruleBookVersion[at] = row.ruleBookVersion
    entry.originPeriod[at] = home.originPeriod
  }
  const overflow = checkFits(context, home)
  return overflow === undefined ? { home, settled, amount } : toRejected(overflow)
}

function whyNotAfter(before: AgreedRebate, event: RebateAmountAgreed): string | undefined {
  const { agreementId, version, rebateId, currency } = event
  if (version <= before.version) {
    return `version: ${before.version} of ${agreementId} is in force`
  }
  if (rebateId !== before.rebateId || currency !== before.currency) {
    return `rebateId: ${agreementId} is of ${before.rebateId} in ${before.currency}`
  }
  return undefined
}
