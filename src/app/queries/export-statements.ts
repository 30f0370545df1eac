import { type LineTarget, writeLines } from '../../adapters/line-output/write-lines.ts'
import { sealsOf } from '../verify/seals.ts'
import { csvTexts } from './csv.ts'
import { type Column, lineColumns, sealColumns, statementColumns } from './csv-columns.ts'
import { openQueries } from './open-queries.ts'
import type { StatementEntries, StatementFilter } from './queries.ts'
import { Relay } from './relay.ts'

/** How an export is written. */
export type ExportFormat = 'jsonl' | 'csv'

export interface ExportOptions {
  readonly state: string
  /** Where the lines go; `-` is standard output. */
  readonly out: string
  readonly statements?: string | undefined
  readonly seals?: string | undefined
  /** Undefined: by the name of each file, jsonl where that says nothing. */
  readonly format?: ExportFormat | undefined
}

/** What was written. */
export interface Exported {
  readonly statements: number
  readonly lines: number
}

/**
 * Writes lines, and where a file is named for them statements and seals, in one pass: where the log
 * is being written, they are of one moment.
 */
export async function exportStatements(
  options: ExportOptions,
  filter: StatementFilter,
): Promise<Exported> {
  const queries = await openQueries(options.state)
  try {
    const counts = { statements: 0, lines: 0 }
    const write = writerOf(options.format)
    const outputs = [
      new Output((found) => [found.statement], statementColumns, options.statements),
      new Output(sealsOf, sealColumns, options.seals),
      new Output((found) => linesOf(found, counts), lineColumns, options.out),
    ].filter(({ path }) => path !== undefined)
    const written = outputs.map((output) => output.writeWith(write))
    const fed = feed(queries.entries(filter), outputs)
    await Promise.all([fed, ...written])
    for (const { failure } of outputs) if (failure !== undefined) throw failure.fault
    return counts
  } finally {
    await queries.close()
  }
}

function* linesOf(
  { entries }: StatementEntries,
  counts: { statements: number; lines: number },
): Generator<object> {
  counts.statements += 1
  for (const { lines } of entries) {
    counts.lines += lines.length
    yield* lines
  }
}

/** Hands each statement to all outputs, and waits until they have taken it. */
async function feed(
  statements: AsyncIterable<StatementEntries>,
  outputs: readonly Output[],
): Promise<void> {
  try {
    for await (const found of statements) {
      await Promise.all(outputs.map((output) => output.records.put(found)))
      const failed = outputs.find(({ failure }) => failure !== undefined)
      if (failed !== undefined) throw failed.failure?.fault
      if (outputs.every(({ records }) => records.isEnded)) return
    }
    for (const { records } of outputs) records.end()
  } catch (fault) {
    // No file may appear as if it were whole.
    for (const { records } of outputs) records.fail(fault)
  }
}

/** One file of an export, and what of a statement goes there. */
class Output {
  readonly records = new Relay<StatementEntries>()
  readonly path: string | undefined
  /** Why it was not written; told when every output has come to its end. */
  failure: { readonly fault: unknown } | undefined
  private readonly pick: (found: StatementEntries) => Iterable<object>
  private readonly columns: readonly Column[]

  constructor(
    pick: (found: StatementEntries) => Iterable<object>,
    columns: readonly Column[],
    path: string | undefined,
  ) {
    this.pick = pick
    this.columns = columns
    this.path = path
  }

  async writeWith(write: Write): Promise<void> {
    try {
      await write(this.picked(), this.columns, this.path ?? '-')
    } catch (fault) {
      this.failure = { fault }
    } finally {
      // A reader that has gone takes no more, and holds up no other output.
      this.records.end()
    }
  }

  private async *picked(): AsyncGenerator<object> {
    for await (const found of this.records.items()) yield* this.pick(found)
  }
}

type Write = (
  records: AsyncIterable<object>,
  columns: readonly Column[],
  path: string,
) => Promise<void>

function writerOf(format: ExportFormat | undefined): Write {
  return async (records, columns, path) => {
    const asCsv = (format ?? formatOf(path)) === 'csv'
    const texts = asCsv ? csvTexts(records, columns) : jsonTexts(records)
    const target: LineTarget = path === '-' ? { stream: process.stdout } : { file: path }
    await writeLines(texts, target)
  }
}

function formatOf(path: string): ExportFormat {
  return /\.csv(\.gz)?$/.test(path) ? 'csv' : 'jsonl'
}

async function* jsonTexts(records: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const record of records) yield JSON.stringify(record)
}
