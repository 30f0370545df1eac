import type { Instant } from '../calendar/calendar.ts'
import type { Minor } from '../money/money.ts'
import type { RuleBook } from '../rulebook/rule-book.ts'
import type { Leg } from '../statements/statement.ts'

/** A line as it stands on its statement, whoever kept it since. */
export interface SettledLine {
  readonly lineId: string
  readonly statementId: string
  readonly seq: number
  readonly entryNo: number
  readonly eventId: string | null
  readonly orderId: string | null
  readonly lineNo: number | null
  readonly sku: string | null
  readonly feeType: string
  readonly leg: Leg
  readonly amount: Minor
  readonly taxAmount: Minor | null
  readonly currency: string
  readonly basis: Basis | null
  readonly ruleId: string | null
  readonly ruleBookVersion: number | null
  readonly occurredAt: Instant
  readonly originLineId: string | null
}

/** What the amount was computed of. */
export interface Basis {
  readonly of: string
  readonly base: Minor | null
  readonly rate: string | null
  /** `numerator/denominator` in minor units, before rounding. */
  readonly exact: string | null
}

/** What a line is explained with. */
export interface Evidence {
  /** All lines of the order, and the submitted lines that they take back; else the line alone. */
  readonly lines: readonly SettledLine[]
  readonly ruleBook: (version: number) => RuleBook | undefined
}

/** The figures of a line that can fail to come out. */
export type Figure =
  | 'feeType'
  | 'leg'
  | 'of'
  | 'base'
  | 'rate'
  | 'exact'
  | 'amount'
  | 'taxAmount'
  | 'ruleId'
  | 'ruleBookVersion'
  | 'originLineId'
  | 'lineNo'
  | 'orderId'

/** A figure that does not come out, and why, in words. */
export interface Discrepancy {
  readonly figure: Figure
  readonly message: string
}

/** How a line came about. `isComputed` is false where the amount was given by its event. */
export interface Explanation {
  readonly line: SettledLine
  readonly isComputed: boolean
  readonly steps: readonly string[]
  /** Empty: the line comes out. At most one a figure. */
  readonly problems: readonly Discrepancy[]
}
