import { isInProportion } from '../billing/reverse-targets.ts'
import { sainteLague } from '../money/allocate.ts'
import { exactShare, type Minor, shareOf, taxInside } from '../money/money.ts'
import { reversalOf } from '../reversals/registry.ts'
import type { FeeType } from '../rulebook/rule-book.ts'
import type { Evidence, SettledLine } from './line.ts'
import {
  impliedBase,
  isTender,
  type Origin,
  originOf,
  refundedSoFar,
  reversalBases,
  tendersOf,
} from './refunded.ts'
import { ruleOf } from './rules.ts'
import { compareExact, roundingWords, type Telling } from './telling.ts'

/** A reverse line of a forward one: what shall be taken back in all, less what was taken before. */
export function tellReverse(tell: Telling, evidence: Evidence): void {
  const rule = ruleOf(tell, evidence)
  if (rule === undefined) return
  const { line } = tell
  const origin = originOf(line, rule.ruleBook, rule.feeType, evidence)
  if (origin === undefined) {
    tell.refuse('originLineId', `${line.originLineId} is not among the lines at hand`)
    return
  }
  checkOrigin(tell, origin.line)
  const { basis } = line
  if (basis === null || basis.base === null || basis.exact === null) {
    tell.refuse(basis?.exact === null ? 'exact' : 'base', 'is missing')
    return
  }
  tell.say(`takes back of ${origin.line.lineId}, which is ${tell.money(origin.line.amount)}`)
  tell.expect('rate', basis.rate, null)
  const before = takenBefore(line, evidence)
  const target = isInProportion(rule.feeType)
    ? inProportion(tell, origin, evidence)
    : byPolicy(tell, origin, before, evidence)
  if (target === undefined) return
  tell.say(
    `taken back in all: ${tell.money(target.amount)}, before this line ${tell.money(before)}`,
  )
  tell.say(`so this line is ${tell.money(before - target.amount)}`)
  judgeReverse(tell, target.exact, before - target.amount)
  tellReverseTax(tell, origin.feeType, before, target.amount)
}

/** B1 of reverse billing: all of it comes from the frozen forward line. */
function checkOrigin(tell: Telling, origin: SettledLine): void {
  const { line } = tell
  tell.expect('feeType', line.feeType, origin.feeType)
  tell.expect('ruleId', line.ruleId, origin.ruleId)
  tell.expect('ruleBookVersion', String(line.ruleBookVersion), String(origin.ruleBookVersion))
  tell.expect('orderId', line.orderId, origin.orderId)
  tell.expect('lineNo', String(line.lineNo), String(origin.lineNo))
}

/** Reversals of one forward line in the order in which they came: what they reach never falls. */
function takenBefore(line: SettledLine, { lines }: Evidence): Minor {
  let taken = 0
  for (const other of lines) {
    if (other.originLineId !== line.originLineId || other.leg !== 'REVERSE') continue
    if (other.lineId !== line.lineId && isEarlier(other, line)) taken -= other.amount
  }
  return taken
}

function isEarlier(other: SettledLine, line: SettledLine): boolean {
  return compareExact(other.basis?.exact ?? null, line.basis?.exact ?? null) < 0
}

interface Target {
  /** With the forward line's sign. */
  readonly amount: Minor
  /** Before rounding, with the reverse line's sign. */
  readonly exact: string
}

function inProportion(tell: Telling, origin: Origin, evidence: Evidence): Target | undefined {
  const { line } = tell
  tell.expect('of', line.basis?.of ?? null, 'NET')
  const cumulative = line.basis?.base ?? 0
  const forward = origin.line.amount
  const base = chooseBase(tell, origin, evidence)
  if (base === undefined || base < cumulative) {
    tell.refuse('base', `${tell.money(cumulative)} is more than the NET of what was billed`)
    return undefined
  }
  const exact = exactShare(-forward, { numerator: cumulative, denominator: base })
  const whose = line.lineNo === null ? 'the order' : `order line ${line.lineNo}`
  tell.say(`refunded of ${whose} so far: ${tell.money(cumulative)} of NET ${tell.money(base)}`)
  tell.say(`of the forward line that is exactly ${exact} minor units`)
  if (isTender(origin.line, origin.ruleBook)) {
    const amount = shareOfTenders(tell, origin, cumulative, base)
    return { amount, exact }
  }
  const { rounding } = origin.feeType
  tell.say(`rounded ${roundingWords[rounding]}`)
  return { amount: shareOf(forward, cumulative, base, rounding), exact }
}

/** The candidate for B with which the line comes out, else the first one. */
function chooseBase(tell: Telling, origin: Origin, evidence: Evidence): Minor | undefined {
  const { line } = tell
  const own = impliedBase(line, evidence)
  const candidates = reversalBases(origin, line, evidence)
  if (candidates.length > 0) {
    return candidates.find((candidate) => candidate === own) ?? candidates[0]
  }
  if (own !== undefined) tell.say('NET shows on no other line: it is taken from the exact value')
  return own
}

