import { exponentOf } from '../money/currency.ts'
import { type Decimal, normalized } from '../money/decimal.ts'
import { type Fraction, type Minor, shareOf } from '../money/money.ts'
import type { Billed, RefundedBefore } from './order.ts'
import type { OrderBases } from './order-bases.ts'
import type { NamedFee, Refund } from './refund.ts'

// An order in another currency than its contract's.
//
//   X1. Each order line is converted once, when it is billed; fees are computed of what came out.
//   X2. The parts of a line add up as before: BUYER_GOODS takes what rounding leaves.
//   X3. A refund is said in the order's currency and takes the same share of the converted line, so
//       it goes by the rate of the forward line, and to the unit when all of it is refunded.

/** From minor units of one currency to minor units of another. */
export interface Conversion extends Fraction {
  /** The order's currency. */
  readonly currency: string
}

/** What an order that was converted said in its own currency. */
export interface Foreign extends Conversion {
  /** By place of the line. */
  readonly net: readonly Minor[]
  readonly reversed: readonly Minor[]
  /** What refunds have named so far, as magnitudes. */
  readonly fees: readonly NamedFee[]
  readonly freight: Minor
}

/** By a rate, which is what 1 of the first currency is in the second. */
export function conversionOf(currency: string, into: string, rate: Decimal): Conversion {
  const { unscaled, scale } = normalized(rate)
  const shift = (exponentOf(into) ?? 0) - (exponentOf(currency) ?? 0)
  return {
    currency,
    numerator: unscaled * 10 ** Math.max(shift, 0),
    denominator: 10 ** (scale + Math.max(-shift, 0)),
  }
}

/** An amount in the other currency, rounded half away from zero. */
export function convert(amount: Minor, { numerator, denominator }: Fraction): Minor {
  return shareOf(amount, numerator, denominator)
}

/** X1 and X2: brings what is left to bill to the other currency. */
export function convertBases(bases: OrderBases, conversion: Conversion): void {
  bases.conversion = conversion
  for (let line = 0; line < bases.list.length; line += 1) {
    bases.list[line] = convert(bases.list[line] as Minor, conversion)
    const net = convert(bases.net[line] as Minor, conversion)
    bases.net[line] = net
    let left = net
    for (const column of bases.platform.values()) {
      const share = Math.min(convert(column[line] as Minor, conversion), left)
      column[line] = share
      left -= share
    }
    bases.buyerGoods[line] = left
  }
}

/** What refunds before billing named, in the other currency. */
export function convertNamed(refunded: RefundedBefore, conversion: Conversion): RefundedBefore {
  const { amount, quantity, fees, freight } = refunded
  return {
    amount,
    quantity,
    fees: fees.map((fee) => ({ ...fee, amount: convert(fee.amount, conversion) })),
    freight: convert(freight, conversion),
  }
}

/** X3: the refund in the currency of the bill, and what the order has said after it. */
export function convertRefund(
  { lines }: Billed,
  foreign: Foreign,
  refund: Refund,
): { readonly refund: Refund; readonly foreign: Foreign } {
  const reversed = [...foreign.reversed]
  const amount = refund.amount.map((wanted, line) => {
    const net = foreign.net[line] as Minor
    const taken = Math.min(wanted, net - (reversed[line] as Minor))
    reversed[line] = (reversed[line] as Minor) + taken
    const billed = lines.net[line] as Minor
    const target = net === 0 ? 0 : shareOf(billed, reversed[line] as Minor, net)
    const excess = convert(wanted - taken, foreign)
    return target - (lines.reversed[line] as Minor) + excess
  })
  const fees = [...foreign.fees]
  const named = refund.fees.map((fee) => nameMore(fees, fee, foreign))
  const freight = foreign.freight + refund.freight
  const freightNow = convert(freight, foreign) - convert(foreign.freight, foreign)
  return {
    refund: { ...refund, amount, fees: named, freight: freightNow },
    foreign: { ...foreign, reversed, fees, freight },
  }
}

/** Cumulative, so that parts of a fee come to the whole of it. */
function nameMore(fees: NamedFee[], { feeType, amount }: NamedFee, rate: Fraction): NamedFee {
  const place = fees.findIndex((fee) => fee.feeType === feeType)
  const before = fees[place]?.amount ?? 0
  const after = before + amount
  if (place < 0) fees.push({ feeType, amount: after })
  else fees[place] = { feeType, amount: after }
  return { feeType, amount: convert(after, rate) - convert(before, rate) }
}
