import type { Decimal } from '../money/decimal.ts'
import type { Fraction } from '../money/money.ts'
import { scale } from './method.ts'

/** In 10^−9. */
export function scaledDecimal({ unscaled, scale: decimals }: Decimal): bigint {
  return BigInt(unscaled) * 10n ** BigInt(9 - decimals)
}

/** A rate, whose denominator is a power of ten up to 10^9, in 10^−9. */
export function scaledRate({ numerator, denominator }: Fraction): bigint {
  return (BigInt(numerator) * scale) / BigInt(denominator)
}
