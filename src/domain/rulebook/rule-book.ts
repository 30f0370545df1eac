import type { Instant } from '../calendar/calendar.ts'
import type { Day } from '../calendar/day.ts'
import type { Fraction } from '../money/money.ts'
import type { Rounding } from '../money/rounding.ts'
import type { Terms } from '../parties/contract.ts'
import type { Rebate } from '../rebates/rebate.ts'
import type { GuidePlan } from './guide-plan.ts'

/**
 * A rule book as the fold uses it: checked, with days turned into instants, rates into fractions,
 * and every reference resolved. Amounts stay decimals until the currency of the statement is known.
 */
export interface RuleBook {
  readonly ruleBookId: string
  readonly version: number
  /** `sha256:…` over the canonical JSON (RFC 8785) of the document. */
  readonly hash: string
  readonly zone: string
  /** By id. */
  readonly calendars: ReadonlyMap<string, CalendarTerms>
  /** In the document's order, which is the order of lines inside an entry. */
  readonly feeTypes: readonly FeeType[]
  readonly feeTypeByCode: ReadonlyMap<string, FeeType>
  /** All schedules; a schedule's place is its `index`. */
  readonly schedules: readonly Schedule[]
  readonly templates: readonly ContractTemplate[]
  /** By rising `rebateId`. */
  readonly rebates: readonly MatchedRebate[]
  /** How orders in another currency are converted; null: not at all. */
  readonly fx: FxTerms | null
  /** In the document's order. */
  readonly guidePlans: readonly GuidePlan[]
  /** Sections that are accepted but not applied in this version, by path. */
  readonly notApplied: readonly string[]
}

/** A rebate and the goods that count towards it. */
export interface MatchedRebate extends Rebate {
  readonly match: Match
}

/** The rate of an order is the last one that the source has published by its settleable instant. */
export interface FxTerms {
  readonly source: string
  /** Whether a rate of an earlier day will do (PREVIOUS_PUBLISHED). */
  readonly fallback: boolean
  /** In local days; null: however old. */
  readonly maxStaleDays: number | null
  /** A rate that differs from the one before by more than this share is told of. */
  readonly deviationAlert: Fraction | null
}

/** What a rule book says of a calendar; its days are published apart. */
export interface CalendarTerms {
  readonly zone: string
  /** 0 = Monday … 6 = Sunday. */
  readonly weekStart: number
  readonly holidays: ReadonlySet<Day>
  /** Days of a weekend that are worked. */
  readonly makeUpDays: ReadonlySet<Day>
}

export interface FeeType {
  /** Place in `feeTypes`. */
  readonly index: number
  readonly code: string
  /** + the party receives, − it pays; 0: submitted lines carry their own sign. */
  readonly sign: 1 | -1 | 0
  readonly grain: 'LINE' | 'ORDER'
  readonly source: FeeSource
  /** Exists only on the reverse leg. */
  readonly reverseOnly: boolean
  readonly reversal: ReversalPolicy
  /** Rate of the tax that is inside the amount. */
  readonly tax: Fraction | null
  readonly rounding: Rounding
  readonly posting: string
  /** Another system computes it too: the two are compared, and one is billed. */
  readonly double: DoubleTerms | null
  /** Schedules of this fee type, by `scheduleId`. */
  readonly schedules: readonly Schedule[]
}

export interface DoubleTerms {
  readonly sourceSystem: string
  /** Whose amount is billed. */
  readonly bill: 'OWN' | 'SUBMITTED'
  /** In major units of the statement's currency: what a difference may be without a notice. */
  readonly tolerance: string
}

export type FeeSource = 'CALCULATED' | 'PASSTHROUGH' | 'PARSED' | 'PULLED'

export const feeSources: readonly FeeSource[] = ['CALCULATED', 'PASSTHROUGH', 'PARSED', 'PULLED']

export const postings: readonly string[] = [
  'goods',
  'commission',
  'service',
  'subsidy',
  'loyalty',
  'freight',
  'retention',
  'rebate',
  'adjustment',
  'tax',
]

export type ReversalPolicy =
  | { readonly policy: PlainPolicy }
  | {
      readonly policy: 'RETAIN_FEE'
      readonly rate: Fraction
      /** In major units of the statement's currency; null: no cap. */
      readonly cap: string | null
    }

export type PlainPolicy =
  | 'PROPORTIONAL'
  | 'NONE'
  | 'FULL_ON_FULL_REFUND'
  | 'FULL_ON_ANY_REFUND'
  | 'UPSTREAM'
  | 'RETENTION'

export interface Schedule {
  /** Place in `RuleBook.schedules`. */
  readonly index: number
  readonly scheduleId: string
  readonly feeType: string
  readonly priority: number
  readonly match: Match
  /** Rising and without overlap. */
  readonly versions: readonly ScheduleVersion[]
}

/** AND across keys, OR within; a `*` at the end of a value matches a prefix. */
export interface Match {
  readonly keys: readonly MatchKey[]
  /** Values of the keys, same order; for `guide` the text `true` or `false`. */
  readonly values: readonly (readonly string[])[]
}

export type MatchKey =
  | 'mode'
  | 'category'
  | 'sku'
  | 'skuType'
  | 'partyId'
  | 'channel'
  | 'tag'
  | 'guide'

export const matchKeys: readonly MatchKey[] = [
  'mode',
  'category',
  'sku',
  'skuType',
  'partyId',
  'channel',
  'tag',
  'guide',
]

export interface ScheduleVersion {
  readonly validFrom: Instant
  /** Absent: for good. */
  readonly validTo: Instant | null
  readonly formula: Formula
}

export type Formula =
  | {
      readonly type: 'SHARE'
      readonly of: Base
      readonly rate: Fraction
      /** The rate as it stands in the document, for the line's basis. */
      readonly rateText: string
      readonly min: string | null
      readonly max: string | null
    }
  | { readonly type: 'FIXED'; readonly amount: string; readonly per: 'ORDER' | 'LINE' | 'UNIT' }
  | { readonly type: 'TENDER'; readonly of: Base }
  | {
      readonly type: 'SHARE_OF_REVERSED'
      readonly of: string
      readonly rate: Fraction
      readonly rateText: string
      readonly cap: string | null
    }

/** LIST, NET, BUYER_GOODS, FREIGHT, BUYER_PAID, COST, or PLATFORM_DISCOUNT:KIND. */
export type Base = string

export interface ContractTemplate {
  readonly match: Match
  readonly validFrom: Instant
  readonly validTo: Instant | null
  readonly terms: Terms
}
