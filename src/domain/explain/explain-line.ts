import { limitOf } from '../fees/price.ts'
import { formulaOf } from '../fees/registry.ts'
import { exponentOf } from '../money/currency.ts'
import { exactShare, type Minor, taxInside } from '../money/money.ts'
import { retainedOf } from '../reversals/retain-fee.ts'
import { judge, tellForward, tellTax } from './forward.ts'
import type { Evidence, Explanation, SettledLine } from './line.ts'
import { tellRebate } from './rebate.ts'
import { isSameEntry, sumsOf } from './refunded.ts'
import { tellReverse, tellReverseOfSubmitted } from './reverse.ts'
import { bookOf, priceFor, ruleOf } from './rules.ts'
import { compareExact, roundingWords, Telling } from './telling.ts'

/** How a line came about, computed again from the rule book and what its basis records. */
export function explainLine(line: SettledLine, evidence: Evidence): Explanation {
  const tell = new Telling(line)
  if (line.amount === 0) tell.refuse('amount', 'no line has the amount 0')
  tellByLeg(tell, evidence)
  const { isComputed, steps, problems } = tell
  return { line, isComputed, steps, problems }
}

function tellByLeg(tell: Telling, evidence: Evidence): void {
  switch (tell.line.leg) {
    case 'FORWARD':
      return tellForward(tell, evidence)
    case 'REVERSE':
      return tellAnyReverse(tell, evidence)
    case 'RETENTION':
      return tellRetention(tell, evidence)
    case 'SUBMITTED':
      return tellSubmitted(tell, evidence)
    case 'COMPENSATION':
      return tellCompensation(tell)
    case 'REBATE':
      return tellRebate(tell, evidence)
    default:
      return tellGiven(tell)
  }
}

function tellAnyReverse(tell: Telling, evidence: Evidence): void {
  const { originLineId, ruleId } = tell.line
  if (originLineId === null) return tellShareOfReversed(tell, evidence)
  const origin = evidence.lines.find(({ lineId }) => lineId === originLineId)
  const isGiven = origin === undefined ? ruleId === null : origin.leg === 'SUBMITTED'
  if (!isGiven) return tellReverse(tell, evidence)
  if (origin !== undefined) return tellReverseOfSubmitted(tell, origin, evidence)
  tell.refuse('originLineId', `${originLineId} is not among the lines at hand`)
}

/** A fee of the reverse leg only: a share of what the same refund took back of another fee. */
function tellShareOfReversed(tell: Telling, evidence: Evidence): void {
  const rule = ruleOf(tell, evidence)
  if (rule === undefined) return
  const { line } = tell
  const { feeType, schedule } = rule
  if (!feeType.reverseOnly) {
    tell.refuse('originLineId', 'is missing')
    return
  }
  const { basis } = line
  const price = basis === null ? undefined : priceFor(tell, schedule, basis)
  if (basis === null || price === undefined || price.formula.type !== 'SHARE_OF_REVERSED') {
    if (basis === null) tell.refuse('base', 'is missing')
    return
  }
  const { of, rateText } = price.formula
  const base = reversedInEntry(line, of, evidence)
  tell.say(`this refund took back ${tell.money(base)} of ${of}`)
  tell.expectAmount('base', basis.base, base)
  const exact = formulaOf(price).exact(price, base, 1)
  const magnitude = formulaOf(price).charge(price, base, 1, feeType.rounding)
  tell.say(`times ${rateText}, within its cap: exactly ${exact} minor units`)
  tell.say(`rounded ${roundingWords[feeType.rounding]}: ${tell.money(magnitude)}`)
  const sign = feeType.sign === -1 ? -1 : 1
  judge(tell, feeType, sign < 0 ? `-${exact}` : exact, sign * magnitude)
  tellTax(tell, feeType)
}

function reversedInEntry(line: SettledLine, of: string, { lines }: Evidence): Minor {
  let sum = 0
  for (const other of lines) {
    const counts = isSameEntry(other, line) && other.feeType === of && other.leg === 'REVERSE'
    if (counts && other.originLineId !== null && other.ruleId !== null)
      sum += Math.abs(other.amount)
  }
  return sum
}

/** RETAIN_FEE: what is kept of a fee that comes back, cumulative over the order. */
function tellRetention(tell: Telling, evidence: Evidence): void {
  const rule = ruleOf(tell, evidence)
  if (rule === undefined) return
  const { line } = tell
  const { feeType } = rule
  const policy = feeType.reversal
  const { basis } = line
  if (policy.policy !== 'RETAIN_FEE' || basis === null || basis.base === null) {
    tell.refuse(
      basis === null ? 'base' : 'leg',
      `${feeType.code} retains nothing that could be computed`,
    )
    return
  }
  tell.expect('of', basis.of, feeType.code)
  tell.expect('rate', basis.rate, null)
  tell.expect('originLineId', line.originLineId, null)
  checkReversed(tell, evidence)
  const cap = limitOf(policy.cap, exponentOf(line.currency) ?? 0)
  const kept = retainedOf(basis.base, policy.rate, cap, feeType.rounding)
  const before = keptBefore(line, evidence)
  const share = kept === cap ? `${cap}/1` : exactShare(basis.base, policy.rate)
  tell.say(`${tell.money(basis.base)} of ${feeType.code} came back over the order`)
  const { numerator, denominator } = policy.rate
  tell.say(`${numerator}/${denominator} of it is kept, up to its cap: exactly ${share} minor units`)
  tell.say(`kept in all ${tell.money(kept)}, before this line ${tell.money(before)}`)
  const sign = feeType.sign === -1 ? -1 : 1
  judge(tell, feeType, sign < 0 ? `-${share}` : share, sign * (kept - before))
  const { tax } = feeType
  const inside = tax === null ? null : taxInside(sign * kept, tax) - taxInside(sign * before, tax)
  tell.expectAmount('taxAmount', line.taxAmount, inside)
}

