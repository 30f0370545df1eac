import type { Instant } from '../calendar/calendar.ts'
import { limitOf, type PriceList } from '../fees/price.ts'
import { formulaOf } from '../fees/registry.ts'
import { exactShare, type Minor, taxInside } from '../money/money.ts'
import { retainedOf } from '../reversals/retain-fee.ts'
import type { FeeType, RuleBook } from '../rulebook/rule-book.ts'
import type { EntryDraft } from '../statements/entry.ts'
import type { Named } from './named-fees.ts'
import type { Billed, ChosenSchedule } from './order.ts'
import type { Refund } from './refund.ts'
import {
  feeTypeAt,
  isInProportion,
  type Refunded,
  refundedOf,
  targetsOf,
} from './reverse-targets.ts'

// Reverse billing of an order that is billed.
//
//   B1. What is reversed comes from the frozen forward amounts, never from today's rule.
//   B2. Per charge, cumulative rounding (or Sainte-Laguë among tenders): exact at the end,
//       monotone, each step with the right sign.
//   B3. The tender lines of a refund add up to what the refund took of the line.
//   B4. A refund above what is left of its line is a COMPENSATION, never a negative base.

/** All that decides what a refund takes back. */
export interface Reverse {
  readonly orderId: string
  readonly billed: Billed
  readonly refund: Refund
  /** The rule book that the order was billed by. */
  readonly ruleBook: RuleBook
  readonly prices: PriceList
  /** Decimals of the order's currency. */
  readonly exponent: number
  readonly occurredAt: Instant
  /** Where the refund's own period is closed: that period's first day. */
  readonly originPeriod: string | null
}

interface Scope extends Reverse {
  readonly named: Named
  readonly entry: EntryDraft
  /** By place of the charge: what shall be reversed after this refund, with the charge's sign. */
  readonly targets: readonly Minor[]
  /** Per line, and last for the whole order. */
  readonly refunded: readonly Refunded[]
  /** RETAIN_FEE, by place of the fee type: as `retain` left it. */
  readonly kept: Map<number, Kept>
}

/** Magnitudes over the whole order. */
interface Kept {
  reversed: Minor
  retained: Minor
}

/**
 * Takes back what the refund takes: reverse lines go to `entry`, and `billed` is brought forward.
 * To be called once every check has passed.
 */
export function billReverse(reverse: Reverse, named: Named, entry: EntryDraft): void {
  const excess = takeOfLines(reverse)
  const { billed, ruleBook } = reverse
  const refunded = refundedOf(billed)
  const targets = targetsOf({ billed, ruleBook, named }, refunded)
  const scope: Scope = {
    orderId: reverse.orderId,
    billed,
    refund: reverse.refund,
    ruleBook,
    prices: reverse.prices,
    exponent: reverse.exponent,
    occurredAt: reverse.occurredAt,
    originPeriod: reverse.originPeriod,
    named,
    entry,
    targets,
    refunded,
    kept: new Map(),
  }
  // Before the charges are brought forward, since it compares with what was reversed before.
  const reversedByFee = sumByFee(scope)
  const { charges } = billed
  // Charges stand line by line, as they were billed, those of the whole order last.
  let place = 0
  for (let line = 0; line < excess.length; line += 1) {
    for (; charges.line[place] === line; place += 1) takeBack(scope, place)
    compensate(scope, line, excess[line] as Minor)
  }
  reverseOrderFees(scope, reversedByFee)
}

/** A bound of all magnitudes that the refund can put on a statement. */
export function mostOf({ billed, refund, ruleBook, prices }: Reverse): Minor {
  let charged = 0
  for (const amount of billed.charges.amount) charged += Math.abs(amount)
  // What comes back, and what RETAIN_FEE keeps of it.
  let most = 2 * charged
  for (const amount of refund.amount) most += amount
  for (const { schedule, version } of billed.reverseOnly) {
    const found = ruleBook.schedules[schedule]
    if (found === undefined) continue
    const price = prices.of(found, version)
    most += formulaOf(price).charge(price, charged + refundedFees(refund), 1, 'UP')
  }
  return most
}

function refundedFees({ fees }: Refund): Minor {
  return fees.reduce((sum, { amount }) => sum + amount, 0)
}

