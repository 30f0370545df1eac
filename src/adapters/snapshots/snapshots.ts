import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CorruptState } from '../../ports/faults.ts'
import { copyFile, storeFiles, syncFolder, writeWhole } from './copy.ts'
import {
  type Manifest,
  manifestName,
  readManifest,
  type SnapshotHead,
  sealOf,
  sha256Of,
  verifiedName,
} from './manifest.ts'

// Copies of the store of one partition: <root>/<partition>/<generation>/, each with its files and a
// manifest. The manifest comes last, so what a crash leaves behind is no snapshot.

/** How many verified generations are kept. */
export const generationsKept = 2

/** A snapshot, or what is left of one. */
export interface Generation {
  readonly partition: number
  /** From 1; the newest has the highest. */
  readonly number: number
  readonly folder: string
  /** A copy of it was opened and came to the digests of the manifest. */
  readonly isVerified: boolean
  /** Or why it cannot be read. */
  readonly manifest: Manifest | CorruptState
}

/** The snapshots of a partition, the newest first. */
export function generationsOf(root: string, partition: number): Generation[] {
  return numbersIn(join(root, String(partition)))
    .map((number) => ({ number, folder: folderOf(root, partition, number) }))
    .filter(({ folder }) => existsSync(join(folder, manifestName)))
    .map(({ number, folder }) => ({
      partition,
      number,
      folder,
      isVerified: sealOf(folder) !== undefined,
      manifest: manifestOrFault(folder),
    }))
}

/** Copies a closed store into a new generation. */
export function copyStore(
  root: string,
  partition: number,
  store: string,
  head: SnapshotHead,
): Generation {
  const [newest = 0] = numbersIn(join(root, String(partition)))
  const number = newest + 1
  const folder = folderOf(root, partition, number)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = storeFiles(store).map((name) => copyFile(store, folder, name))
  syncFolder(folder)
  const manifest: Manifest = { format: 1, ...head, files }
  writeWhole(folder, manifestName, `${JSON.stringify(manifest, undefined, 2)}\n`)
  syncFolder(join(root, String(partition)))
  return { partition, number, folder, isVerified: false, manifest }
}

/**
 * Copies a snapshot's files into `target`, which must not be there, and compares every byte with
 * the manifest. CorruptState names the file; `target` then is not there either.
 */
export function restoreStore(generation: Generation, target: string): void {
  const { manifest, folder } = generation
  if (manifest instanceof CorruptState) throw manifest
  const unfinished = `${target}.restoring`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  try {
    for (const { name, bytes, sha256 } of manifest.files) {
      if (!existsSync(join(folder, name))) {
        throw new CorruptState(`${join(folder, name)}: is missing`)
      }
      const copied = copyFile(folder, unfinished, name)
      if (copied.bytes !== bytes || copied.sha256 !== sha256) {
        throw new CorruptState(`${join(folder, name)}: is not the file that the manifest names`)
      }
    }
    syncFolder(unfinished)
    renameSync(unfinished, target)
    syncFolder(join(target, '..'))
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Keeps with the snapshot that it was verified, bound to its manifest. */
export function markVerified({ folder }: Generation, at: string): void {
  const manifest = sha256Of(readFileSync(join(folder, manifestName)))
  writeWhole(folder, verifiedName, `${JSON.stringify({ manifest, verifiedAt: at })}\n`)
}

/** Takes that back. */
export function markDamaged({ folder }: Generation): void {
  rmSync(join(folder, verifiedName), { force: true })
}

/**
 * Removes what is older than the last two verified generations, and copies that were never ended.
 * Nothing goes while there are fewer.
 */
export function prune(root: string, partition: number): void {
  const all = generationsOf(root, partition)
  const kept = all.filter(({ isVerified }) => isVerified).slice(0, generationsKept)
  const oldest = kept.length < generationsKept ? 0 : (kept.at(-1)?.number ?? 0)
  const complete = new Set(all.map(({ number }) => number))
  for (const number of numbersIn(join(root, String(partition)))) {
    if (number >= oldest && complete.has(number)) continue
    const folder = folderOf(root, partition, number)
    // The manifest goes first: what a crash leaves is then no snapshot.
    rmSync(join(folder, manifestName), { force: true })
    rmSync(folder, { recursive: true, force: true })
  }
}

function manifestOrFault(folder: string): Manifest | CorruptState {
  try {
    return readManifest(folder)
  } catch (error) {
    if (error instanceof CorruptState) return error
    throw error
  }
}

/** The newest first. */
function numbersIn(folder: string): number[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d{1,9}$/.test(name))
    .map(Number)
    .sort((a, b) => b - a)
}

function folderOf(root: string, partition: number, number: number): string {
  return join(root, String(partition), String(number).padStart(6, '0'))
}
