import type { SubmittedPart } from '../domain/billing/named-fees.ts'
import type { Order } from '../domain/billing/order.ts'
import type { NamedFee } from '../domain/billing/refund.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import { largestRemainder } from '../domain/money/allocate.ts'
import { shareOf } from '../domain/money/money.ts'
import { keyText } from '../domain/statements/statement.ts'
import type { FoldContext } from './context.ts'
import type { RefundSucceeded } from './events.ts'
import { beginEntry, endEntry, findHome, type Home, type Ledger } from './homes.ts'
import { type Submitted, statements, submittedLines } from './tables.ts'

/** What a refund takes back of one submitted line, and where its line will stand. */
export interface SubmittedReversal {
  readonly key: string
  readonly row: Submitted
  /** Magnitude. */
  readonly amount: number
  /** One object for all that stand on one statement: they are one entry there. */
  readonly home: Home
}

/** A home that the refund has already, for lines of its order. */
export interface OwnHome {
  readonly ledger: Ledger
  readonly home: Home
}

/** The submitted lines that belong to an order, as far as a refund can name them. */
export function submittedParts({ state }: FoldContext, order: Order): SubmittedPart[] {
  return order.submitted.map((key) => {
    const row = state.get(submittedLines, key)
    if (row === undefined) throw new Error('a submitted line of an order is not in the state')
    return { feeType: row.feeType, left: Math.abs(row.amount - row.reversed) }
  })
}

/** Splits named fees over the order's submitted lines by what is left of each: a share for each. */
export function splitOverSubmitted(
  context: FoldContext,
  order: Order,
  fees: readonly NamedFee[],
): number[] | Refusal {
  const parts = submittedParts(context, order)
  const shares = parts.map(() => 0)
  for (const { feeType, amount } of fees) {
    const left = parts.map((part) => (part.feeType === feeType ? part.left : 0))
    if (amount > left.reduce((sum, part) => sum + part, 0)) {
      const why = `fees: ${feeType} names more than is left of it`
      return refuse('NOT_ALLOWED_IN_STATE', why)
    }
    largestRemainder(amount, left).forEach((share, place) => {
      shares[place] = (shares[place] as number) + share
    })
  }
  return shares
}

/** Finds where the reversal of each share will stand. */
export function homesOfSubmitted(
  context: FoldContext,
  { submitted }: Order,
  shares: readonly number[],
  event: RefundSucceeded,
  own: OwnHome | null,
): SubmittedReversal[] | Refusal {
  const homes = new Map<string, Home>()
  if (own !== null) homes.set(keyText(own.ledger.key), own.home)
  const reversals: SubmittedReversal[] = []
  for (const [place, amount] of shares.entries()) {
    if (amount === 0) continue
    const key = submitted[place] as string
    const row = context.state.get(submittedLines, key) as Submitted
    const ledger = ledgerOfLine(context, row.lineId ?? '')
    if (ledger === undefined) throw new Error('a submitted line stands on no statement')
    const known = homes.get(keyText(ledger.key))
    const home = known ?? findHome(context, ledger, event.occurredAt, event.refundId)
    if ('code' in home) return home
    homes.set(keyText(ledger.key), home)
    reversals.push({ key, row, amount, home })
  }
  return reversals
}

/** Whether every statement's sums stay exact with the reversals, and `more` on the refund's own. */
export function checkReversals(
  reversals: readonly SubmittedReversal[],
  own: Home | null,
  more: number,
): Refusal | undefined {
  const sums = new Map<Home, number>(own === null ? [] : [[own, more]])
  for (const { home, amount } of reversals) sums.set(home, (sums.get(home) ?? 0) + amount)
  for (const [{ statement }, sum] of sums) {
    if (statement.magnitude + sum <= Number.MAX_SAFE_INTEGER) continue
    return refuse('OUT_OF_RANGE', `fees: the sums of ${statement.statementId} would overflow`)
  }
  return undefined
}

/** Posts reversals, one entry a statement. */
export function postReversals(
  context: FoldContext,
  event: RefundSucceeded,
  reversals: readonly SubmittedReversal[],
): void {
  for (const home of new Set(reversals.map((reversal) => reversal.home))) {
    beginEntry(context, home, event.eventId)
    fillReversals(context, event, reversals, home)
    endEntry(context, home)
  }
}

/** The reversals of one statement go to the context's entry. */
export function fillReversals(
  context: FoldContext,
  event: RefundSucceeded,
  reversals: readonly SubmittedReversal[],
  home: Home,
): void {
  for (const reversal of reversals) {
    if (reversal.home === home) postSubmitted(context, reversal, event.occurredAt, home)
  }
}

/** Takes back of a submitted line: its reverse line goes to the context's entry. */
export function postSubmitted(
  context: FoldContext,
  { key, row, amount }: Pick<SubmittedReversal, 'key' | 'row' | 'amount'>,
  occurredAt: number,
  { originPeriod }: Home,
): void {
  const { entry, state } = context
  const before = row.reversed
  const target = before + (row.amount < 0 ? -amount : amount)
  row.reversed = target
  state.put(submittedLines, key, row)
  const at = entry.add(row.feeType, 'REVERSE', before - target, occurredAt)
  entry.orderId[at] = row.orderId
  entry.lineNo[at] = row.lineNo
  entry.originLineId[at] = row.lineId
  entry.originPeriod[at] = originPeriod
  entry.ruleBookVersion[at] = row.ruleBookVersion
  entry.basisOf[at] = 'UPSTREAM'
  entry.basisBase[at] = row.amount
  entry.basisExact[at] = `${before - target}/1`
  if (row.taxAmount === null) return
  const taxBefore = shareOf(row.taxAmount, Math.abs(before), Math.abs(row.amount))
  const taxAfter = shareOf(row.taxAmount, Math.abs(target), Math.abs(row.amount))
  entry.taxAmount[at] = taxBefore - taxAfter
}

/** The line of statements that a line stands on; undefined where there is no such line. */
export function ledgerOfLine(context: FoldContext, lineId: string): Ledger | undefined {
  const hash = lineId.lastIndexOf('#')
  const statement = context.state.get(statements, lineId.slice(0, hash))
  const seq = Number(lineId.slice(hash + 1))
  if (statement === undefined || !(seq >= 1 && seq <= statement.lineCount)) return undefined
  const { partyId, entity, mode, currency, cycle, partyKind, cycleTerms } = statement
  return { key: { partyId, entity, mode, currency, cycle }, partyKind, cycle: cycleTerms }
}