/** Brings the lines' `reversed` forward; what exceeds a line is returned by its place. */
function takeOfLines({ billed: { lines }, refund }: Reverse): Minor[] {
  return lines.net.map((net, line) => {
    const wanted = refund.amount[line] as Minor
    const taken = Math.min(wanted, net - (lines.reversed[line] as Minor))
    lines.reversed[line] = (lines.reversed[line] as Minor) + taken
    return wanted - taken
  })
}

/** Magnitudes that this refund reverses, by place of the fee type. */
function sumByFee({ billed: { charges }, ruleBook, targets, named }: Scope): Minor[] {
  const sums = ruleBook.feeTypes.map(() => 0)
  for (let place = 0; place < charges.count; place += 1) {
    const index = charges.feeType[place] as number
    const step = Math.abs((targets[place] as Minor) - (charges.reversed[place] as Minor))
    sums[index] = (sums[index] as Minor) + step
  }
  named.submitted.forEach((amount, place) => {
    const index = ruleBook.feeTypeByCode.get(named.submittedFees[place] as string)?.index
    if (index !== undefined) sums[index] = (sums[index] as Minor) + amount
  })
  return sums
}

/** Fees of the whole order and those of the reverse leg only, together in the rule book's order. */
function reverseOrderFees(scope: Scope, reversedByFee: readonly Minor[]): void {
  const { charges, reverseOnly } = scope.billed
  let next = 0
  const reverseOnlyBelow = (feeType: number): void => {
    while (next < reverseOnly.length && (reverseOnly[next] as ChosenSchedule).feeType < feeType) {
      chargeReversal(scope, reverseOnly[next] as ChosenSchedule, reversedByFee)
      next += 1
    }
  }
  for (let place = 0; place < charges.count; place += 1) {
    if (charges.line[place] !== -1) continue
    reverseOnlyBelow(charges.feeType[place] as number)
    takeBack(scope, place)
  }
  reverseOnlyBelow(scope.ruleBook.feeTypes.length)
}

function takeBack(scope: Scope, place: number): void {
  const { entry, billed } = scope
  const { charges } = billed
  const before = charges.reversed[place] as Minor
  const target = scope.targets[place] as Minor
  if (target === before) return
  charges.reversed[place] = target
  const feeType = feeTypeAt(scope, place)
  const at = addLine(scope, place, feeType, 'REVERSE', before - target)
  entry.originLineId[at] = `${billed.statementId}#${charges.seq[place]}`
  if (feeType.tax !== null) {
    entry.taxAmount[at] = taxInside(before, feeType.tax) - taxInside(target, feeType.tax)
  }
  explainReverse(scope, place, at, feeType)
  if (feeType.reversal.policy === 'RETAIN_FEE') retain(scope, place, feeType, before - target)
}

/** The basis says what shall be reversed in all, before rounding, with the reverse line's sign. */
function explainReverse(scope: Scope, place: number, at: number, feeType: FeeType): void {
  const { entry, billed, refunded } = scope
  const line = billed.charges.line[place] as number
  const { cumulative, base } = refunded[line < 0 ? refunded.length - 1 : line] as Refunded
  const inProportion = isInProportion(feeType) && base > 0
  entry.basisOf[at] = inProportion ? 'NET' : feeType.reversal.policy
  entry.basisBase[at] = cumulative
  entry.basisExact[at] = inProportion
    ? exactShare(-(billed.charges.amount[place] as Minor), {
        numerator: cumulative,
        denominator: base,
      })
    : `${-(scope.targets[place] as Minor)}/1`
}

