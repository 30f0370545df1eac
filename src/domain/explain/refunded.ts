import { isInProportion } from '../billing/reverse-targets.ts'
import type { Minor } from '../money/money.ts'
import type { FeeType, RuleBook } from '../rulebook/rule-book.ts'
import { forwardOfEntry } from './forward.ts'
import type { Evidence, SettledLine } from './line.ts'
import { formulaTypeOf } from './rules.ts'
import { readExact } from './telling.ts'

/** The frozen forward line that a reverse line takes back, with what is needed of its order. */
export interface Origin {
  readonly line: SettledLine
  readonly feeType: FeeType
  readonly ruleBook: RuleBook
  /** The forward lines of its order. */
  readonly entry: readonly SettledLine[]
}

/**
 * What the reversal base B of the origin's line or order can be: the sum of its tenders, the NET
 * that another fee names, what other reversals come to. One of them is right; none: B shows nowhere
 * else.
 */
export function reversalBases(origin: Origin, line: SettledLine, evidence: Evidence): Minor[] {
  const { lineNo } = origin.line
  const bases = lineNo === null ? basesOfOrder(origin) : basesOfLine(origin, lineNo)
  for (const other of evidence.lines) {
    if (other.lineId === line.lineId || other.lineNo !== lineNo) continue
    const base = impliedBase(other, evidence)
    if (base !== undefined && isOfOrder(other, origin)) bases.push(base)
  }
  return [...new Set(bases)]
}

function isOfOrder(line: SettledLine, { entry }: Origin): boolean {
  return entry.some(({ lineId }) => lineId === line.originLineId)
}

function basesOfLine(origin: Origin, lineNo: number): Minor[] {
  const bases: Minor[] = []
  let tenders = 0
  for (const line of origin.entry) {
    if (line.lineNo !== lineNo) continue
    if (line.basis?.of === 'NET' && line.basis.base !== null) bases.push(line.basis.base)
    if (isTender(line, origin.ruleBook)) tenders += Math.abs(line.amount)
  }
  return tenders === 0 ? bases : [tenders, ...bases]
}

function basesOfOrder(origin: Origin): Minor[] {
  const bases: Minor[] = []
  for (const { lineNo, basis } of origin.entry) {
    if (lineNo === null && basis?.of === 'NET' && basis.base !== null) bases.push(basis.base)
  }
  const lineNos = new Set(origin.entry.map(({ lineNo }) => lineNo))
  let sum = 0
  for (const lineNo of lineNos) if (lineNo !== null) sum += basesOfLine(origin, lineNo)[0] ?? 0
  return sum === 0 ? bases : [...bases, sum]
}

/** Whether a forward line is a tender by its rule. */
export function isTender(line: SettledLine, { schedules }: RuleBook): boolean {
  const schedule = schedules.find(({ scheduleId }) => scheduleId === line.ruleId)
  return formulaTypeOf(line, schedule) === 'TENDER'
}

/** B as a reverse line in proportion implies it: exact = −forward × refunded ÷ B. */
export function impliedBase(line: SettledLine, { lines }: Evidence): Minor | undefined {
  const { basis, originLineId } = line
  if (line.leg !== 'REVERSE' || basis?.of !== 'NET' || originLineId === null) return undefined
  const forward = lines.find(({ lineId }) => lineId === originLineId)
  const exact = readExact(basis.exact)
  if (forward === undefined || exact === undefined || exact.numerator === 0n) return undefined
  const product = -BigInt(forward.amount) * BigInt(basis.base ?? 0) * exact.denominator
  if (product % exact.numerator !== 0n) return undefined
  const base = Number(product / exact.numerator)
  return base > 0 && Number.isSafeInteger(base) ? base : undefined
}

/**
 * What of the order can be refunded at a reverse line that is not in proportion: its own order
 * line's figure, or for the whole order every sum of what its lines' reversals say. Undefined:
 * nothing does.
 */
export function refundedSoFar(
  origin: Origin,
  line: SettledLine,
  { lines }: Evidence,
): ReadonlySet<Minor> | undefined {
  const byLine = refundedByLine(origin, line, lines)
  if (line.lineNo === null)
    return byLine.size === 0
      ? undefined
      : sumsOf([...byLine.values()].map(({ own, all }) => (own.size > 0 ? own : all)))
  const known = byLine.get(line.lineNo)
  if (known === undefined) return undefined
  return known.own.size > 0 ? known.own : known.all
}

/** What reversals in proportion say is refunded of an order line: in the line's entry, and ever. */
interface Refunds {
  readonly own: Set<Minor>
  readonly all: Set<Minor>
}

function refundedByLine(
  origin: Origin,
  line: SettledLine,
  lines: readonly SettledLine[],
): Map<number, Refunds> {
  const byLine = new Map<number, Refunds>()
  for (const other of lines) {
    const { lineNo, basis } = other
    if (lineNo === null || basis?.of !== 'NET' || basis.base === null) continue
    if (other.leg !== 'REVERSE' || !isOfOrder(other, origin)) continue
    const known = byLine.get(lineNo) ?? { own: new Set(), all: new Set([0]) }
    byLine.set(lineNo, known)
    known.all.add(basis.base)
    if (isSameEntry(other, line)) known.own.add(basis.base)
  }
  return byLine
}

const mostSums = 10_000

/** All sums with one value of each set; undefined beyond a limit. */
export function sumsOf(choices: readonly ReadonlySet<Minor>[]): Set<Minor> | undefined {
  let sums = new Set([0])
  for (const values of choices) {
    const next = new Set<Minor>()
    for (const sum of sums) for (const value of values) next.add(sum + value)
    if (next.size > mostSums) return undefined
    sums = next
  }
  return sums
}

/** Whether two lines stand in one entry. */
export function isSameEntry(a: SettledLine, b: SettledLine): boolean {
  return a.statementId === b.statementId && a.entryNo === b.entryNo
}

/** The tenders of an order line that give back together what is refunded of it, as billed. */
export function tendersOf({ line, ruleBook, entry }: Origin): SettledLine[] {
  return entry
    .filter(({ lineNo }) => lineNo === line.lineNo)
    .filter((tender) => isTender(tender, ruleBook))
    .filter(({ feeType }) => {
      const known = ruleBook.feeTypeByCode.get(feeType)
      return known !== undefined && isInProportion(known)
    })
    .sort((a, b) => a.seq - b.seq)
}

/** The origin of a reverse line; undefined where it is not among the lines. */
export function originOf(
  line: SettledLine,
  ruleBook: RuleBook,
  feeType: FeeType,
  evidence: Evidence,
): Origin | undefined {
  const forward = evidence.lines.find(({ lineId }) => lineId === line.originLineId)
  if (forward === undefined) return undefined
  return { line: forward, feeType, ruleBook, entry: forwardOfEntry(forward, evidence) }
}
