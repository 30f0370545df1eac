import { largestRemainder } from '../money/allocate.ts'
import type { Minor } from '../money/money.ts'
import type { FeeType, RuleBook } from '../rulebook/rule-book.ts'
import { isOfFreight } from './forward.ts'
import type { Billed } from './order.ts'
import type { Refund } from './refund.ts'
import { type Refusal, refuse } from './refusal.ts'

/** The order whose UPSTREAM fees a refund may name. */
export interface Naming {
  readonly billed: Billed
  readonly refund: Refund
  readonly ruleBook: RuleBook
}

/** What a refund names, over the charges of an order and its submitted lines. */
export interface Named {
  /** By place of the charge, magnitudes. */
  readonly charges: readonly Minor[]
  /** By place of the submitted line, magnitudes. */
  readonly submitted: readonly Minor[]
}

/** A submitted line that belongs to the order, as far as a refund can name it. */
export interface SubmittedPart {
  readonly feeType: string
  /** Magnitude that is not reversed yet. */
  readonly left: Minor
}

/**
 * Splits what the refund names for UPSTREAM fees by what is left of them, or says why it may not.
 */
export function nameFees(naming: Naming, submitted: readonly SubmittedPart[]): Named | Refusal {
  const charges = naming.billed.charges.amount.map(() => 0)
  const parts = submitted.map(() => 0)
  for (const { feeType, amount } of naming.refund.fees) {
    const known = naming.ruleBook.feeTypeByCode.get(feeType)
    if (known === undefined) {
      return refuse('FEE_TYPE_UNKNOWN', `fees: ${feeType} is no fee type of the rule book`)
    }
    if (known.reversal.policy !== 'UPSTREAM') {
      return refuse('FEE_NOT_SUBMITTABLE', `fees: ${feeType} has no policy UPSTREAM`)
    }
    const refusal = spread(naming, known, amount, submitted, { charges, submitted: parts })
    if (refusal !== undefined) return refusal
  }
  const refusal = spreadFreight(naming, submitted, { charges, submitted: parts })
  return refusal ?? { charges, submitted: parts }
}

function spreadFreight(
  naming: Naming,
  submitted: readonly SubmittedPart[],
  into: { charges: Minor[]; submitted: Minor[] },
): Refusal | undefined {
  if (naming.refund.freight === 0) return undefined
  for (const feeType of naming.ruleBook.feeTypes) {
    if (feeType.reversal.policy !== 'UPSTREAM' || !bearsFreight(feeType)) continue
    const refusal = spread(naming, feeType, naming.refund.freight, submitted, into)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Whether the rule book charges the fee on FREIGHT. */
function bearsFreight(feeType: FeeType): boolean {
  return feeType.schedules.some(({ versions }) =>
    versions.some(({ formula }) => isOfFreight(formula)),
  )
}

function spread(
  { billed }: Naming,
  feeType: FeeType,
  amount: Minor,
  submitted: readonly SubmittedPart[],
  into: { charges: Minor[]; submitted: Minor[] },
): Refusal | undefined {
  const { charges } = billed
  const left = charges.amount.map((forward, place) =>
    charges.feeType[place] === feeType.index
      ? Math.abs(forward - (charges.reversed[place] as Minor)) - (into.charges[place] as Minor)
      : 0,
  )
  submitted.forEach((part, place) => {
    left.push(part.feeType === feeType.code ? part.left - (into.submitted[place] as Minor) : 0)
  })
  const total = left.reduce((sum, part) => sum + part, 0)
  if (amount > total) {
    const why = `${feeType.code}: the refund names more than is left of it`
    return refuse('NOT_ALLOWED_IN_STATE', why)
  }
  largestRemainder(amount, left).forEach((share, place) => {
    const at = place - charges.count
    if (at < 0) into.charges[place] = (into.charges[place] as Minor) + share
    else into.submitted[at] = (into.submitted[at] as Minor) + share
  })
  return undefined
}