/** RETAIN_FEE: the share of what came back that is kept, cumulative over the order. */
function retain(scope: Scope, place: number, feeType: FeeType, reversal: Minor): void {
  const { charges } = scope.billed
  const policy = feeType.reversal
  if (policy.policy !== 'RETAIN_FEE') return
  const sums = scope.kept.get(feeType.index)
  const { reversed, retained } =
    sums === undefined
      ? keptOf(scope.billed, feeType)
      : { reversed: sums.reversed + Math.abs(reversal), retained: sums.retained }
  const cap = limitOf(policy.cap, scope.exponent)
  const kept = retainedOf(reversed, policy.rate, cap, feeType.rounding) - retained
  scope.kept.set(feeType.index, { reversed, retained: retained + kept })
  if (kept === 0) return
  charges.retained[place] = (charges.retained[place] as Minor) + kept
  const sign = reversal > 0 ? -1 : 1
  const at = addLine(scope, place, feeType, 'RETENTION', sign * kept)
  const { entry } = scope
  if (feeType.tax !== null) {
    const after = taxInside(sign * (retained + kept), feeType.tax)
    entry.taxAmount[at] = after - taxInside(sign * retained, feeType.tax)
  }
  entry.basisOf[at] = feeType.code
  entry.basisBase[at] = reversed
  const exact = retained + kept === cap ? `${cap}/1` : exactShare(reversed, policy.rate)
  entry.basisExact[at] = sign < 0 ? `-${exact}` : exact
}

function keptOf({ charges }: Billed, feeType: FeeType): Kept {
  const kept = { reversed: 0, retained: 0 }
  for (let place = 0; place < charges.count; place += 1) {
    if (charges.feeType[place] !== feeType.index) continue
    kept.reversed += Math.abs(charges.reversed[place] as Minor)
    kept.retained += charges.retained[place] as Minor
  }
  return kept
}

function addLine(
  scope: Scope,
  place: number,
  feeType: FeeType,
  leg: 'REVERSE' | 'RETENTION',
  amount: Minor,
): number {
  const { billed, ruleBook, entry } = scope
  const at = entry.add(feeType.code, leg, amount, scope.occurredAt)
  entry.orderId[at] = scope.orderId
  const line = billed.charges.line[place] as number
  if (line >= 0) {
    entry.lineNo[at] = billed.lines.lineNo[line] as number
    entry.sku[at] = billed.lines.sku[line] as string
  }
  entry.ruleId[at] =
    ruleBook.schedules[billed.charges.schedule[place] as number]?.scheduleId ?? null
  entry.ruleBookVersion[at] = billed.ruleBookVersion
  entry.originPeriod[at] = scope.originPeriod
  return at
}

/** B4. */
function compensate(scope: Scope, line: number, excess: Minor): void {
  if (excess === 0 || scope.refund.liability !== 'MERCHANT') return
  const { entry, billed } = scope
  const at = entry.add('COMPENSATION', 'COMPENSATION', -excess, scope.occurredAt)
  entry.orderId[at] = scope.orderId
  entry.lineNo[at] = billed.lines.lineNo[line] as number
  entry.sku[at] = billed.lines.sku[line] as string
  entry.originPeriod[at] = scope.originPeriod
}

/** The one line of a reverse-only fee: a share of what this refund reversed of another fee. */
function chargeReversal(
  scope: Scope,
  chosen: ChosenSchedule,
  reversedByFee: readonly Minor[],
): void {
  const { entry, ruleBook, billed } = scope
  const feeType = ruleBook.feeTypes[chosen.feeType] as FeeType
  const schedule = ruleBook.schedules[chosen.schedule]
  if (schedule === undefined) return
  const price = scope.prices.of(schedule, chosen.version)
  if (price.formula.type !== 'SHARE_OF_REVERSED') return
  const of = ruleBook.feeTypeByCode.get(price.formula.of)
  const base = of === undefined ? 0 : (reversedByFee[of.index] as Minor)
  const magnitude = formulaOf(price).charge(price, base, 1, feeType.rounding)
  if (magnitude === 0) return
  const amount = feeType.sign === -1 ? -magnitude : magnitude
  const at = entry.add(feeType.code, 'REVERSE', amount, scope.occurredAt)
  entry.orderId[at] = scope.orderId
  if (feeType.tax !== null) entry.taxAmount[at] = taxInside(amount, feeType.tax)
  entry.ruleId[at] = schedule.scheduleId
  entry.ruleBookVersion[at] = billed.ruleBookVersion
  entry.originPeriod[at] = scope.originPeriod
  entry.basisOf[at] = price.formula.of
  entry.basisBase[at] = base
  entry.basisRate[at] = price.formula.rateText
  const exact = formulaOf(price).exact(price, base, 1)
  entry.basisExact[at] = amount < 0 ? `-${exact}` : exact
}