/** Retentions of one fee of the order, in the order in which their base grew. */
function retentionsOf(line: SettledLine, { lines }: Evidence): SettledLine[] {
  return lines
    .filter(
      ({ leg, feeType, orderId }) =>
        leg === 'RETENTION' && feeType === line.feeType && orderId === line.orderId,
    )
    .sort((a, b) => (a.basis?.base ?? 0) - (b.basis?.base ?? 0))
}

function keptBefore(line: SettledLine, evidence: Evidence): Minor {
  let kept = 0
  for (const other of retentionsOf(line, evidence)) {
    if (other.lineId === line.lineId) break
    kept += Math.abs(other.amount)
  }
  return kept
}

/**
 * The base is all that came back of the fee up to the reverse line that stands before this one: of
 * that line's origin exactly, of the order's others as much as some of their reversals reached.
 */
function checkReversed(tell: Telling, evidence: Evidence): void {
  const { line } = tell
  const base = line.basis?.base ?? 0
  const reversals = evidence.lines.filter(
    (other) =>
      other.leg === 'REVERSE' && other.feeType === line.feeType && other.orderId === line.orderId,
  )
  const own = reversals.find((other) => isSameEntry(other, line) && other.seq === line.seq - 1)
  const reached = own === undefined ? new Set<Minor>() : sumsOf(reachedBy(reversals, own))
  if (reached === undefined || reached.has(base)) return
  const message = `is not what the order's reverse lines of ${line.feeType} come to`
  tell.refuse('base', `${tell.money(base)} ${message}`)
}

/** Per origin what its reversals had reached: of `own`'s exactly, of any other whatever it was. */
function reachedBy(reversals: readonly SettledLine[], own: SettledLine): Set<Minor>[] {
  const sorted = [...reversals].sort((a, b) =>
    compareExact(a.basis?.exact ?? null, b.basis?.exact ?? null),
  )
  const origins = [...new Set(sorted.map(({ originLineId }) => originLineId))]
  return origins.map((origin) => {
    const reached = new Set([0])
    let sum = 0
    for (const reversal of sorted) {
      if (reversal.originLineId !== origin) continue
      sum += Math.abs(reversal.amount)
      reached.add(sum)
      if (reversal.lineId === own.lineId) return new Set([sum])
    }
    return reached
  })
}

/** Another system computed it: what can be checked is that the rule book lets it. */
function tellSubmitted(tell: Telling, { ruleBook: books }: Evidence): void {
  const { line } = tell
  tell.isComputed = false
  const source = line.eventId ?? '(none)'
  tell.say(`given: event ${source} submitted ${tell.money(line.amount)} of ${line.feeType}`)
  expectGiven(tell)
  const ruleBook = bookOf(tell, books)
  if (ruleBook === undefined) return
  const feeType = ruleBook.feeTypeByCode.get(line.feeType)
  if (feeType === undefined || (feeType.source === 'CALCULATED' && feeType.double === null)) {
    tell.refuse(
      'feeType',
      `${line.feeType} cannot be submitted by rule book version ${ruleBook.version}`,
    )
  } else if (line.amount * feeType.sign < 0) {
    tell.refuse('amount', `has not the sign of ${feeType.code}`)
  }
  const tax = line.taxAmount ?? 0
  if (tax * line.amount < 0 || Math.abs(tax) > Math.abs(line.amount)) {
    tell.refuse('taxAmount', 'is not inside the amount')
  }
}

/** B4 of reverse billing. */
function tellCompensation(tell: Telling): void {
  const { line } = tell
  tell.isComputed = false
  const excess = tell.money(Math.abs(line.amount))
  tell.say(`event ${line.eventId ?? '(none)'} refunded ${excess} more than was left (given)`)
  expectGiven(tell)
  tell.expect('feeType', line.feeType, 'COMPENSATION')
  if (line.amount > 0) tell.refuse('amount', 'a compensation is paid by the party')
}

/** Fee types that stand in no rule book: chargebacks are given. */
const chargebackFees = ['CHARGEBACK', 'CHARGEBACK_FEE']

function tellGiven(tell: Telling): void {
  const { line } = tell
  tell.isComputed = false
  tell.say(
    line.leg === 'ADJUSTMENT'
      ? `given: event ${line.eventId ?? '(none)'} adjusts by ${tell.money(line.amount)}`
      : `a line of leg ${line.leg}: this version of settle explain takes it as given`,
  )
  if (line.leg !== 'ADJUSTMENT') return
  expectGiven(tell)
  if (chargebackFees.includes(line.feeType)) return
  tell.expect('feeType', line.feeType, 'ADJUSTMENT')
}

/** What was given names no rule and no basis. */
function expectGiven(tell: Telling): void {
  const { line } = tell
  tell.expect('ruleId', line.ruleId, null)
  if (line.basis !== null) tell.refuse('base', 'a line that was given has no basis')
}
