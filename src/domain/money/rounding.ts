/** How an exact amount becomes whole minor units. All four are symmetric: r(-x) = -r(x). */
export type Rounding = 'HALF_UP' | 'HALF_EVEN' | 'DOWN' | 'UP'

/**
 * FLOOR and CEILING are missing on purpose: they are not symmetric, so a reversal would not cancel.
 */
export const roundings: readonly Rounding[] = ['HALF_UP', 'HALF_EVEN', 'DOWN', 'UP']

/**
 * Rounds `quotient + remainder/divisor` to an integer; remainder has the quotient's sign, and
 * divisor > 0.
 */
export function roundQuotient(
  quotient: number,
  remainder: number,
  divisor: number,
  rounding: Rounding,
): number {
  if (remainder === 0) return quotient + 0
  const away = remainder > 0 ? quotient + 1 : quotient - 1
  if (rounding === 'UP') return away
  if (rounding === 'DOWN') return quotient + 0
  const magnitude = remainder > 0 ? remainder : -remainder
  // Compared without doubling, which could leave the safe range.
  const rest = divisor - magnitude
  if (magnitude > rest) return away + 0
  if (magnitude < rest) return quotient + 0
  return (rounding === 'HALF_EVEN' && quotient % 2 === 0 ? quotient : away) + 0
}

/** The same for integers beyond the safe range. */
export function roundQuotientBig(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const quotient = dividend / divisor
  const remainder = dividend % divisor
  if (remainder === 0n) return quotient
  const away = remainder > 0n ? quotient + 1n : quotient - 1n
  if (rounding === 'UP') return away
  if (rounding === 'DOWN') return quotient
  const twice = 2n * (remainder > 0n ? remainder : -remainder)
  if (twice > divisor) return away
  if (twice < divisor) return quotient
  return rounding === 'HALF_EVEN' && quotient % 2n === 0n ? quotient : away
}
