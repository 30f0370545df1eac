import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { FatalFault } from '../../ports/faults.ts'
import { schemasFolder } from '../compose.ts'
import type { Queries, StatementEntries } from '../queries/queries.ts'
import type { Break, Placed } from './breaks.ts'
import { entrySchemas } from './entry-schemas.ts'
import { type ExportKind, kindOf, readExport } from './read-exports.ts'
import { addSeal, type StatementSeal } from './seals.ts'
import { Verification, type VerifyReport } from './verification.ts'

const usage = 2

/** Verifies exported files, and with `queries` against the state that they came from. */
export async function verifyExports(
  files: readonly string[],
  queries: Queries | undefined,
): Promise<VerifyReport> {
  const byKind = await sortFiles(files)
  const verification = new Verification(entrySchemas(schemasFolder))
  for await (const { json, place } of recordsOf(byKind.statements)) verification.add(json, place)
  const seals = byKind.seals.length === 0 ? undefined : await readSeals(byKind.seals, verification)
  if (seals !== undefined) verification.useSeals(seals)
  if (queries !== undefined) verification.useLog(await logOf(queries, verification.ids()))
  for await (const placed of recordsOf(byKind.lines)) verification.addLine(placed)
  return verification.finish(byKind.lines.length > 0)
}

/** Verifies every statement of a state: the log's entries against the roots in its stores. */
export async function verifyState(queries: Queries): Promise<VerifyReport> {
  const verification = new Verification(entrySchemas(schemasFolder))
  // One pass: where the log is being written, a second one would find more lines.
  for await (const { statement, entries } of queries.entries({})) {
    verification.add(statement as unknown as JsonObject, 'the state')
    for (const { lines } of entries) {
      for (const line of lines) {
        verification.addLine({ json: line as unknown as JsonObject, place: line.lineId })
      }
    }
  }
  return verification.finish(true)
}

async function sortFiles(files: readonly string[]): Promise<Record<ExportKind, string[]>> {
  const byKind: Record<ExportKind, string[]> = { lines: [], statements: [], seals: [] }
  for (const file of files) {
    const kind = await kindOf(file)
    if (kind !== undefined) byKind[kind].push(file)
  }
  if (byKind.statements.length > 0) return byKind
  const message =
    'none of the files holds statements: give statements.jsonl or its CSV export as well'
  throw new FatalFault(usage, message)
}

async function* recordsOf(files: readonly string[]): AsyncGenerator<Placed> {
  for (const file of files) yield* readExport(file)
}

async function readSeals(
  files: readonly string[],
  verification: Verification,
): Promise<Map<string, StatementSeal>> {
  const seals = new Map<string, StatementSeal>()
  for await (const { json, place } of recordsOf(files)) {
    const wrong = addSeal(seals, json)
    if (wrong === undefined) continue
    const { statementId } = json
    const found: Break = {
      statementId: typeof statementId === 'string' ? statementId : '(unknown)',
      entryNo: Number.isSafeInteger(json.entryNo) ? (json.entryNo as number) : undefined,
      check: 'seal',
      message: `${place}: ${wrong}`,
    }
    verification.found(found)
  }
  return seals
}

/** What the state holds of the statements in the files: hashes only, the lines are not needed. */
async function logOf(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, StatementEntries>> {
  const log = new Map<string, StatementEntries>()
  for await (const { statement, entries } of queries.entries({ ids })) {
    const leaves = entries.map(({ entryNo, leaf }) => ({ entryNo, leaf, lines: [] }))
    log.set(statement.statementId, { statement, entries: leaves })
  }
  return log
}
