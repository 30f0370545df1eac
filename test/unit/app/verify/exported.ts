import { fileURLToPath } from 'node:url'
import type { StatementEntries } from '../../../../src/app/queries/queries.ts'
import { entrySchemas } from '../../../../src/app/verify/entry-schemas.ts'
import { isBreak, readEntries } from '../../../../src/app/verify/read-entries.ts'
import { addSeal, headHash, type StatementSeal } from '../../../../src/app/verify/seals.ts'
import { Verification, type VerifyReport } from '../../../../src/app/verify/verification.ts'
import { settledMarket } from '../../../support/settled-market.ts'
import type { Json } from '../../../support/world.ts'

/** An export as records: what files of it hold. */
export interface Exported {
  readonly statements: readonly Json[]
  readonly lines: readonly Json[]
  readonly seals: readonly Json[]
}

const schemas = entrySchemas(fileURLToPath(new URL('../../../../schemas', import.meta.url)))

/** The export of a small settled month. */
export async function exportedMonth(): Promise<Exported> {
  const { lines, statements } = await settledMarket()
  const seals = statements.flatMap((statement) => [
    ...leavesOf(statement, lines).map((leaf, index) => ({
      statementId: statement.statementId,
      entryNo: index + 1,
      leaf,
    })),
    { statementId: statement.statementId, head: headHash(statement) },
  ])
  return { statements, lines, seals }
}

function leavesOf({ statementId }: Json, lines: readonly Json[]): string[] {
  const own = lines.filter((line) => line.statementId === statementId)
  const placed = own.map((json) => ({ json, place: String(json.lineId) }))
  const encode = schemas('Entry-1')
  if (encode === undefined) throw new Error('Entry-1 is not released')
  const read = readEntries(String(statementId), placed, encode)
  if (isBreak(read)) throw new Error(read.message)
  return read.leaves.map((leaf) => Buffer.from(leaf).toString('hex'))
}

/** Verifies an export, with its seals where they are to be used. */
export function verify(
  { statements, lines, seals }: Exported,
  { withSeals = false, log = undefined as StatementEntries[] | undefined } = {},
): VerifyReport {
  const verification = new Verification(schemas)
  for (const statement of statements) verification.add(statement, 'statements')
  if (withSeals) {
    const known = new Map<string, StatementSeal>()
    for (const seal of seals) {
      const message = addSeal(known, seal)
      const statementId = String(seal.statementId)
      if (message !== undefined) verification.found({ statementId, check: 'seal', message })
    }
    verification.useSeals(known)
  }
  if (log !== undefined) {
    verification.useLog(new Map(log.map((each) => [each.statement.statementId, each])))
  }
  for (const line of lines) verification.addLine({ json: line, place: String(line.lineId) })
  return verification.finish(true)
}

/** What the state would hold of an export that nobody touched. */
export function logOf({ statements, lines }: Exported): StatementEntries[] {
  return statements.map((statement) => ({
    statement: statement as unknown as StatementEntries['statement'],
    entries: leavesOf(statement, lines).map((leaf, at) => ({ entryNo: at + 1, leaf, lines: [] })),
  }))
}
