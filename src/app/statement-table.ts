import type { StatementJson } from './statement-picture.ts'

/** Statements as rows for a terminal: numbers to the right. */
export function statementTable(statements: readonly StatementJson[]): string {
  const rows = statements.map((statement) => [
    statement.statementId,
    statement.status,
    String(statement.lineCount),
    statement.taxTotal,
    `${statement.total} ${statement.currency}`,
  ])
  return table(['statement', 'status', 'lines', 'tax', 'total'], rows, [2, 3, 4])
}

/** A table with a rule under its head; `right` names the columns that end flush. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `  ${cells
      .map((cell, column) => {
        const width = widths[column] as number
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()}\n`
  const rule = widths.map((width) => '─'.repeat(width))
  return [head, rule, ...rows].map(line).join('')
}
