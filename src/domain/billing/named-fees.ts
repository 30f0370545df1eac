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
  /** By place of the submitted line. */
  readonly submittedFees: readonly string[]
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
  const into = { charges, submitted: parts }
  for (const { feeType, amount } of naming.refund.fees) {
    const refusal =
      checkNamed(naming, feeType, submitted) ?? spread(naming, feeType, amount, submitted, into)
    if (refusal !== undefined) return refusal
  }
  const refusal = spreadFreight(naming, submitted, into)
  return refusal ?? { ...into, submittedFees: submitted.map(({ feeType }) => feeType) }
}

/** A line submitted under a later rule book is attached to the order only if it can be named. */
function checkNamed(
  { ruleBook }: Naming,
  code: string,
  submitted: readonly SubmittedPart[],
): Refusal | undefined {
  if (submitted.some(({ feeType }) => feeType === code)) return undefined
  const known = ruleBook.feeTypeByCode.get(code)
  if (known === undefined) {
    return refuse('FEE_TYPE_UNKNOWN', `fees: ${code} is no fee type of the rule book`)
  }
  return known.reversal.policy === 'UPSTREAM'
    ? undefined
    : refuse('FEE_NOT_SUBMITTABLE', `fees: ${code} has no policy UPSTREAM`)
}

/** `freight` names the fees on FREIGHT that the order was charged, each with the whole amount. */
function spreadFreight(
  naming: Naming,
  submitted: readonly SubmittedPart[],
  into: { charges: Minor[]; submitted: Minor[] },
): Refusal | undefined {
  const { freight } = naming.refund
  if (freight === 0) return undefined
  const nameable = naming.ruleBook.feeTypes.filter(
    (feeType) => feeType.reversal.policy === 'UPSTREAM' && bearsFreight(feeType),
  )
  const { charges } = naming.billed
  const charged = nameable.filter(({ index }) => charges.feeType.includes(index))
  if (nameable.length > 0 && charged.length === 0) {
    return refuse('NOT_ALLOWED_IN_STATE', 'freight: the order was charged no fee on freight')
  }
  for (const { code } of charged) {
    const refusal = spread(naming, code, freight, submitted, into)
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
  { billed, ruleBook }: Naming,
  code: string,
  amount: Minor,
  submitted: readonly SubmittedPart[],
  into: { charges: Minor[]; submitted: Minor[] },
): Refusal | undefined {
  const { charges } = billed
  const nameable = ruleBook.feeTypeByCode.get(code)
  // Of another policy only submitted lines can be named, which had this one when they came.
  const index = nameable?.reversal.policy === 'UPSTREAM' ? nameable.index : -1
  const left = charges.amount.map((forward, place) =>
    charges.feeType[place] === index
      ? Math.abs(forward - (charges.reversed[place] as Minor)) - (into.charges[place] as Minor)
      : 0,
  )
  submitted.forEach((part, place) => {
    left.push(part.feeType === code ? part.left - (into.submitted[place] as Minor) : 0)
  })
  const total = left.reduce((sum, part) => sum + part, 0)
  if (amount > total) {
    const why = `${code}: the refund names more than is left of it`
    return refuse('NOT_ALLOWED_IN_STATE', why)
  }
  largestRemainder(amount, left).forEach((share, place) => {
    const at = place - charges.count
    if (at < 0) into.charges[place] = (into.charges[place] as Minor) + share
    else into.submitted[at] = (into.submitted[at] as Minor) + share
  })
  return undefined
}
