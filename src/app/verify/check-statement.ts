import type { StatementEntries } from '../queries/queries.ts'
import type { Break, Placed } from './breaks.ts'
import { headBreak } from './check-head.ts'
import { logBreak } from './check-log.ts'
import { wrongTotals } from './check-totals.ts'
import type { EncodeEntry } from './entry-schemas.ts'
import { firstDifference } from './lists.ts'
import { rootOfLeaves } from './merkle.ts'
import { isBreak, type ReadEntries, readEntries } from './read-entries.ts'
import type { ReadStatement } from './read-statement.ts'
import { headHash, type StatementSeal } from './seals.ts'

/** A statement with its lines and what they can be held against. */
export interface Subject {
  readonly statement: ReadStatement
  readonly lines: readonly Placed[]
  /** Hashes that were exported apart. */
  readonly seal?: StatementSeal | undefined
  /** What the log and the store hold of it; undefined: they are not asked. */
  readonly log?: StatementEntries | undefined
  readonly schemas: (name: string) => EncodeEntry | undefined
}

/** The first break of one statement, seen by itself; undefined: everything comes out. */
export function checkStatement(subject: Subject): Break | undefined {
  const { statement, lines, schemas } = subject
  const { statementId, entrySchema } = statement
  const encode = schemas(entrySchema)
  if (encode === undefined) {
    const message = `entrySchema ${entrySchema} is not known to this version: update settle`
    return { statementId, check: 'head', message }
  }
  const read = readEntries(statementId, lines, encode)
  if (isBreak(read)) return read
  return (
    logBreak(statement, read, subject.log) ??
    sealBreak(subject, read) ??
    countBreak(statement, read) ??
    rootBreak(statement, read) ??
    totalsBreak(statement, read) ??
    headBreak(statement) ??
    headSealBreak(subject)
  )
}

function countBreak(statement: ReadStatement, { lines, leaves }: ReadEntries): Break | undefined {
  const { statementId, lineCount, entryCount } = statement
  if (lines.length === lineCount && leaves.length === entryCount) return undefined
  const is = `there are ${lines.length} lines in ${leaves.length} entries`
  const message = `${is}, but the statement counts ${lineCount} in ${entryCount}`
  if (rootOfLeaves(leaves) === statement.root) {
    const touched = 'the lines make up the root, so that a count was touched'
    return { statementId, check: 'count', message: `${message}; ${touched}` }
  }
  // Entries behind the last one that is both here and counted were added or removed.
  const last = Math.min(leaves.length, Math.max(entryCount, 0))
  const entryNo = Math.max(leaves.length === entryCount ? last : last + 1, 1)
  return { statementId, entryNo, check: 'count', message }
}

function rootBreak(statement: ReadStatement, read: ReadEntries): Break | undefined {
  const { statementId, root } = statement
  const own = rootOfLeaves(read.leaves)
  if (root === null || own === root) return undefined
  const message = `the entries hash to ${own}, the statement says ${root}`
  return { statementId, check: 'root', ...narrowed(statement, read, message) }
}

/** Without a hash per entry, only the totals say where the change may be. */
function narrowed(
  statement: ReadStatement,
  read: ReadEntries,
  message: string,
): { readonly entryNo: number | undefined; readonly message: string } {
  const [wrong] = wrongTotals(statement, read.lines)
  if (wrong === undefined) {
    const why = 'all totals come out, so that the entry cannot be named from these files'
    return {
      entryNo: undefined,
      message: `${message}; ${why}: give --state or an export of --seals`,
    }
  }
  if (wrong.entries.length === 0)
    return { entryNo: undefined, message: `${message}; ${wrong.message}` }
  const [first] = wrong.entries
  const shown = wrong.entries.slice(0, 10).join(', ')
  const others = wrong.entries.length > 10 ? ` and ${wrong.entries.length - 10} more` : ''
  return {
    entryNo: wrong.entries.length === 1 ? first : undefined,
    message: `${message}; ${wrong.message}, so it is one of the entries ${shown}${others}`,
  }
}

/** With a hash per entry the first one that was touched has a number. */
function sealBreak({ statement, seal }: Subject, { leaves }: ReadEntries): Break | undefined {
  if (seal === undefined) return undefined
  const { statementId, root } = statement
  const own = rootOfLeaves(leaves)
  const at = firstDifference(leaves.map(hex), seal.leaves)
  if (at === undefined) {
    if (root === null || own === root) return undefined
    const message = `lines and seals agree on ${own}, so the statement's root ${root} was touched`
    return { statementId, check: 'root', message }
  }
  const entryNo = at + 1
  const found = differenceAt(entryNo, leaves.length, seal.leaves.length)
  const sealed = rootOfLeaves(seal.leaves.map((leaf) => Buffer.from(leaf, 'hex')))
  return {
    statementId,
    entryNo,
    check: 'seal',
    message: `${found}; ${judged({ own, sealed, root })}`,
  }
}

function differenceAt(entryNo: number, own: number, sealed: number): string {
  if (entryNo > own) return `entry ${entryNo} is missing: there is a seal for it`
  if (entryNo > sealed) return `entry ${entryNo} has no seal`
  return `entry ${entryNo} does not hash to its seal`
}

/** Which side was touched shows in the root. */
function judged({
  own,
  sealed,
  root,
}: {
  own: string
  sealed: string
  root: string | null
}): string {
  if (root === null) return 'the statement is open, so that no root says which of them was touched'
  if (own === root) return 'the lines make up the root, so the seals were touched'
  if (sealed === root) return 'the seals make up the root, so the lines were touched'
  return `neither makes up the root ${root}`
}

function headSealBreak({ statement, seal }: Subject): Break | undefined {
  if (seal === undefined) return undefined
  const { statementId, json } = statement
  if (seal.head === undefined) {
    return {
      statementId,
      check: 'missing',
      message: 'its seals lack the one of the statement itself',
    }
  }
  if (seal.head === headHash(json)) return undefined
  const message = 'a field of the statement that no other check covers, or its seal, was touched'
  return { statementId, check: 'seal', message }
}

function totalsBreak(statement: ReadStatement, { lines }: ReadEntries): Break | undefined {
  const [wrong] = wrongTotals(statement, lines)
  if (wrong === undefined) return undefined
  return { statementId: statement.statementId, check: 'totals', message: wrong.message }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
