import type { Minor } from '../../domain/money/money.ts'
import type { EntryDraft } from '../../domain/statements/entry.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import { lineAmounts } from '../tables.ts'

// What single lines come to, for the statements that somebody may dispute or hold in part. Lines
// lie in rows of 64: a row is written again with each entry, so it must stay small.

const linesPerRow = 64

/** The row in `lineAmounts` of a line. */
export function rowOfLine(statementId: string, seq: number): string {
  return `${statementId}\0${Math.floor((seq - 1) / linesPerRow)}`
}

/** Keeps the amounts of an entry that is being put on its statement. */
export function keepLineAmounts({ state }: FoldContext, entry: EntryDraft): void {
  for (let line = 0; line < entry.count; line += 1) {
    const key = rowOfLine(entry.statementId, entry.firstSeq + line)
    const row = state.get(lineAmounts, key) ?? []
    row.push(entry.amount[line] as Minor)
    state.put(lineAmounts, key, row)
  }
}

/** The seq that a line's id ends with; undefined: the statement has no such line. */
export function seqOfLine(
  { statementId, lineCount }: Statement,
  lineId: string,
): number | undefined {
  const seq = Number(lineId.slice(statementId.length + 1))
  if (lineId !== `${statementId}#${seq}`) return undefined
  return seq >= 1 && seq <= lineCount ? seq : undefined
}

/** What lines come to, and at least 0; null: their amounts are not kept. */
export function amountOfLines(
  { state }: FoldContext,
  { statementId, keepsAmounts }: Statement,
  seqs: readonly number[],
): Minor | null {
  if (!keepsAmounts) return null
  let sum = 0
  for (const seq of seqs) {
    const row = state.get(lineAmounts, rowOfLine(statementId, seq))
    const amount = row?.[(seq - 1) % linesPerRow]
    if (amount === undefined) throw new Error(`the amount of ${statementId}#${seq} is not kept`)
    sum += amount
  }
  return Math.max(sum, 0)
}
