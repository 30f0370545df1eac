import { formatMinor } from '../../domain/money/currency.ts'
import type { ReadLine } from './read-line.ts'
import type { ReadStatement, ReadTotal } from './read-statement.ts'

/** A sum on a statement that is not that of its lines, and the entries whose lines make it up. */
export interface WrongTotal {
  readonly message: string
  /** Entries with a line of that fee type and side; empty for a sum over all lines. */
  readonly entries: readonly number[]
}

type Side = 'forward' | 'reverse' | 'other'

/** Every sum of a statement that its lines do not make; the statement's fee types come first. */
export function wrongTotals(statement: ReadStatement, lines: readonly ReadLine[]): WrongTotal[] {
  const { currency } = statement
  const found: WrongTotal[] = []
  const sums = sumByFee(lines)
  const said = new Map(statement.totals.map((row) => [row.feeType, row]))
  const feeTypes = new Set([...said.keys(), ...sums.keys()])
  for (const feeType of feeTypes) {
    for (const side of ['forward', 'reverse', 'other'] as const) {
      const is = sums.get(feeType)?.[side] ?? 0
      const says = said.get(feeType)?.[side] ?? 0
      if (is === says && said.has(feeType) === sums.has(feeType)) continue
      const message =
        `${feeType} ${side} is ${formatMinor(is, currency)} by the lines, ` +
        `${formatMinor(says, currency)} by the statement`
      found.push({ message, entries: entriesOf(lines, feeType, side) })
    }
  }
  if (found.length === 0 && [...sums.keys()].join() !== [...said.keys()].join()) {
    found.push({ message: 'totals stand in another order than their lines', entries: [] })
  }
  return [...found, ...wrongSums(statement, lines)]
}

function wrongSums(statement: ReadStatement, lines: readonly ReadLine[]): WrongTotal[] {
  const { currency } = statement
  let total = 0n
  let tax = 0n
  let late = 0
  let carried = 0n
  for (const { line } of lines) {
    tax += BigInt(line.taxAmount ?? 0)
    if (line.originPeriod !== null) late += 1
    if (line.leg === 'CARRY') carried += BigInt(line.amount)
    else total += BigInt(line.amount)
  }
  const versions = versionsOf(lines)
  const sums: [string, string, string][] = [
    ['total', formatMinor(total, currency), formatMinor(statement.total, currency)],
    ['taxTotal', formatMinor(tax, currency), formatMinor(statement.taxTotal, currency)],
    ['lateLines', String(late), String(statement.lateLines)],
    ['ruleBookVersions', versions.join(' '), statement.ruleBookVersions.join(' ')],
  ]
  if (statement.finalisedAt !== null) {
    const says = BigInt(statement.opening) - BigInt(statement.closing)
    sums.push(['opening − closing', formatMinor(carried, currency), formatMinor(says, currency)])
  }
  return sums
    .filter(([, is, says]) => is !== says)
    .map(([name, is, says]) => ({
      message: `${name} is ${is || 'none'} by the lines, ${says || 'none'} by the statement`,
      entries: [],
    }))
}

function versionsOf(lines: readonly ReadLine[]): number[] {
  const versions = new Set<number>()
  for (const { line } of lines)
    if (line.ruleBookVersion !== null) versions.add(line.ruleBookVersion)
  return [...versions].sort((a, b) => a - b)
}

function sumByFee(lines: readonly ReadLine[]): Map<string, ReadTotal> {
  const sums = new Map<string, { feeType: string } & Record<Side, number>>()
  for (const { line } of lines) {
    if (line.leg === 'CARRY') continue
    const row = sums.get(line.feeType) ?? {
      feeType: line.feeType,
      forward: 0,
      reverse: 0,
      other: 0,
    }
    sums.set(line.feeType, row)
    row[sideOf(line.leg)] += line.amount
  }
  return sums
}

function entriesOf(lines: readonly ReadLine[], feeType: string, side: Side): number[] {
  const entries = new Set<number>()
  for (const { entry, line } of lines) {
    const counts = line.leg !== 'CARRY' && line.feeType === feeType && sideOf(line.leg) === side
    if (counts) entries.add(entry.entryNo)
  }
  return [...entries]
}

function sideOf(leg: string): Side {
  return leg === 'FORWARD' ? 'forward' : leg === 'REVERSE' ? 'reverse' : 'other'
}
