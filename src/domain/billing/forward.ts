import type { Instant } from '../calendar/calendar.ts'
import type { Price, PriceList } from '../fees/price.ts'
import { formulaOf } from '../fees/registry.ts'
import { largestRemainder } from '../money/allocate.ts'
import { type Minor, taxInside } from '../money/money.ts'
import { bestSchedule, type OrderFacts, versionAt } from '../rulebook/match.ts'
import type { FeeType, Formula, RuleBook } from '../rulebook/rule-book.ts'
import type { EntryDraft } from '../statements/entry.ts'
import {
  ChargeDraft,
  type Charges,
  type ChosenSchedule,
  type Goods,
  type RefundedBefore,
} from './order.ts'
import type { OrderBases } from './order-bases.ts'

/** All that decides what an order is charged. */
export interface Bill {
  readonly orderId: string
  readonly goods: Goods
  readonly bases: OrderBases
  readonly refunded: RefundedBefore
  readonly facts: OrderFacts
  readonly ruleBook: RuleBook
  readonly prices: PriceList
  /** The schedule version valid at this instant counts. */
  readonly pinnedAt: Instant
  /** The settleable instant: the lines' `occurredAt`. */
  readonly occurredAt: Instant
}

/** Of the order that is billed at this moment. */
const charges = new ChargeDraft()

/**
 * Bills an order: the forward lines go to `entry` (line by line its LINE fees in the rule book's
 * order, then the ORDER fees), and what can be reversed of them is returned. An order with no line
 * left charges nothing.
 */
export function billForward(bill: Bill, entry: EntryDraft): Charges {
  charges.clear()
  if (!bill.bases.gone.includes(false)) return charges.take()
  const cuts = cutsOf(bill)
  for (let line = 0; line < bill.goods.lineNo.length; line += 1) {
    if (bill.bases.gone[line] === true) continue
    for (const feeType of bill.ruleBook.feeTypes) {
      if (feeType.grain === 'LINE') charge(bill, entry, feeType, line, cuts)
    }
  }
  for (const feeType of bill.ruleBook.feeTypes) {
    if (feeType.grain === 'ORDER') charge(bill, entry, feeType, -1, cuts)
  }
  return charges.take()
}

/**
 * The schedules of fees that exist on the reverse leg only, as they stand at the pinned instant.
 */
export function reverseOnlySchedules(bill: Bill): ChosenSchedule[] {
  const chosen: ChosenSchedule[] = []
  for (const feeType of bill.ruleBook.feeTypes) {
    if (!feeType.reverseOnly) continue
    const schedule = bestSchedule(feeType.schedules, bill.facts, null, bill.pinnedAt)
    if (schedule === undefined) continue
    const version = versionAt(schedule, bill.pinnedAt)
    chosen.push({ feeType: feeType.index, schedule: schedule.index, version })
  }
  return chosen
}

/** Magnitudes to leave off, by place of the fee type, then of the line (last: the whole order). */
type Cuts = ReadonlyMap<number, readonly Minor[]> | null

function charge(bill: Bill, entry: EntryDraft, feeType: FeeType, line: number, cuts: Cuts): void {
  if (feeType.source !== 'CALCULATED' || feeType.reverseOnly) return
  const { goods } = bill
  const lineFacts = line < 0 ? null : goods
  const schedule = bestSchedule(feeType.schedules, bill.facts, lineFacts, bill.pinnedAt, line)
  if (schedule === undefined) return
  const version = versionAt(schedule, bill.pinnedAt)
  const price = bill.prices.of(schedule, version)
  const base = baseOf(bill, price.formula, line)
  const units = unitsOf(bill, price.formula, line)
  const cut = cutAt(cuts, feeType, line < 0 ? goods.lineNo.length : line)
  const magnitude = magnitudeOf(bill, feeType, price, base, units, line) - cut
  if (magnitude === 0) return

  const sign = feeType.sign === -1 ? -1 : 1
  if (feeType.double !== null && !isOwn(bill, feeType, line, sign * magnitude)) return
  const at = entry.add(feeType.code, 'FORWARD', sign * magnitude, bill.occurredAt)
  entry.orderId[at] = bill.orderId
  if (line >= 0) {
    entry.lineNo[at] = goods.lineNo[line] as number
    entry.sku[at] = goods.sku[line] as string
  }
  if (feeType.tax !== null) entry.taxAmount[at] = taxInside(sign * magnitude, feeType.tax)
  entry.ruleId[at] = schedule.scheduleId
  entry.ruleBookVersion[at] = bill.ruleBook.version
  explain(entry, at, price, base, units, sign, cut)
  const seq = entry.firstSeq + at
  charges.add(feeType.index, schedule.index, version, line, sign * magnitude, seq)
}

function cutAt(cuts: Cuts, { index }: FeeType, place: number): Minor {
  return cuts?.get(index)?.[place] ?? 0
}

