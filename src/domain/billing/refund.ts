import type { Minor } from '../money/money.ts'

/** A refund in the currency of its order, with its lines summed by place in the order. */
export interface Refund {
  /** What of each line is refunded, in terms of NET; columns by place of the line. */
  readonly amount: readonly Minor[]
  readonly quantity: readonly number[]
  /** Whether the refund names the line. */
  readonly named: readonly boolean[]
  readonly freight: Minor
  /** Positive magnitudes for UPSTREAM fees, one row a fee type. */
  readonly fees: readonly NamedFee[]
  /** PLATFORM: what exceeds the order makes no line for the party. */
  readonly liability: 'MERCHANT' | 'PLATFORM' | 'GUIDE'
}

export interface NamedFee {
  readonly feeType: string
  readonly amount: Minor
}
