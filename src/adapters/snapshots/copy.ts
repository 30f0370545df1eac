import { createHash } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { CorruptState } from '../../ports/faults.ts'
import type { CopiedFile } from './manifest.ts'

// Bytes are copied, never linked: a table that two databases share is unmapped by one under the
// other.

const pieceLength = 1 << 20

/** What LevelDB makes anew at every start. */
const left = new Set(['LOCK', 'LOG', 'LOG.old'])

/** The files of a closed store; CorruptState where something else stands among them. */
export function storeFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !left.has(name))
  const strange = names.find((name) => !lstatSync(join(folder, name)).isFile())
  if (strange !== undefined) {
    throw new CorruptState(`${join(folder, strange)}: is no file of a store; move it elsewhere`)
  }
  return names.sort()
}

/** Copies one file and makes it last; gives what was read. */
export function copyFile(from: string, to: string, name: string): CopiedFile {
  const hash = createHash('sha256')
  const piece = new Uint8Array(pieceLength)
  let bytes = 0
  const source = openSync(join(from, name), 'r')
  try {
    const target = openSync(join(to, name), 'wx', 0o600)
    try {
      for (let count = readSync(source, piece); count > 0; count = readSync(source, piece)) {
        hash.update(piece.subarray(0, count))
        writeAll(target, piece, count)
        bytes += count
      }
      fsyncSync(target)
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
  return { name, bytes, sha256: hash.digest('hex') }
}

/** Writes a file under another name, makes it last, and then gives it its own. */
export function writeWhole(folder: string, name: string, text: string): void {
  const path = join(folder, `${name}.tmp`)
  writeFileSync(path, text, { mode: 0o600, flush: true })
  renameSync(path, join(folder, name))
  syncFolder(folder)
}

/** Makes the names in a folder last. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function writeAll(target: number, piece: Uint8Array, count: number): void {
  let at = 0
  while (at < count) at += writeSync(target, piece, at, count - at)
}
