import { sainteLague } from '../money/allocate.ts'
import { type Minor, shareOf } from '../money/money.ts'
import { reversalOf } from '../reversals/registry.ts'
import type { FeeType, RuleBook } from '../rulebook/rule-book.ts'
import type { Named } from './named-fees.ts'
import type { Billed } from './order.ts'

/** An order with its lines' `reversed` brought forward by the refund at hand. */
export interface Targeting {
  readonly billed: Billed
  readonly ruleBook: RuleBook
  readonly named: Named
}

/** How much of a base is refunded so far. */
export interface Refunded {
  readonly cumulative: Minor
  readonly base: Minor
}

/** Per line, and last for the whole order. */
export function refundedOf({ lines }: Billed): Refunded[] {
  let cumulative = 0
  let base = 0
  const refunded = lines.net.map((net, line) => {
    const reversed = lines.reversed[line] as Minor
    cumulative += reversed
    base += net
    return { cumulative: reversed, base: net }
  })
  refunded.push({ cumulative, base })
  return refunded
}

/** What each charge, by place, shall have given back after the refund; with the charge's sign. */
export function targetsOf(targeting: Targeting, refunded: readonly Refunded[]): Minor[] {
  const { charges } = targeting.billed
  const targets: Minor[] = []
  const order = refunded.length - 1
  for (let place = 0; place < charges.count; place += 1) {
    const line = charges.line[place] as number
    targets.push(plainTarget(targeting, place, refunded[line < 0 ? order : line] as Refunded))
  }
  // Charges stand line by line, as they were billed.
  let start = 0
  for (let line = 0; line < order; line += 1) {
    start = splitTenders(targeting, start, line, refunded[line] as Refunded, targets)
  }
  return targets
}

/** The fee type of a charge in the rule book that billed it. */
export function feeTypeAt({ billed, ruleBook }: Omit<Targeting, 'named'>, place: number): FeeType {
  return ruleBook.feeTypes[billed.charges.feeType[place] as number] as FeeType
}

function formulaAt({ billed, ruleBook }: Targeting, place: number): string {
  const schedule = ruleBook.schedules[billed.charges.schedule[place] as number]
  return schedule?.versions[billed.charges.version[place] as number]?.formula.type ?? ''
}

/** Cumulative rounding by the fee's policy, or what the refund names. */
function plainTarget(targeting: Targeting, place: number, refunded: Refunded): Minor {
  const { charges } = targeting.billed
  const forward = charges.amount[place] as Minor
  const reversed = charges.reversed[place] as Minor
  const { reversal, rounding } = feeTypeAt(targeting, place)
  const named = targeting.named.charges[place] as Minor
  if (named > 0) return reversed + (forward < 0 ? -named : named)
  const { cumulative, base } = refunded
  return reversalOf(reversal.policy).target(forward, reversed, cumulative, base, rounding)
}

/**
 * B3: the tenders of a line, whose charges begin at `start`, give back together what is refunded of
 * it, by Sainte-Laguë. Returns where the next line's charges begin.
 */
function splitTenders(
  targeting: Targeting,
  start: number,
  line: number,
  { cumulative, base }: Refunded,
  targets: Minor[],
): number {
  const { charges } = targeting.billed
  let place = start
  const places: number[] = []
  const weights: Minor[] = []
  let sum = 0
  for (; charges.line[place] === line; place += 1) {
    if (formulaAt(targeting, place) !== 'TENDER') continue
    if (!isInProportion(feeTypeAt(targeting, place))) continue
    const weight = Math.abs(charges.amount[place] as Minor)
    places.push(place)
    weights.push(weight)
    sum += weight
  }
  if (places.length === 0 || base === 0) return place
  // Tenders make up NET wherever the rule book was accepted; else their share of it counts.
  const shares = sainteLague(sum === base ? cumulative : shareOf(sum, cumulative, base), weights)
  places.forEach((at, index) => {
    const share = shares[index] as Minor
    targets[at] = (charges.amount[at] as Minor) < 0 ? -share : share
  })
  return place
}

/** Whether a refund takes of the fee what it takes of the goods. */
export function isInProportion({ reversal: { policy } }: FeeType): boolean {
  return policy === 'PROPORTIONAL' || policy === 'RETENTION' || policy === 'RETAIN_FEE'
}
