import { readFileSync, writeFileSync } from 'node:fs'
import { FatalFault } from '../../ports/faults.ts'
import { schemasFolder } from '../compose.ts'
import { openQueries } from '../queries/open-queries.ts'
import type { LineJson } from '../queries/queries.ts'
import { entrySchemas } from './entry-schemas.ts'
import { inclusionPath, rootByPath } from './inclusion.ts'
import { leafOf } from './read-entries.ts'
import { isFault, readLine } from './read-line.ts'

/** One entry of a closed statement with what leads from it to the statement's root. */
export interface Proof {
  readonly statementId: string
  readonly entryNo: number
  readonly entryCount: number
  readonly entrySchema: string
  /** In hexadecimal. */
  readonly root: string
  /** Hashes of RFC 9162, nearest sibling first, in hexadecimal. */
  readonly path: readonly string[]
  readonly lines: readonly LineJson[]
}

const [faulty, notFound, notAllowed] = [4, 6, 7]

/** Writes the proof of one entry; FatalFault 6: there is none, 7: its statement has no root yet. */
export async function writeProof(
  statementId: string,
  entryNo: number,
  { state, out }: { readonly state: string; readonly out: string },
): Promise<void> {
  const text = `${JSON.stringify(await proofOf(statementId, entryNo, state), undefined, 2)}\n`
  if (out === '-') process.stdout.write(text)
  else writeFileSync(out, text)
}

async function proofOf(statementId: string, entryNo: number, state: string): Promise<Proof> {
  const queries = await openQueries(state)
  try {
    const party = statementId.split('/')[0]
    for await (const found of queries.entries({ party, ids: [statementId] })) {
      const { statement, entries } = found
      const { root, entrySchema, entryCount } = statement
      if (root === undefined) {
        const why = 'is not closed, so there is no root that its entries could be proven by'
        throw new FatalFault(notAllowed, `${statementId}: ${why}`)
      }
      const entry = entries[entryNo - 1]
      if (entry === undefined) {
        const message = `${statementId}: there is no entry ${entryNo}, there are ${entryCount}`
        throw new FatalFault(notFound, message)
      }
      const leaves = entries.map(({ leaf }) => Buffer.from(leaf, 'hex'))
      const path = inclusionPath(leaves, entryNo - 1)
      return { statementId, entryNo, entryCount, entrySchema, root, path, lines: entry.lines }
    }
    const remedy = 'settle statements list prints the ids'
    throw new FatalFault(notFound, `${statementId}: there is no such statement; ${remedy}`)
  } finally {
    await queries.close()
  }
}

/** What a proof is worth. */
export interface ProofReport {
  readonly proof: Proof
  /** Undefined: the entry is in the statement of that root. */
  readonly fault: string | undefined
}

/**
 * Checks a proof by itself, and against a root from elsewhere where one is given. FatalFault 4: the
 * file is no proof, 6: there is no such file.
 */
export function checkProof(path: string, root: string | undefined): ProofReport {
  const proof = readProof(path)
  return { proof, fault: faultOf(proof, root) }
}

function faultOf(proof: Proof, known: string | undefined): string | undefined {
  const { statementId, entryNo, entryCount, entrySchema, root, path, lines } = proof
  if (known !== undefined && known !== root) return `its root is ${root}, not ${known}`
  const encode = entrySchemas(schemasFolder)(entrySchema)
  if (encode === undefined) return `entrySchema ${entrySchema} is not known here: update settle`
  const read = []
  for (const [at, line] of lines.entries()) {
    const own = readLine({ ...line })
    if (isFault(own)) return `line ${at + 1}: ${own.field} ${own.message}`
    const { entry } = own
    if (entry.statementId !== statementId || entry.entryNo !== entryNo) {
      return `line ${at + 1} is of another entry`
    }
    read.push(own)
  }
  const hashes = path.map((hash) => Buffer.from(hash, 'hex'))
  const own = rootByPath(leafOf(read, encode), entryNo - 1, entryCount, hashes)
  if (own === root) return undefined
  return own === undefined
    ? `the path is none of entry ${entryNo} of ${entryCount}`
    : `the entry hashes to root ${own}, not to ${root}`
}

function readProof(path: string): Proof {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FatalFault(notFound, `${path}: there is no such file`)
    throw new FatalFault(faulty, `${path}: is no proof: ${message}`)
  }
  const field = wrongField((json ?? {}) as Partial<Record<keyof Proof, unknown>>)
  if (field !== undefined)
    throw new FatalFault(faulty, `${path}: ${field} is missing or no ${field}`)
  return json as Proof
}

/** The first field that has not the shape of a proof's. */
function wrongField(json: Partial<Record<keyof Proof, unknown>>): keyof Proof | undefined {
  const { statementId, entryNo, entryCount, entrySchema, root, path, lines } = json
  if (typeof statementId !== 'string') return 'statementId'
  if (!isCount(entryCount)) return 'entryCount'
  if (!isCount(entryNo) || entryNo > entryCount) return 'entryNo'
  if (typeof entrySchema !== 'string') return 'entrySchema'
  if (!isHash(root)) return 'root'
  if (!Array.isArray(path) || !path.every(isHash)) return 'path'
  const isLines = Array.isArray(lines) && lines.length > 0
  return isLines && lines.every((line) => typeof line === 'object' && line !== null)
    ? undefined
    : 'lines'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
