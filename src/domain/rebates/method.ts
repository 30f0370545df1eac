import type { TieredFormula } from './rebate.ts'

// Amounts and quantities are counted in 10^−9 of a unit here, so that every decimal of a rule book
// is a whole number of them.

/** One way of reading tiers. To add one, add its file and its line to `registry.ts`. */
export interface Method {
  /**
   * The rebate in 10^−18 of a major unit, and the one rate that was applied, where there is one.
   * `base` ≥ 0, in 10^−9.
   */
  readonly rebate: (formula: TieredFormula, base: bigint) => Share
}

export interface Share {
  readonly value: bigint
  readonly rateText: string | null
}

/** 10^9: units of a scaled number in one. */
export const scale = 1_000_000_000n
