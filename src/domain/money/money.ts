import { type Rounding, roundQuotient, roundQuotientBig } from './rounding.ts'

/** An amount in minor units of a currency known from its place: a safe integer, |amount| ≤ 2^52. */
export type Minor = number

/** The largest magnitude of a single amount in the log. */
export const maxAmount = 2 ** 52

/** Whether an integer may stand in the log as an amount. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value <= maxAmount && value >= -maxAmount
}

/** An exact proportion: numerator over a positive denominator, both safe integers. */
export interface Fraction {
  readonly numerator: number
  readonly denominator: number
}

/**
 * round(amount × numerator ÷ denominator), exact at every magnitude. What leaves the safe range is
 * its bound, which is no amount (`isAmount`): whoever makes a line of it must refuse it.
 */
export function shareOf(
  amount: Minor,
  numerator: number,
  denominator: number,
  rounding: Rounding = 'HALF_UP',
): Minor {
  const product = amount * numerator
  // The float product leaves the safe range exactly when the true one does.
  if (product > Number.MAX_SAFE_INTEGER || product < -Number.MAX_SAFE_INTEGER) {
    return shareOfBig(amount, numerator, denominator, rounding)
  }
  const quotient = Math.trunc(product / denominator)
  return roundQuotient(quotient, product - quotient * denominator, denominator, rounding)
}

function shareOfBig(
  amount: Minor,
  numerator: number,
  denominator: number,
  rounding: Rounding,
): Minor {
  const exact = roundQuotientBig(BigInt(amount) * BigInt(numerator), BigInt(denominator), rounding)
  const result = Number(exact)
  if (result > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER
  return Math.max(result, -Number.MAX_SAFE_INTEGER)
}

/**
 * The sign of amount × fraction − limit before rounding, where `rounded` is that share half away
 * from zero: a limit is passed by the exact value, whatever the fee type's rounding.
 */
export function compareShare(
  amount: Minor,
  { numerator, denominator }: Fraction,
  rounded: Minor,
  limit: Minor,
): number {
  if (rounded !== limit) return rounded - limit
  const share = BigInt(amount) * BigInt(numerator)
  const bound = BigInt(limit) * BigInt(denominator)
  return share > bound ? 1 : share < bound ? -1 : 0
}

/** The exact product amount × fraction in lowest terms, as `numerator/denominator`. */
export function exactShare(amount: Minor, { numerator, denominator }: Fraction): string {
  let dividend = amount * numerator
  if (!Number.isSafeInteger(dividend)) {
    return exactBig(BigInt(amount) * BigInt(numerator), BigInt(denominator))
  }
  let divisor = denominator
  const common = gcd(dividend < 0 ? -dividend : dividend, divisor)
  dividend /= common
  divisor /= common
  return `${dividend + 0}/${divisor}`
}

function exactBig(dividend: bigint, divisor: bigint): string {
  let a = dividend < 0n ? -dividend : dividend
  let b = divisor
  while (b !== 0n) [a, b] = [b, a % b]
  return `${dividend / a}/${divisor / a}`
}

function gcd(first: number, second: number): number {
  let a = first
  let b = second
  while (b !== 0) {
    const rest = a % b
    a = b
    b = rest
  }
  return a === 0 ? 1 : a
}

/**
 * The tax inside a gross amount at `rate`: gross − round(gross ÷ (1 + rate)). Has the amount's
 * sign.
 */
export function taxInside(gross: Minor, rate: Fraction): Minor {
  return gross - shareOf(gross, rate.denominator, rate.denominator + rate.numerator)
}
