import type { NamedFee, Refund } from '../domain/billing/refund.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import { toMinor } from '../domain/money/decimal.ts'
import type { RefundFee, RefundSucceeded } from './events.ts'

/** Brings a refund to the currency and the lines of its order, or says why it does not fit. */
export function readRefund(
  event: RefundSucceeded,
  lineNos: readonly number[],
  exponent: number,
): Refund | Refusal {
  const amount = lineNos.map(() => 0)
  const quantity = lineNos.map(() => 0)
  const named = lineNos.map(() => false)
  for (const line of event.lines) {
    const place = lineNos.indexOf(line.lineNo)
    if (place < 0) return refuse('LINE_UNKNOWN', `lines: the order has no line ${line.lineNo}`)
    const minor = toMinor(line.amount, exponent)
    if (minor === undefined) {
      return refuse(
        'OUT_OF_RANGE',
        `lines[${line.lineNo}].amount: more decimals than the order has`,
      )
    }
    amount[place] = (amount[place] as number) + minor
    quantity[place] = (quantity[place] as number) + (line.quantity ?? 0)
    named[place] = true
  }
  const freight = event.freight === null ? 0 : toMinor(event.freight, exponent)
  if (freight === undefined) {
    return refuse('OUT_OF_RANGE', 'freight: more decimals than the order has')
  }
  const fees = readFees(event.fees, exponent)
  if ('code' in fees) return fees
  return { amount, quantity, named, freight, fees, liability: event.liability ?? 'MERCHANT' }
}

function readFees(fees: readonly RefundFee[], exponent: number): NamedFee[] | Refusal {
  const sums = new Map<string, number>()
  for (const { feeType, amount } of fees) {
    const minor = toMinor(amount, exponent)
    if (minor === undefined) {
      return refuse('OUT_OF_RANGE', `fees: ${feeType} has more decimals than the order`)
    }
    sums.set(feeType, (sums.get(feeType) ?? 0) + minor)
  }
  return [...sums].map(([feeType, amount]) => ({ feeType, amount }))
}
