import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { probeStore } from '../compose.ts'
import { type Finding, fail, ok, showBytes, warn } from './finding.ts'

/** The last day on which a release of Node gets repairs, by major version. */
const endOfLife: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
}

const least = { major: 20, minor: 19 }
const day = 86_400_000

/** Whether this version of Node runs the program, and for how long it gets repairs. */
export function checkNode(version: string, now: number): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major < least.major || (major === least.major && minor < least.minor)) {
    const wanted = `${least.major}.${least.minor}`
    return fail('node', `${version} is too old`, `install Node ${wanted} or newer`)
  }
  const end = endOfLife[major]
  if (end === undefined) return ok('node', `${version}`)
  const left = Math.floor((Date.parse(end) - now) / day)
  const newer = 'move to a newer release line with an even number'
  if (left < 0) return warn('node', `${version} gets no repairs since ${end}`, newer)
  if (left < 90) return warn('node', `${version} gets repairs until ${end} only`, newer)
  return ok('node', `${version}, repairs until ${end}`)
}

/** Whether the native add-on of the store loads and keeps a row. */
export async function checkAddOn(folder: string): Promise<Finding> {
  const scratch = mkdtempSync(join(folder, '.doctor-'))
  try {
    await probeStore(scratch)
    return ok('add-on', 'LevelDB loads and keeps a row')
  } catch (error) {
    const remedy = 'install again on this platform; on Alpine with arm64 there is none'
    return fail('add-on', `LevelDB does not work: ${(error as Error).message}`, remedy)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const writes = 8
const slow = 50

/** How long the volume takes for a page to be safe. */
export function checkSync(folder: string): Finding {
  const scratch = mkdtempSync(join(folder, '.doctor-'))
  try {
    const took = timeSyncs(join(scratch, 'page'))
    const found = `a page is safe after ${took.toFixed(1)} ms`
    if (took <= slow) return ok('sync', found)
    const remedy = 'every commit waits for this: use a local disk rather than a network volume'
    return warn('sync', found, remedy)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The median of a few, in milliseconds. */
function timeSyncs(path: string): number {
  const page = Buffer.alloc(4_096)
  const file = openSync(path, 'w')
  try {
    const times = Array.from({ length: writes }, () => {
      const began = performance.now()
      writeSync(file, page)
      fsyncSync(file)
      return performance.now() - began
    })
    return times.sort((a, b) => a - b)[writes / 2] as number
  } finally {
    closeSync(file)
  }
}

const GB = 1024 ** 3

/** Free space of the volume. */
export function checkSpace(folder: string): Finding {
  const { bavail, blocks, bsize } = statfsSync(folder)
  const [free, size] = [bavail * bsize, blocks * bsize]
  const found = `${showBytes(free)} free of ${showBytes(size)}`
  const remedy = 'free some space, or move the state folder to a larger volume'
  if (free < GB / 4) return fail('space', found, remedy)
  if (free < 2 * GB || free < size / 20) return warn('space', found, remedy)
  return ok('space', found)
}

/** Whether the heap of V8 fits the memory there is, which the stores need as well. */
export function checkHeap(
  limit = getHeapStatistics().heap_size_limit,
  memory = memoryOfProcess(),
): Finding {
  const found = `the heap may grow to ${showBytes(limit)} of ${showBytes(memory)} memory`
  if (limit > memory * 0.8) {
    const half = Math.max(256, Math.floor(memory / 2 / 1024 ** 2))
    return warn('heap', found, `set NODE_OPTIONS=--max-old-space-size=${half}`)
  }
  if (limit < GB) return warn('heap', found, 'set NODE_OPTIONS=--max-old-space-size=2048')
  return ok('heap', found)
}

function memoryOfProcess(): number {
  // Without a limit of a container this is 0, or more than any machine has.
  const limit = process.constrainedMemory() ?? 0
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}
