import type { Instant } from '../calendar/calendar.ts'
import type { Decimal } from '../money/decimal.ts'
import type { Fraction } from '../money/money.ts'

/** One rebate of the rule book, without whose goods it is for. */
export interface Rebate {
  readonly rebateId: string
  readonly kind: RebateKind
  /** Of its lines, from the party's side: − where the party pays the platform. */
  readonly sign: 1 | -1
  /** By rising `validFrom`, without overlap; one without bounds where the rebate has none. */
  readonly versions: readonly RebateVersion[]
}

export const rebateKinds = [
  'SALES',
  'PURCHASE',
  'SINGLE_ITEM_PROMOTION',
  'MARGIN_PROTECTION',
  'UNSTRUCTURED',
] as const

export type RebateKind = (typeof rebateKinds)[number]

/** Terms for the rebate periods whose last instant lies in [validFrom, validTo). */
export interface RebateVersion {
  /** Null: since ever. */
  readonly validFrom: Instant | null
  /** Null: for good. */
  readonly validTo: Instant | null
  readonly terms: RebateTerms
}

export interface RebateTerms {
  readonly formula: RebateFormula
  /** Null: all goods. */
  readonly skus: readonly string[] | null
  /** Only what is settleable in [from, to) counts; null: always. */
  readonly window: Window | null
  /** Null: settled once, where the window ends. */
  readonly period: RebatePeriod | null
  readonly filter: BaseFilter
  /** Whether refunds lessen the base. */
  readonly netOfReturns: boolean
  /** Whether a base that changes after it was settled is settled again. */
  readonly truesUp: boolean
}

/** A span of instants, the end exclusive. */
export interface Window {
  readonly from: Instant
  readonly to: Instant
}

export const rebatePeriods = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR'] as const

export type RebatePeriod = (typeof rebatePeriods)[number]

export type RebateFormula =
  | MeasuredFormula
  /** The amount is what both sides agreed to. */
  | { readonly type: 'AGREED'; readonly requires: readonly Side[] }

/** How a base becomes an amount. */
export type MeasuredFormula =
  | TieredFormula
  | { readonly type: 'PER_UNIT'; readonly amount: Decimal; readonly text: string }
  | { readonly type: 'SHARE'; readonly rate: Fraction; readonly rateText: string }
  | { readonly type: 'MARGIN'; readonly target: Fraction; readonly targetText: string }

export interface TieredFormula {
  readonly type: 'TIERED'
  readonly measure: 'AMOUNT' | 'QUANTITY'
  readonly method: RebateMethod
  readonly tiers: readonly Tier[]
  readonly above: Above
}

/** VOLUME: 达到返, GRADUATED: 超出返. */
export type RebateMethod = 'VOLUME' | 'GRADUATED'

export interface Tier {
  /** In major units, or in units of goods. */
  readonly from: Decimal
  /** A share of the amount, or money per unit of goods. */
  readonly rate: Fraction
  readonly rateText: string
}

/** Whether the last rate goes on above the value, or nothing counts there. */
export interface Above {
  readonly value: Decimal
  /** STOP; else LAST_RATE. */
  readonly stops: boolean
}

/** Who must sign an agreed amount. */
export type Side = 'PLATFORM' | 'PARTY'

/** Which lines count: all of `include` holds, and nothing of `exclude`. */
export interface BaseFilter {
  readonly include: Condition
  readonly exclude: Condition
}

/** Null: says nothing. */
export interface Condition {
  readonly gift: boolean | null
  readonly tags: readonly string[] | null
  /** Furthest states of orders: PLACED, PAID, DELIVERED, COMPLETED or CANCELLED. */
  readonly status: readonly string[] | null
}

export const noCondition: Condition = { gift: null, tags: null, status: null }

/** The terms for a period whose last instant is `at`; undefined: the rebate is not valid then. */
export function termsAt({ versions }: Rebate, at: Instant): RebateTerms | undefined {
  const valid = versions.find(
    ({ validFrom, validTo }) =>
      (validFrom === null || at >= validFrom) && (validTo === null || at < validTo),
  )
  return valid?.terms
}
