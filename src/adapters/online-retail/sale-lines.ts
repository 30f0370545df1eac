import { type Decimal, normalized, timesPrice } from '../../domain/money/decimal.ts'
import { type Minor, shareOf } from '../../domain/money/money.ts'

/** A sold line and how much of it came back. */
export interface SaleLine {
  readonly orderId: string
  readonly orderCreatedAt: string
  readonly lineNo: number
  readonly quantity: number
  readonly amount: Minor
  returned: number
}

/** What cancellations look their sale up by. */
export interface SaleKey {
  readonly customer: string
  readonly stockCode: string
  readonly unitPrice: Decimal
}

/** Units taken back from one sale line, with the part of its amount that they are worth. */
export interface Returned {
  readonly line: SaleLine
  readonly quantity: number
  readonly amount: Minor
}

/** The sale lines that still have units left, by key, the latest last. */
export class SaleLines {
  readonly #lines = new Map<string, SaleLine[]>()

  add(key: SaleKey, line: SaleLine): void {
    const text = textOf(key)
    const lines = this.#lines.get(text)
    if (lines === undefined) this.#lines.set(text, [line])
    else lines.push(line)
  }

  /** Takes up to `units` from the latest lines of the key; what is given may be less. */
  take(key: SaleKey, units: number): Returned[] {
    const lines = this.#lines.get(textOf(key)) ?? []
    const taken: Returned[] = []
    let left = units
    for (let line = lines.at(-1); line !== undefined && left > 0; line = lines.at(-1)) {
      const quantity = Math.min(left, line.quantity - line.returned)
      taken.push({ line, quantity, amount: worth(line, quantity) })
      line.returned += quantity
      left -= quantity
      if (line.returned === line.quantity) lines.pop()
    }
    return taken
  }
}

// Cumulative, so that the parts of a line add up to its amount.
function worth({ amount, quantity, returned }: SaleLine, units: number): Minor {
  return shareOf(amount, returned + units, quantity) - shareOf(amount, returned, quantity)
}

function textOf({ customer, stockCode, unitPrice }: SaleKey): string {
  const { unscaled, scale } = normalized(unitPrice)
  return `${customer}|${stockCode}|${unscaled}|${scale}`
}

/** round(quantity × unit price) in pence; undefined beyond the range of amounts. */
export function amountOf(quantity: number, unitPrice: Decimal): Minor | undefined {
  return timesPrice(quantity, unitPrice, 2)
}
