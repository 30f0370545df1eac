import { type Decimal, timesPrice } from '../money/decimal.ts'
import type { Minor } from '../money/money.ts'
import type { FeeType } from '../rulebook/rule-book.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What is checked of a fee line from another system. */
export interface FeeLine {
  readonly sourceSystem: string
  readonly orderId: string | null
  readonly orderCreatedAt: number | null
  /** Signed, from the party's side. */
  readonly amount: Minor
  readonly taxAmount: Minor | null
  readonly quantity: number | null
  readonly unitPrice: Decimal | null
}

/** Why a line may not enter a statement as this fee; undefined: it may. */
export function checkFeeLine(
  line: FeeLine,
  feeType: FeeType,
  exponent: number,
): Refusal | undefined {
  const { amount } = line
  const calculated = checkCalculated(line, feeType)
  if (calculated !== undefined) return calculated
  if (amount * feeType.sign < 0) {
    const wanted = feeType.sign < 0 ? 'negative' : 'positive'
    return refuse('FEE_SIGN_WRONG', `amount: ${feeType.code} is ${wanted} from the party's side`)
  }
  return checkTax(line) ?? checkProduct(line, exponent)
}

/** Of what is calculated only the second opinion may come, and of an order to compare it with. */
function checkCalculated(line: FeeLine, { code, double, source }: FeeType): Refusal | undefined {
  if (source !== 'CALCULATED') return undefined
  if (double === null || double.sourceSystem !== line.sourceSystem) {
    return refuse('FEE_NOT_SUBMITTABLE', `feeType: ${code} is calculated, not submitted`)
  }
  if (line.orderId !== null && line.orderCreatedAt !== null) return undefined
  return refuse('FEE_NOT_SUBMITTABLE', `orderId: ${code} is compared with that of an order`)
}

function checkTax({ amount, taxAmount }: FeeLine): Refusal | undefined {
  if (taxAmount === null || taxAmount === 0) return undefined
  if (taxAmount > 0 !== amount > 0) {
    return refuse('FEE_SIGN_WRONG', 'taxAmount: must have the sign of amount')
  }
  return Math.abs(taxAmount) > Math.abs(amount)
    ? refuse('AMOUNTS_DO_NOT_ADD_UP', 'taxAmount: is more than amount')
    : undefined
}

/** Quantity and price may be negative; their product must be the amount but for its sign. */
function checkProduct(
  { amount, quantity, unitPrice }: FeeLine,
  exponent: number,
): Refusal | undefined {
  if (quantity === null || unitPrice === null) return undefined
  const product = timesPrice(quantity, unitPrice, exponent)
  if (product === undefined) return refuse('OUT_OF_RANGE', 'unitPrice: the product is too large')
  return Math.abs(product) === Math.abs(amount)
    ? undefined
    : refuse('AMOUNT_NOT_QUANTITY_TIMES_PRICE', 'amount: is not quantity × unitPrice, rounded')
}
