import { newOrder, type Order } from '../../domain/billing/order.ts'
import { checkFeeLine } from '../../domain/billing/submitted.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { toMinor } from '../../domain/money/decimal.ts'
import { isAmount } from '../../domain/money/money.ts'
import type { FeeType } from '../../domain/rulebook/rule-book.ts'
import { orderKey } from '../agenda.ts'
import { agreementAt } from '../agreements.ts'
import { ledgerOf } from '../bill-order.ts'
import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import { billsSubmitted, compareSubmitted } from '../double-billing.ts'
import type { FeeLineReversed, FeeLineSubmitted } from '../events.ts'
import { factKey, submittedKey } from '../fact-keys.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home } from '../homes.ts'
import { applied, duplicate, type Outcome, rejected, toRejected } from '../outcome.ts'
import { ledgerOfLine, postSubmitted } from '../submitted-parts.ts'
import { facts, orders, type Submitted, statements, submittedLines } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Passes a ready-made fee line of another system through to the party's statement. */
export function foldFeeLineSubmitted(event: FeeLineSubmitted, context: FoldContext): Outcome {
  const { state, row } = context
  const key = submittedKey(event.partyId, event.sourceSystem, event.externalId)
  const hash = context.hasher.event(event)
  const known = state.get(submittedLines, key)
  if (known !== undefined) {
    return sameHash(known.hash, hash)
      ? duplicate
      : rejected(
          'DUPLICATE_CONFLICT',
          `${event.externalId} of ${event.sourceSystem} said otherwise`,
        )
  }
  const agreement = agreementAt(context, event.partyId, event.occurredAt)
  if (agreement === undefined) {
    return rejected('PARTY_UNKNOWN', `${event.partyId} has no contract and matches no template`)
  }
  const { currency } = agreement.terms
  if (event.currency !== currency) {
    const why = `currency: ${event.currency}, but the contract is in ${currency}`
    return rejected('CURRENCY_MISMATCH', why)
  }
  const feeType = readFeeType(context, event)
  if ('kind' in feeType) return feeType
  const ledger = ledgerOf(event.partyId, { agreement })
  const factId = `${event.sourceSystem}:${event.externalId}`
  const home = findHome(context, ledger, event.occurredAt, factId)
  if ('code' in home) return toRejected(home)
  const order = orderOf(context, event, feeType)
  // Of two paths that compute one fee the other one may be billed: then this is evidence only.
  const isBilled = feeType.double === null || billsSubmitted(context, order, feeType)
  fillLine(context, event, home, isBilled)
  const overflow = checkFits(context, home)
  if (overflow !== undefined) return toRejected(overflow)

  // Every check has passed: from here on the record is accepted.
  const lineId =
    context.entry.count === 0 ? null : `${home.statement.statementId}#${context.entry.firstSeq}`
  endEntry(context, home)
  const submitted: Submitted = {
    hash,
    feeType: event.feeType,
    amount: event.amount,
    taxAmount: event.taxAmount,
    reversed: 0,
    lineId,
    orderId: event.orderId,
    lineNo: event.lineNo,
    ruleBookVersion: row.ruleBookVersion,
  }
  state.put(submittedLines, key, submitted)
  if (order !== null) compareSubmitted(context, order, event, feeType, home.statement.closesAt)
  if (isBilled) attach(context, event, feeType, key)
  return applied
}

/** The fee type that the line may be submitted as, or why it may not. */
function readFeeType({ books, row }: FoldContext, event: FeeLineSubmitted): FeeType | Outcome {
  const feeType = books.ruleBook(row.ruleBookVersion).feeTypeByCode.get(event.feeType)
  if (feeType === undefined) {
    return rejected('FEE_TYPE_UNKNOWN', `feeType: ${event.feeType} is not in the rule book`)
  }
  const wrong = checkFeeLine(event, feeType, exponentOf(event.currency) ?? 0)
  return wrong === undefined ? feeType : toRejected(wrong)
}

