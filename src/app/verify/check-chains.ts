import { formatMinor } from '../../domain/money/currency.ts'
import type { Break } from './breaks.ts'
import type { ReadStatement } from './read-statement.ts'

/** What of the chains came out, what did not, and what the files cannot say. */
export interface ChainReport {
  readonly breaks: readonly Break[]
  /** Keys whose first statement here is not their first: nothing before it can be checked. */
  readonly begun: readonly string[]
}

/**
 * Follows the numbers of each party, entity, mode and currency, and the roots of each of their
 * cycles, over all closed statements that are given.
 */
export function checkChains(statements: Iterable<ReadStatement>): ChainReport {
  const byNumber = new Map<string, ReadStatement[]>()
  for (const statement of statements) {
    if (statement.number === 0) continue
    const group = statement.key.slice(0, statement.key.lastIndexOf('/'))
    const known = byNumber.get(group)
    if (known === undefined) byNumber.set(group, [statement])
    else known.push(statement)
  }
  const breaks: Break[] = []
  const begun: string[] = []
  for (const [group, members] of byNumber) {
    members.sort((a, b) => a.number - b.number)
    if ((members[0] as ReadStatement).number > 1) begun.push(group)
    follow(members, breaks)
  }
  return { breaks, begun }
}

function follow(members: readonly ReadStatement[], breaks: Break[]): void {
  const last = new Map<string, ReadStatement>()
  let before: ReadStatement | undefined
  for (const statement of members) {
    const found = numberBreak(statement, before) ?? rootBreak(statement, last, members)
    if (found !== undefined) breaks.push(found)
    last.set(statement.key, statement)
    before = statement
  }
}

function numberBreak(
  { statementId, number }: ReadStatement,
  before: ReadStatement | undefined,
): Break | undefined {
  if (before === undefined || number === before.number + 1) return undefined
  const message =
    number === before.number
      ? `number ${number} is also that of ${before.statementId}`
      : `number is ${number}, but ${before.statementId} before it has ${before.number}: ` +
        'a statement between them is missing, or a number was touched'
  return { statementId, check: 'number', message }
}

function rootBreak(
  statement: ReadStatement,
  last: ReadonlyMap<string, ReadStatement>,
  members: readonly ReadStatement[],
): Break | undefined {
  const { statementId, previousRoot, key } = statement
  const previous = last.get(key)
  if (previous === undefined) return firstBreak(statement, members)
  if (previousRoot !== previous.root) {
    const said = previousRoot ?? 'absent'
    const known = `the root of ${previous.statementId} is ${previous.root}`
    const message = `previousRoot is ${said}, but ${known}`
    return { statementId, check: 'chain', message }
  }
  // REALTIME carries go into whatever statement comes next, which need not be the next to close.
  if (statement.json.cycle === 'REALTIME' || previous.closing === statement.opening)
    return undefined
  const opening = formatMinor(statement.opening, statement.currency)
  const closing = formatMinor(previous.closing, statement.currency)
  const message = `opening is ${opening}, but ${previous.statementId} carried ${closing}`
  return { statementId, check: 'chain', message }
}

/** The first of its key here: where the numbers are whole, it is the first of all. */
function firstBreak(
  { statementId, previousRoot, opening, currency }: ReadStatement,
  members: readonly ReadStatement[],
): Break | undefined {
  const isWhole = members[0]?.number === 1
  if (isWhole && previousRoot !== null) {
    const message =
      'previousRoot is given, but all statements before it are here and none is of its key'
    return { statementId, check: 'chain', message }
  }
  if (previousRoot === null && opening !== 0) {
    const message = `opening is ${formatMinor(opening, currency)}, but nothing came before it`
    return { statementId, check: 'chain', message }
  }
  return undefined
}
