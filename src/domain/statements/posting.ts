import { isAmount } from '../money/money.ts'
import type { EntryDraft } from './entry.ts'
import type { FeeTotal, Statement } from './statement.ts'

// Putting an entry on a statement.
//
//   P1. total = Σ of all lines but CARRY; per fee type forward + reverse + other, summed, is total.
//   P2. seq and entryNo have no gaps.
//   P3. Every sum stays a safe integer, since the sum of magnitudes does.

/** Whether every amount of the entry is one, and every sum of the statement stays exact with it. */
export function fits(statement: Readonly<Statement>, entry: EntryDraft): boolean {
  for (let line = 0; line < entry.count; line += 1) {
    if (!isAmount(entry.amount[line] as number)) return false
  }
  return statement.magnitude + magnitudeOf(entry) <= Number.MAX_SAFE_INTEGER
}

function magnitudeOf(entry: EntryDraft): number {
  let sum = 0
  for (let line = 0; line < entry.count; line += 1) {
    const amount = entry.amount[line] as number
    sum += amount < 0 ? -amount : amount
  }
  return sum
}

/** Adds the entry's lines to the statement's counts and totals (P1, P2). */
export function post(statement: Statement, entry: EntryDraft): void {
  statement.entryCount += 1
  statement.magnitude += magnitudeOf(entry)
  for (let line = 0; line < entry.count; line += 1) addLine(statement, entry, line)
}

function addLine(statement: Statement, entry: EntryDraft, line: number): void {
  const amount = entry.amount[line] as number
  statement.lineCount += 1
  statement.taxTotal += entry.taxAmount[line] ?? 0
  if (entry.originPeriod[line] !== null) statement.lateLines += 1
  noteVersion(statement.ruleBookVersions, entry.ruleBookVersion[line] ?? null)
  const leg = entry.leg[line]
  if (leg === 'CARRY') return
  statement.total += amount
  const row = totalOf(statement.totals, entry.feeType[line] as string)
  if (leg === 'FORWARD') row.forward += amount
  else if (leg === 'REVERSE') row.reverse += amount
  else row.other += amount
}

function totalOf(totals: FeeTotal[], feeType: string): FeeTotal {
  for (const row of totals) if (row.feeType === feeType) return row
  const row = { feeType, forward: 0, reverse: 0, other: 0 }
  totals.push(row)
  return row
}

function noteVersion(versions: number[], version: number | null): void {
  if (version === null || versions.includes(version)) return
  versions.push(version)
  versions.sort((a, b) => a - b)
}