function fillLine(
  context: FoldContext,
  event: FeeLineSubmitted,
  home: Home,
  isBilled: boolean,
): void {
  beginEntry(context, home, event.eventId)
  if (event.amount === 0 || !isBilled) return
  const { entry } = context
  const at = entry.add(event.feeType, 'SUBMITTED', event.amount, event.occurredAt)
  entry.orderId[at] = event.orderId
  entry.lineNo[at] = event.lineNo
  entry.taxAmount[at] = event.taxAmount
  entry.ruleBookVersion[at] = context.row.ruleBookVersion
  entry.originPeriod[at] = home.originPeriod
}

/** The order whose own fee the line is compared with; null where there is nothing to compare. */
function orderOf(
  { state }: FoldContext,
  { orderCreatedAt: createdAt, orderId, partyId }: FeeLineSubmitted,
  { double }: FeeType,
): Order | null {
  if (double === null || orderId === null || createdAt === null) return null
  const known = state.get(orders, orderKey(createdAt, orderId, partyId))
  return known ?? newOrder({ partyId, orderId, createdAt })
}

/** A refund may name the line: the order must know of it. */
function attach(
  { state }: FoldContext,
  event: FeeLineSubmitted,
  feeType: FeeType,
  key: string,
): void {
  const { partyId, orderId, orderCreatedAt: createdAt } = event
  if (orderId === null || createdAt === null || event.amount === 0) return
  if (feeType.reversal.policy !== 'UPSTREAM') return
  const at = orderKey(createdAt, orderId, partyId)
  const order = state.get(orders, at) ?? newOrder({ partyId, orderId, createdAt })
  order.submitted.push(key)
  state.put(orders, at, order)
}

/** Takes back what another system says of its own submitted line. */
export function foldFeeLineReversed(event: FeeLineReversed, context: FoldContext): Outcome {
  const { state } = context
  const { partyId, sourceSystem, externalId, reversalId } = event
  const key = factKey('reversal', partyId, sourceSystem, externalId, reversalId)
  const hash = hashOfNew(context, event, key, `reversal ${reversalId}`)
  if ('kind' in hash) return hash
  const lineKey = submittedKey(partyId, sourceSystem, externalId)
  const row = state.get(submittedLines, lineKey)
  if (row === undefined) {
    return rejected('LINE_UNKNOWN', `${sourceSystem} has submitted no line ${externalId}`)
  }
  if (row.lineId === null && row.amount !== 0) {
    const why = `line ${externalId} was compared and not billed: there is nothing to reverse`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }
  const amount = readReversal(context, event, row)
  if (typeof amount !== 'number') return amount
  if (amount === 0) {
    state.put(facts, key, hash)
    return applied
  }
  const ledger = row.lineId === null ? undefined : ledgerOfLine(context, row.lineId)
  if (ledger === undefined) throw new Error('a submitted line stands on no statement')
  const home = findHome(
    context,
    ledger,
    event.occurredAt,
    `${sourceSystem}:${externalId}:${reversalId}`,
  )
  if ('code' in home) return toRejected(home)
  if (home.statement.magnitude + amount > Number.MAX_SAFE_INTEGER) {
    return rejected('OUT_OF_RANGE', 'amount: the sums of the statement would overflow')
  }

  // Every check has passed: from here on the record is accepted.
  state.put(facts, key, hash)
  beginEntry(context, home, event.eventId)
  postSubmitted(context, { key: lineKey, row, amount }, event.occurredAt, home)
  endEntry(context, home)
  return applied
}

/** The magnitude that goes back, or why it may not. */
function readReversal(
  { state }: FoldContext,
  event: FeeLineReversed,
  row: Submitted,
): number | Outcome {
  const statement = state.get(statements, (row.lineId ?? '').split('#')[0] as string)
  const exponent = exponentOf(statement?.currency ?? '') ?? 0
  const amount = row.lineId === null ? event.amount.unscaled : toMinor(event.amount, exponent)
  if (amount === undefined || !isAmount(amount)) {
    return rejected('OUT_OF_RANGE', 'amount: more decimals than the line has, or too large')
  }
  if (amount !== 0 && amount > 0 === row.amount > 0 && row.amount !== 0) {
    return rejected('FEE_SIGN_WRONG', 'amount: a reversal has the sign opposite to its line')
  }
  if (Math.abs(amount) > Math.abs(row.amount - row.reversed)) {
    return rejected('NOT_ALLOWED_IN_STATE', 'amount: more than is left of the line')
  }
  return Math.abs(amount)
}
