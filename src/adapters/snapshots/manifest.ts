import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CorruptState } from '../../ports/faults.ts'

/** What a copied store holds, by its own account and by a fold over its rows. */
export interface SnapshotHead {
  readonly identity: Readonly<Record<string, string | number>>
  /** S. */
  readonly position: { readonly offset: number; readonly step: number }
  /** Of all emissions up to S. */
  readonly digest: string
  readonly nextOutSeq: number
  readonly foldVersion: number
  /** How many rows there are, and SHA-256 over keys and values in their order. */
  readonly rows: number
  readonly rowsDigest: string
  /** ISO 8601. */
  readonly takenAt: string
}

export interface CopiedFile {
  readonly name: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

export interface Manifest extends SnapshotHead {
  readonly format: 1
  readonly files: readonly CopiedFile[]
}

/** The file that is written last: a folder without it is no snapshot. */
export const manifestName = 'manifest.json'

/** Written when a restored copy has reproduced the digests: SHA-256 of the manifest it is about. */
export const verifiedName = 'verified.json'

/** The manifest of a snapshot's folder; CorruptState says what is wrong with it. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestName)
  const text = readFileSync(path, 'utf8')
  const seal = sealOf(folder)
  if (seal !== undefined && seal !== sha256Of(text)) {
    throw new CorruptState(`${path}: is not the manifest that was verified`)
  }
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    throw new CorruptState(`${path}: is no JSON`, { cause: error })
  }
  const wrong = wrongPart(found)
  if (wrong !== undefined) throw new CorruptState(`${path}: ${wrong} is missing or wrong`)
  return found as Manifest
}

/** SHA-256 of the manifest that was verified; undefined for a snapshot that was not. */
export function sealOf(folder: string): string | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(join(folder, verifiedName), 'utf8'))
    const seal = (found as { manifest?: unknown } | null)?.manifest
    return typeof seal === 'string' ? seal : undefined
  } catch {
    return undefined
  }
}

/** Hex. */
export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const fileName = /^[A-Za-z0-9][A-Za-z0-9.-]*$/
const hexDigest = /^[0-9a-f]{64}$/

type Check = readonly [name: string, isRight: (value: unknown) => boolean]

const isText = (value: unknown): boolean => typeof value === 'string'
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const checks: readonly Check[] = [
  ['format', (value) => value === 1],
  ['identity', isObject],
  ['position', (value) => isObject(value) && isCount(value.offset) && isCount(value.step)],
  ['digest', isText],
  ['nextOutSeq', isCount],
  ['foldVersion', isCount],
  ['rows', isCount],
  ['rowsDigest', (value) => isText(value) && hexDigest.test(String(value))],
  ['takenAt', isText],
  ['files', (value) => Array.isArray(value) && value.length > 0 && value.every(isCopiedFile)],
]

function wrongPart(found: unknown): string | undefined {
  if (!isObject(found)) return 'the object'
  return checks.find(([name, isRight]) => !isRight(found[name]))?.[0]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCopiedFile(value: unknown): boolean {
  if (!isObject(value)) return false
  const { name, bytes, sha256 } = value
  // A name must never lead out of the folder.
  return fileName.test(String(name)) && isCount(bytes) && hexDigest.test(String(sha256))
}
