import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { CorruptState } from '../../ports/faults.ts'

// A file of 20 bytes beside the files of LevelDB: its own name, the number of the last synced
// write, a checksum. LevelDB drops a torn or damaged end of its journal, or of its list of files,
// without an error; with the number kept elsewhere the loss shows. The file is written after the
// synced write and not synced itself, so it may be behind but is never ahead of what the disk
// holds.

const fileName = 'settlestream'
const title = Buffer.from('settlelg')
const length = title.length + 12

/** The number of the last synced write, kept outside LevelDB. */
export interface Watermark {
  raise(writeNo: number): void
  close(): void
}

/**
 * What the folder says; undefined where no log was created, CorruptState where it is unreadable.
 */
export function readWatermark(folder: string): number | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(join(folder, fileName))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  // A process that ended while it created the log leaves an empty file.
  if (bytes.length === 0) return undefined
  const right =
    bytes.length === length &&
    bytes.subarray(0, title.length).equals(title) &&
    bytes.readUInt32LE(length - 4) === crc32(bytes.subarray(0, length - 4))
  if (!right) throw new CorruptState(`${join(folder, fileName)}: the file is damaged`)
  return bytes.readDoubleLE(title.length)
}

/** Opens the file for `raise`, with a first number that is synced. */
export function openWatermark(folder: string, writeNo: number): Watermark {
  const file = openSync(join(folder, fileName), 'a+')
  closeSync(file)
  const handle = openSync(join(folder, fileName), 'r+')
  const bytes = Buffer.alloc(length)
  bytes.set(title)
  const raise = (value: number) => {
    bytes.writeDoubleLE(value, title.length)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, length - 4)), length - 4)
    writeSync(handle, bytes, 0, length, 0)
  }
  raise(writeNo)
  fsyncSync(handle)
  return { raise, close: () => closeSync(handle) }
}
