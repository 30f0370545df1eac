import { canonicalJson } from '../canonical-json.ts'
import type { StatementEntries, StatementRecord } from '../queries/queries.ts'
import type { Break } from './breaks.ts'
import { firstDifference, isDeepPrefix } from './lists.ts'
import type { ReadEntries } from './read-entries.ts'
import type { ReadStatement } from './read-statement.ts'

/** The first entry or field in which an export is not what the log and the store hold. */
export function logBreak(
  statement: ReadStatement,
  { leaves }: ReadEntries,
  log: StatementEntries | undefined,
): Break | undefined {
  if (log === undefined) return undefined
  const { statementId } = statement
  const own = leaves.map((leaf) => Buffer.from(leaf).toString('hex'))
  const sealed = log.entries.map(({ leaf }) => leaf)
  // What was open when it was exported may have grown since.
  const at = firstDifference(own, statement.number === 0 ? sealed.slice(0, own.length) : sealed)
  if (at !== undefined) {
    const message = entryMessage(at + 1, own.length, sealed.length)
    return { statementId, entryNo: at + 1, check: 'log', message }
  }
  const field = differentField(statement.json, log.statement)
  if (field === undefined) return undefined
  const known = text(log.statement, field)
  const message = `${field} is ${text(statement.json, field)}, the state says ${known}`
  return { statementId, check: 'log', message }
}

function entryMessage(entryNo: number, own: number, sealed: number): string {
  if (entryNo > sealed) return `entry ${entryNo} is not in the log, which has ${sealed} of them`
  if (entryNo > own) return `entry ${entryNo} of the log is missing`
  return `entry ${entryNo} is not what the log holds`
}

/** A statement moves on after it was exported: its history may be longer in the state. */
const movesOn: ReadonlySet<string> = new Set(['status', 'history', 'dueOn'])

function differentField(own: StatementRecord, known: StatementRecord): string | undefined {
  if (!isDeepPrefix(own.history, known.history)) return 'history'
  if (own.history.length === known.history.length && own.status !== known.status) return 'status'
  // What was open has been added to and closed since: only its key and period stay.
  const names = own.number === undefined && known.number !== undefined ? fixed : allOf(own, known)
  return names.find((name) => !movesOn.has(name) && fieldText(own, name) !== fieldText(known, name))
}

const fixed: readonly string[] = [
  ...['statementId', 'partyId', 'partyKind', 'entity', 'mode', 'currency', 'zone', 'cycle'],
  ...['periodStart', 'periodEnd', 'entrySchema'],
]

function allOf(own: object, known: object): string[] {
  return [...new Set([...Object.keys(known), ...Object.keys(own)])]
}

function fieldText(record: object, name: string): string {
  return canonicalJson((record as Record<string, unknown>)[name] ?? null)
}

function text(record: object, name: string): string {
  return name in record ? fieldText(record, name) : 'absent'
}
