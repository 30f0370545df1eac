import { parseDecimal, timesPrice } from '../money/decimal.ts'
import type { Minor } from '../money/money.ts'
import type { Formula, Schedule } from '../rulebook/rule-book.ts'

/** A formula with its amounts in minor units of one currency. */
export interface Price {
  readonly formula: Formula
  /** FIXED. */
  readonly amount: Minor
  /** SHARE: not below; 0 where the rule says nothing. */
  readonly least: Minor
  /** SHARE, SHARE_OF_REVERSED: not above. */
  readonly most: Minor
}

/** Prices a formula in a currency with `exponent` decimals. */
export function priceOf(formula: Formula, exponent: number): Price {
  switch (formula.type) {
    case 'FIXED':
      return { formula, amount: minor(formula.amount, exponent), least: 0, most: unlimited }
    case 'SHARE':
      return {
        formula,
        amount: 0,
        least: formula.min === null ? 0 : minor(formula.min, exponent),
        most: formula.max === null ? unlimited : minor(formula.max, exponent),
      }
    case 'SHARE_OF_REVERSED':
      return { formula, amount: 0, least: 0, most: limitOf(formula.cap, exponent) }
    case 'TENDER':
      return { formula, amount: 0, least: 0, most: unlimited }
  }
}

/** A cap in minor units; unlimited where the rule names none. */
export function limitOf(cap: string | null, exponent: number): Minor {
  return cap === null ? unlimited : minor(cap, exponent)
}

const unlimited = Number.MAX_SAFE_INTEGER

function minor(text: string, exponent: number): Minor {
  const decimal = parseDecimal(text)
  // A rule book is checked before it is published: its amounts are decimals in range.
  return decimal === undefined ? 0 : (timesPrice(1, decimal, exponent) ?? unlimited)
}

/** The prices of all versions of a rule book's schedules in one currency, by place. */
export class PriceList {
  private readonly prices: (Price[] | undefined)[] = []
  private readonly exponent: number

  constructor(exponent: number) {
    this.exponent = exponent
  }

  /** The price of version `version` (a place) of a schedule. */
  of(schedule: Schedule, version: number): Price {
    let prices = this.prices[schedule.index]
    if (prices === undefined) {
      prices = schedule.versions.map(({ formula }) => priceOf(formula, this.exponent))
      this.prices[schedule.index] = prices
    }
    return prices[version] as Price
  }
}