/** B3 of reverse billing: the tenders of a line share what is refunded by Sainte-Laguë. */
function shareOfTenders(tell: Telling, origin: Origin, cumulative: Minor, base: Minor): Minor {
  const tenders = tendersOf(origin)
  const weights = tenders.map(({ amount }) => Math.abs(amount))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const shared = sum === base ? cumulative : shareOf(sum, cumulative, base)
  const shares = sainteLague(shared, weights)
  const share = shares[tenders.findIndex(({ lineId }) => lineId === origin.line.lineId)] ?? 0
  if (tenders.length > 1) {
    const parts = tenders.map(
      ({ feeType }, place) => `${feeType} ${tell.money(shares[place] ?? 0)}`,
    )
    tell.say(
      `the tenders of the line share ${tell.money(shared)} by Sainte-Laguë: ${parts.join(', ')}`,
    )
  }
  return origin.line.amount < 0 ? -share : share
}

function byPolicy(
  tell: Telling,
  origin: Origin,
  before: Minor,
  evidence: Evidence,
): Target | undefined {
  const { line } = tell
  const { policy } = origin.feeType.reversal
  tell.expect('of', line.basis?.of ?? null, policy)
  const cumulative = line.basis?.base ?? 0
  checkRefunded(tell, origin, evidence)
  if (policy === 'UPSTREAM') return named(tell, origin, before)
  const [base = Number.MAX_SAFE_INTEGER] = reversalBases(origin, line, evidence)
  const { rounding } = origin.feeType
  const amount = reversalOf(policy).target(origin.line.amount, before, cumulative, base, rounding)
  tell.say(`${policy}: refunded so far is ${tell.money(cumulative)}, which takes back all of it`)
  return { amount, exact: `${-amount}/1` }
}

function checkRefunded(tell: Telling, origin: Origin, evidence: Evidence): void {
  const { line } = tell
  const cumulative = line.basis?.base ?? 0
  const known = refundedSoFar(origin, line, evidence)
  if (known === undefined || known.has(cumulative)) return
  const values = [...known].slice(0, 3).map((value) => tell.money(value))
  tell.refuse(
    'base',
    `${tell.money(cumulative)}, but the other lines say ${values.join(' or ')} is refunded`,
  )
}

/** The refund said how much: the line is that, up to what is left of the forward one. */
function named(tell: Telling, origin: Origin, before: Minor): Target {
  const { line } = tell
  const amount = before - line.amount
  const forward = origin.line.amount
  tell.say(`UPSTREAM: the refund named ${tell.money(Math.abs(line.amount))} of it (given)`)
  if (Math.abs(amount) > Math.abs(forward) || amount * forward < 0) {
    tell.refuse('amount', `takes back ${tell.money(amount)} of ${tell.money(forward)}`)
  }
  return { amount, exact: `${-amount}/1` }
}

function judgeReverse(tell: Telling, exact: string, amount: Minor): void {
  const { line } = tell
  const fitsExact = line.basis?.exact === exact
  if (fitsExact && line.amount !== amount) tell.expectAmount('amount', line.amount, amount)
  else if (!fitsExact && line.amount === amount)
    tell.expect('exact', line.basis?.exact ?? null, exact)
  else if (!fitsExact) {
    const says = line.basis?.exact ?? 'absent'
    tell.refuse('base', `gives ${exact} exactly, the line says ${says}: base or exact was touched`)
    tell.expectAmount('amount', line.amount, amount)
  }
}

function tellReverseTax(tell: Telling, { tax }: FeeType, before: Minor, target: Minor): void {
  const { line } = tell
  const inside = tax === null ? null : taxInside(before, tax) - taxInside(target, tax)
  if (inside !== null) tell.say(`tax inside, cumulative in the same way: ${tell.money(inside)}`)
  tell.expectAmount('taxAmount', line.taxAmount, inside)
}

/** A reverse line of a submitted one: the amount was named by a refund or by its source. */
export function tellReverseOfSubmitted(
  tell: Telling,
  origin: SettledLine,
  { lines }: Evidence,
): void {
  const { line } = tell
  const { basis } = line
  tell.isComputed = false
  tell.say(`takes back of ${origin.lineId}, which was submitted as ${tell.money(origin.amount)}`)
  tell.say(`${tell.money(line.amount)} was named by event ${line.eventId ?? '(none)'} (given)`)
  tell.expect('feeType', line.feeType, origin.feeType)
  tell.expect('ruleBookVersion', String(line.ruleBookVersion), String(origin.ruleBookVersion))
  tell.expect('orderId', line.orderId, origin.orderId)
  tell.expect('lineNo', String(line.lineNo), String(origin.lineNo))
  tell.expect('ruleId', line.ruleId, null)
  tell.expect('of', basis?.of ?? null, 'UPSTREAM')
  tell.expectAmount('base', basis?.base ?? null, origin.amount)
  tell.expect('rate', basis?.rate ?? null, null)
  tell.expect('exact', basis?.exact ?? null, `${line.amount}/1`)
  const reversals = lines.filter(
    (other) => other.originLineId === origin.lineId && other.leg === 'REVERSE',
  )
  let taken = 0
  let tax = 0
  for (const reversal of reversals) {
    taken -= reversal.amount
    tax -= reversal.taxAmount ?? 0
  }
  if (Math.abs(taken) > Math.abs(origin.amount) || taken * origin.amount < 0) {
    tell.refuse(
      'amount',
      `all reversals take back ${tell.money(taken)} of ${tell.money(origin.amount)}`,
    )
    return
  }
  const wanted =
    origin.taxAmount === null
      ? null
      : shareOf(origin.taxAmount, Math.abs(taken), Math.abs(origin.amount))
  tell.expectAmount('taxAmount', line.taxAmount === null ? null : tax, wanted)
}
