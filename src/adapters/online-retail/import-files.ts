import { FatalFault } from '../../ports/faults.ts'
import { readCsv } from './read-csv.ts'
import type { RetailEvent } from './retail-event.ts'
import { RetailImport } from './retail-import.ts'
import { RowProblem, readRow } from './row.ts'

/** What the import has done so far; the object lives and changes while the events are pulled. */
export interface ImportProgress {
  rows: number
  skippedRows: number
  events: number
}

/**
 * The events of the files, read as one set in the given order. Pulled lazily; throws FatalFault
 * with exit code 4 and `FILE:LINE: FIELD: …` at the first row that fits no rule.
 */
export async function* importFiles(
  paths: readonly string[],
  progress: ImportProgress = { rows: 0, skippedRows: 0, events: 0 },
): AsyncGenerator<RetailEvent> {
  const ready: RetailEvent[] = []
  const rows = new RetailImport((event) => ready.push(event))
  for (const path of paths) {
    for await (const { line, raw } of readCsv(path)) {
      const row = readRow(raw)
      const problem = row instanceof RowProblem ? row : rows.add(row)
      if (problem !== undefined) throw new FatalFault(4, `${path}:${line}: ${problem.message}`)
      progress.rows += 1
      progress.skippedRows = rows.skippedRows
      progress.events += ready.length
      yield* ready
      ready.length = 0
    }
  }
  rows.end()
  progress.events += ready.length
  yield* ready
}