/** Keeps what was computed for the comparison; whether it is what is billed. */
function isOwn({ goods }: Bill, { code, double }: FeeType, line: number, amount: Minor): boolean {
  const lineNo = line < 0 ? null : (goods.lineNo[line] as number)
  charges.addDouble({ feeType: code, lineNo, amount })
  return double?.bill !== 'SUBMITTED'
}

function magnitudeOf(
  bill: Bill,
  feeType: FeeType,
  price: Price,
  base: Minor,
  units: number,
  line: number,
): Minor {
  const { formula } = price
  if (formula.type === 'FIXED' && formula.per === 'ORDER' && line >= 0) {
    // An amount per order on a fee per line is split like everything else of the order.
    return bill.bases.split(price.amount, line)
  }
  return formulaOf(price).charge(price, base, units, feeType.rounding)
}

function baseOf(bill: Bill, formula: Formula, line: number): Minor {
  return formula.type === 'SHARE' || formula.type === 'TENDER' ? bill.bases.of(formula.of, line) : 0
}

function unitsOf({ bases }: Bill, formula: Formula, line: number): number {
  if (formula.type !== 'FIXED' || formula.per === 'ORDER') return 1
  if (formula.per === 'LINE') return line >= 0 ? 1 : bases.gone.filter((gone) => !gone).length
  if (line >= 0) return bases.quantity[line] as number
  let units = 0
  for (const quantity of bases.quantity) units += quantity
  return units
}

/** What the amount was computed of, with the exact value before rounding. */
function explain(
  entry: EntryDraft,
  at: number,
  price: Price,
  base: Minor,
  units: number,
  sign: 1 | -1,
  cut: Minor,
): void {
  const { formula } = price
  const exact = formulaOf(price).exact(price, base, units)
  entry.basisExact[at] = signed(cut === 0 ? exact : lessened(exact, cut), sign)
  if (formula.type === 'FIXED') {
    entry.basisOf[at] = formula.per
    entry.basisBase[at] = price.amount
    entry.basisRate[at] = String(units)
  } else if (formula.type !== 'SHARE_OF_REVERSED') {
    entry.basisOf[at] = formula.of
    entry.basisBase[at] = base
    entry.basisRate[at] = formula.type === 'SHARE' ? formula.rateText : '1'
  }
}

function signed(exact: string, sign: 1 | -1): string {
  return sign === 1 || exact.startsWith('0/') ? exact : `-${exact}`
}

function lessened(exact: string, cut: Minor): string {
  const [numerator, denominator] = exact.split('/') as [string, string]
  return `${BigInt(numerator) - BigInt(cut) * BigInt(denominator)}/${denominator}`
}

/** What refunds named for UPSTREAM fees before billing lessens what is billed of them. */
function cutsOf(bill: Bill): Cuts {
  const { refunded, ruleBook } = bill
  if (refunded.fees.length === 0 && refunded.freight === 0) return null
  const cuts = new Map<number, Minor[]>()
  for (const feeType of ruleBook.feeTypes) {
    if (feeType.reversal.policy !== 'UPSTREAM' || feeType.source !== 'CALCULATED') continue
    const cut = cutOf(bill, feeType)
    if (cut !== undefined) cuts.set(feeType.index, cut)
  }
  return cuts
}

/** By place of the line (last: the whole order), what to leave off of each. */
function cutOf(bill: Bill, feeType: FeeType): Minor[] | undefined {
  const { refunded, goods } = bill
  const amounts = [...goods.lineNo.map(() => 0), 0]
  let ofFreight = false
  for (let place = 0; place < amounts.length; place += 1) {
    const line = place === goods.lineNo.length ? -1 : place
    const isCharged = line < 0 ? feeType.grain === 'ORDER' : isChargedOf(bill, feeType, line)
    const price = isCharged ? priceAt(bill, feeType, line) : undefined
    if (price === undefined) continue
    ofFreight ||= isOfFreight(price.formula)
    const base = baseOf(bill, price.formula, line)
    const units = unitsOf(bill, price.formula, line)
    amounts[place] = magnitudeOf(bill, feeType, price, base, units, line)
  }
  const named = refunded.fees.find((fee) => fee.feeType === feeType.code)?.amount ?? 0
  const wanted = named + (ofFreight ? refunded.freight : 0)
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  return wanted === 0 ? undefined : largestRemainder(Math.min(wanted, total), amounts)
}

function isChargedOf({ bases }: Bill, { grain }: FeeType, line: number): boolean {
  return grain === 'LINE' && bases.gone[line] !== true
}

function priceAt(bill: Bill, feeType: FeeType, line: number): Price | undefined {
  const { facts, goods, pinnedAt, prices } = bill
  const lines = line < 0 ? null : goods
  const schedule = bestSchedule(feeType.schedules, facts, lines, pinnedAt, line)
  return schedule && prices.of(schedule, versionAt(schedule, pinnedAt))
}

/** Whether a refund's `freight` means this fee. */
export function isOfFreight(formula: Formula): boolean {
  return (formula.type === 'SHARE' || formula.type === 'TENDER') && formula.of === 'FREIGHT'
}
