import type { Instant } from '../calendar/calendar.ts'
import type { Leg } from './statement.ts'

/**
 * The lines that one fact puts on one statement, as parallel columns that are reused from entry to
 * entry: billing allocates no object per line. `add` appends a line and returns its index; the
 * optional columns start empty and are set through the arrays.
 */
export class EntryDraft {
  statementId = ''
  entryNo = 0
  /** Null for system lines. */
  eventId: string | null = null
  /** `seq` of the first line; line i has `firstSeq + i`. */
  firstSeq = 0
  count = 0

  readonly orderId: (string | null)[] = []
  readonly lineNo: (number | null)[] = []
  readonly sku: (string | null)[] = []
  readonly feeType: string[] = []
  readonly leg: Leg[] = []
  /** Minor units of the statement's currency, never 0. */
  readonly amount: number[] = []
  readonly taxAmount: (number | null)[] = []
  /**
   * What the amount was computed of, as a base or fee type; null: the line was given, not computed.
   */
  readonly basisOf: (string | null)[] = []
  /** In minor units. */
  readonly basisBase: number[] = []
  readonly basisRate: (string | null)[] = []
  /** `numerator/denominator` of the amount before rounding, in minor units. */
  readonly basisExact: (string | null)[] = []
  readonly ruleId: (string | null)[] = []
  readonly ruleBookVersion: (number | null)[] = []
  readonly occurredAt: Instant[] = []
  readonly originLineId: (string | null)[] = []
  /** Local date of the start of the period the fact belongs to, where that was closed already. */
  readonly originPeriod: (string | null)[] = []

  clear(): void {
    this.count = 0
  }

  add(feeType: string, leg: Leg, amount: number, occurredAt: Instant): number {
    const index = this.count
    this.count = index + 1
    this.orderId[index] = null
    this.lineNo[index] = null
    this.sku[index] = null
    this.feeType[index] = feeType
    this.leg[index] = leg
    this.amount[index] = amount
    this.taxAmount[index] = null
    this.basisOf[index] = null
    this.basisBase[index] = 0
    this.basisRate[index] = null
    this.basisExact[index] = null
    this.ruleId[index] = null
    this.ruleBookVersion[index] = null
    this.occurredAt[index] = occurredAt
    this.originLineId[index] = null
    this.originPeriod[index] = null
    return index
  }
}
