import { sha256 } from '../../adapters/hashing/sha256.ts'
import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { StatementEntries } from '../queries/queries.ts'

/** The exported hashes of one statement. */
export interface StatementSeal {
  /** By `entryNo` − 1, in hexadecimal. */
  readonly leaves: string[]
  /** SHA-256 of the statement's canonical JSON; undefined: the file lacks it. */
  head: string | undefined
}

/** A line of a seals file: of an entry, or with `head` of the statement itself. */
export type SealJson =
  | { readonly statementId: string; readonly entryNo: number; readonly leaf: string }
  | { readonly statementId: string; readonly head: string }

/** The hash of all fields of a statement: SHA-256 over its canonical JSON (RFC 8785). */
export function headHash(statement: object): string {
  const bytes = new TextEncoder().encode(canonicalJson(statement))
  return Buffer.from(sha256(bytes)).toString('hex')
}

/** The lines of a seals file for one statement: one per entry, then one for the statement. */
export function sealsOf({ statement, entries }: StatementEntries): SealJson[] {
  const { statementId } = statement
  const leaves = entries.map(({ entryNo, leaf }) => ({ statementId, entryNo, leaf }))
  return [...leaves, { statementId, head: headHash(statement) }]
}

/** Takes a line of a seals file into what is known; the text says what is wrong with the line. */
export function addSeal(seals: Map<string, StatementSeal>, json: JsonObject): string | undefined {
  const { statementId, entryNo, leaf, head } = json
  if (typeof statementId !== 'string') return 'statementId is missing'
  const seal = seals.get(statementId) ?? { leaves: [], head: undefined }
  seals.set(statementId, seal)
  const wrong = Object.keys(json).find((name) => !fields.has(name))
  if (wrong !== undefined) return `${wrong} is no field of a seal`
  if (head !== undefined) {
    if (!isHash(head) || entryNo !== undefined || leaf !== undefined) return 'head is no hash'
    if (seal.head !== undefined) return 'head stands a second time'
    seal.head = head
    return undefined
  }
  if (entryNo !== seal.leaves.length + 1) {
    return `entryNo is ${String(entryNo)}, but the seal of entry ${seal.leaves.length + 1} is next`
  }
  if (!isHash(leaf)) return 'leaf is no hash'
  seal.leaves.push(leaf)
  return undefined
}

const fields: ReadonlySet<string> = new Set(['statementId', 'entryNo', 'leaf', 'head'])

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
