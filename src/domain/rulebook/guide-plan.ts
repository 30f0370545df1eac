import type { Instant } from '../calendar/calendar.ts'
import type { Decimal } from '../money/decimal.ts'
import type { Fraction } from '../money/money.ts'
import type { Tier } from '../rebates/rebate.ts'
import type { Formula, Match } from './rule-book.ts'

/** What guides earn on orders that they sell. */
export interface GuidePlan {
  readonly planId: string
  readonly match: Match
  /** Without overlap. */
  readonly versions: readonly GuidePlanVersion[]
}

export interface GuidePlanVersion {
  readonly validFrom: Instant
  readonly validTo: Instant | null
  /** In the document's order, which is the order of lines inside an entry. */
  readonly components: readonly GuideComponent[]
  readonly deductions: readonly GuideDeduction[]
  readonly clawback: Clawback
}

export interface GuideComponent {
  /** The fee type of its lines. */
  readonly code: string
  readonly formula: GuideFormula
}

export type GuideFormula =
  | Extract<Formula, { type: 'SHARE' | 'FIXED' }>
  | TieredFormula
  | {
      readonly type: 'SHARE_OF_COMPONENT'
      readonly of: string
      readonly rate: Fraction
      readonly rateText: string
      /** 1: the seller's upline, 2: that one's upline, … */
      readonly level: number
    }

/** A rate that rises with the net sales of a period, for the guide as a whole. */
export interface TieredFormula {
  readonly type: 'TIERED'
  readonly method: 'VOLUME' | 'GRADUATED'
  /** Rising. */
  readonly tiers: readonly Tier[]
  /** In major units. Sales above it count no more; null: the last rate goes on. */
  readonly stopsAt: Decimal | null
}

/** A rate of the statement's commission, or an amount once per statement that pays out. */
export type GuideDeduction =
  | { readonly code: string; readonly rate: Fraction; readonly rateText: string }
  | { readonly code: string; readonly amount: string }

/** What refunds take back. */
export interface Clawback {
  readonly policy: ClawbackPolicy
  /** Days of 24 hours after the sale's settleable instant; null: for good. */
  readonly windowDays: number | null
  readonly byReason: ReadonlyMap<string, ReasonRule>
}

export type ClawbackPolicy = (typeof clawbackPolicies)[number]

export const clawbackPolicies = [
  'PROPORTIONAL',
  'NONE',
  'FULL_ON_FULL_REFUND',
  'FULL_ON_ANY_REFUND',
] as const

/** MERCHANT_BEARS: the guide keeps the commission. FULL: the order's whole commission goes back. */
export type ReasonRule = (typeof reasonRules)[number]

export const reasonRules = ['MERCHANT_BEARS', 'FULL'] as const

/** Most team levels that a plan may reward. */
export const maxTeamLevels = 3

/** How many uplines of a seller these plans reward at most. */
export function teamLevels(plans: readonly GuidePlan[]): number {
  let levels = 0
  for (const { versions } of plans) {
    for (const { components } of versions) {
      for (const { formula } of components) {
        if (formula.type === 'SHARE_OF_COMPONENT') levels = Math.max(levels, formula.level)
      }
    }
  }
  return levels
}
