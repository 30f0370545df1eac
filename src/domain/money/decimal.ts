import { type Fraction, shareOf } from './money.ts'
import { roundQuotientBig } from './rounding.ts'

/** A decimal as written: unscaled × 10^−scale. */
export interface Decimal {
  readonly unscaled: number
  readonly scale: number
}

const pattern = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/

/** Most digits after the point that any decimal in the log may have. */
export const maxScale = 9

/**
 * Reads a plain decimal string; undefined when it is none, or beyond 2^52 unscaled or 9 decimals.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = pattern.exec(text)
  if (match === null || text.length > 32) return undefined
  const decimals = match[3] ?? ''
  if (decimals.length > maxScale) return undefined
  const unscaled = Number(`${match[2]}${decimals}`)
  if (unscaled > 2 ** 52) return undefined
  return { unscaled: (match[1] === '-' ? -unscaled : unscaled) + 0, scale: decimals.length }
}

/** Without trailing zeros, so that 2.10 and 2.1 are the same content. */
export function normalized({ unscaled, scale }: Decimal): Decimal {
  let value = unscaled
  let decimals = scale
  while (decimals > 0 && value % 10 === 0) {
    value /= 10
    decimals -= 1
  }
  return { unscaled: value, scale: decimals }
}

/** As an exact fraction. */
export function toFraction(value: Decimal): Fraction {
  const { unscaled, scale } = normalized(value)
  return { numerator: unscaled, denominator: 10 ** scale }
}

/**
 * In minor units of a currency with `exponent` decimals; undefined if it has more decimals or is
 * too large.
 */
export function toMinor(value: Decimal, exponent: number): number | undefined {
  const { unscaled, scale } = normalized(value)
  if (scale > exponent) return undefined
  const minor = unscaled * 10 ** (exponent - scale)
  return Number.isSafeInteger(minor) && Math.abs(minor) <= 2 ** 52 ? minor : undefined
}

/** round(quantity × price) in minor units, half away from zero; undefined when it leaves ±2^52. */
export function timesPrice(quantity: number, price: Decimal, exponent: number): number | undefined {
  const shift = price.scale - exponent
  const product = quantity * price.unscaled
  if (Number.isSafeInteger(product)) {
    // A tenth of the time of the same in BigInt, which only far fewer prices need.
    const minor = shift > 0 ? shareOf(product, 1, 10 ** shift) : product * 10 ** -shift + 0
    return Math.abs(minor) <= 2 ** 52 ? minor : undefined
  }
  const exact = BigInt(quantity) * BigInt(price.unscaled)
  const minor =
    shift > 0
      ? roundQuotientBig(exact, 10n ** BigInt(shift), 'HALF_UP')
      : exact * 10n ** BigInt(-shift)
  const result = Number(minor)
  return Math.abs(result) <= 2 ** 52 ? result : undefined
}

/** With as many decimals as were written: 210 of scale 2 is `2.10`. */
export function decimalText({ unscaled, scale }: Decimal): string {
  if (scale === 0) return String(unscaled)
  const digits = String(Math.abs(unscaled)).padStart(scale + 1, '0')
  const sign = unscaled < 0 ? '-' : ''
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
