import { openQueries } from '../queries/open-queries.ts'
import { print } from '../queries/print-statements.ts'
import type { Break } from './breaks.ts'
import type { VerifyReport } from './verification.ts'
import { verifyExports, verifyState } from './verify-exports.ts'

export interface VerifyOptions {
  readonly files: readonly string[]
  readonly state?: string | undefined
  readonly output: 'table' | 'json'
}

/**
 * Verifies, prints what was found, and returns the exit code: 4 where something does not come out.
 */
export async function runVerify({ files, state, output }: VerifyOptions): Promise<number> {
  const report = await verify(files, state)
  await print(output === 'json' ? [JSON.stringify(report, undefined, 2)] : textsOf(report))
  return report.breaks.length === 0 ? 0 : 4
}

async function verify(files: readonly string[], state: string | undefined): Promise<VerifyReport> {
  if (state === undefined) return await verifyExports(files, undefined)
  const queries = await openQueries(state)
  try {
    return await (files.length === 0 ? verifyState(queries) : verifyExports(files, queries))
  } finally {
    await queries.close()
  }
}

function* textsOf({ statements, closed, lines, breaks, notes }: VerifyReport): Generator<string> {
  for (const found of breaks) yield breakText(found)
  for (const note of notes) yield `not checked: ${note}`
  const counts = `${statements} statements, ${closed} of them closed, ${lines} lines`
  yield breaks.length === 0
    ? `${counts}: everything that was checked comes out`
    : `${counts}: ${breaks.length} statements do not come out`
}

function breakText({ statementId, entryNo, check, message }: Break): string {
  const entry = entryNo === undefined ? '' : ` entry ${entryNo}`
  return `${statementId}${entry}: ${check}: ${message}`
}
