import { fixed } from '../fees/fixed.ts'
import { priceOf } from '../fees/price.ts'
import { share } from '../fees/share.ts'
import { exactShare, type Minor, shareOf } from '../money/money.ts'
import type { GuideComponent, GuideFormula } from '../rulebook/guide-plan.ts'

/** An order as one guide is credited for it. */
export interface Sale {
  /** 0: the seller; n: the n-th upline. */
  readonly level: number
  /** Decimals of the currency. */
  readonly exponent: number
  readonly lineCount: number
  readonly units: number
  /** A base of the order, for an upline a component of the seller; 0 where there is none. */
  readonly part: (of: string) => Minor
}

/** One line of commission, with its basis. */
export interface Commission {
  readonly code: string
  /** Above 0. */
  readonly amount: Minor
  readonly basisOf: string
  readonly basisBase: Minor
  readonly basisRate: string
  readonly exact: string
}

/** What the components give on one order, rounded once each; what gives nothing is left out. */
export function commissionsOf(components: readonly GuideComponent[], sale: Sale): Commission[] {
  const commissions: Commission[] = []
  for (const { code, formula } of components) {
    const found = commissionOf(code, formula, sale)
    if (found !== undefined && found.amount > 0) commissions.push(found)
  }
  return commissions
}

function commissionOf(code: string, formula: GuideFormula, sale: Sale): Commission | undefined {
  switch (formula.type) {
    case 'SHARE': {
      if (sale.level !== 0) return undefined
      const base = sale.part(formula.of)
      const price = priceOf(formula, sale.exponent)
      const amount = share.charge(price, base, 1, 'HALF_UP')
      const { of: basisOf, rateText: basisRate } = formula
      const exact = share.exact(price, base, 1)
      return { code, amount, basisOf, basisBase: base, basisRate, exact }
    }
    case 'FIXED': {
      if (sale.level !== 0) return undefined
      const units = unitsOf(formula.per, sale)
      const price = priceOf(formula, sale.exponent)
      const amount = fixed.charge(price, 0, units, 'HALF_UP')
      const exact = fixed.exact(price, 0, units)
      const basis = { basisOf: formula.per, basisBase: price.amount, basisRate: String(units) }
      return { code, amount, ...basis, exact }
    }
    case 'SHARE_OF_COMPONENT': {
      if (sale.level !== formula.level) return undefined
      const base = sale.part(formula.of)
      const { rate, rateText: basisRate, of: basisOf } = formula
      const amount = shareOf(base, rate.numerator, rate.denominator)
      return { code, amount, basisOf, basisBase: base, basisRate, exact: exactShare(base, rate) }
    }
    case 'TIERED':
      return undefined
  }
}

function unitsOf(per: 'ORDER' | 'LINE' | 'UNIT', { lineCount, units }: Sale): number {
  if (per === 'ORDER') return 1
  return per === 'LINE' ? lineCount : units
}

/** The bases of an order that the seller's components are computed of. */
export function basesNamed(components: readonly GuideComponent[]): string[] {
  const bases = new Set<string>()
  for (const { formula } of components) if (formula.type === 'SHARE') bases.add(formula.of)
  return [...bases]
}
