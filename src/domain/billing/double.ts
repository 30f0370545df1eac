import type { Instant } from '../calendar/calendar.ts'
import type { Minor } from '../money/money.ts'

/** Fees of one order that two paths compute, to be compared per fee type and line. */
export interface DoubleFees {
  /** Of all amounts: the contract's. */
  readonly currency: string
  /** What billing computed, whether it was billed or not; null: the order is not billed. */
  own: readonly OwnFee[] | null
  /** What the other system has submitted so far. */
  readonly submitted: SubmittedFee[]
}

/** An amount that billing computed: of a line, or with null of the whole order. */
export interface OwnFee {
  readonly feeType: string
  readonly lineNo: number | null
  /** Signed. */
  readonly amount: Minor
}

export interface SubmittedFee extends OwnFee {
  readonly at: Instant
}

/** One comparison; null: that path has said nothing. */
export interface Comparison {
  readonly feeType: string
  readonly lineNo: number | null
  readonly own: Minor | null
  readonly submitted: Minor | null
  /** When the latest of the submitted lines was. */
  readonly at: Instant
}

/** Every comparison of the order, by fee type and by line where the other system names lines. */
export function comparisonsOf({ own, submitted }: Omit<DoubleFees, 'currency'>): Comparison[] {
  const found: Comparison[] = []
  for (const { feeType, lineNo } of submitted) {
    const isKnown = found.some((one) => one.feeType === feeType && one.lineNo === lineNo)
    if (!isKnown) found.push(compare(own, submitted, feeType, lineNo))
  }
  for (const { feeType, lineNo, amount } of own ?? []) {
    const isSaid = submitted.some(
      (one) => one.feeType === feeType && (one.lineNo === null || one.lineNo === lineNo),
    )
    if (!isSaid) found.push({ feeType, lineNo, own: amount, submitted: null, at: 0 })
  }
  return found
}

function compare(
  own: DoubleFees['own'],
  submitted: readonly SubmittedFee[],
  feeType: string,
  lineNo: number | null,
): Comparison {
  let at = 0
  let said = 0
  for (const one of submitted) {
    if (one.feeType !== feeType || one.lineNo !== lineNo) continue
    said += one.amount
    at = Math.max(at, one.at)
  }
  if (own === null) return { feeType, lineNo, own: null, submitted: said, at }
  let computed = 0
  for (const one of own) {
    if (one.feeType !== feeType) continue
    if (lineNo === null || one.lineNo === lineNo) computed += one.amount
  }
  return { feeType, lineNo, own: computed, submitted: said, at }
}

/** Whether both paths have spoken and differ by more than the tolerance. */
export function differs({ own, submitted }: Comparison, tolerance: Minor): boolean {
  return own !== null && submitted !== null && Math.abs(own - submitted) > tolerance
}
