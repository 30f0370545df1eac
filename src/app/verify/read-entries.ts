import type { DecodedEntry } from '../../adapters/avro/output-reader.ts'
import { sha256 } from '../../adapters/hashing/sha256.ts'
import { hashLeaf } from '../../domain/statements/seal.ts'
import type { Break, Placed } from './breaks.ts'
import type { EncodeEntry } from './entry-schemas.ts'
import { isFault, type ReadLine, readLine } from './read-line.ts'

/** The lines of one statement, read, and the leaf that each of their entries hashes to. */
export interface ReadEntries {
  readonly lines: readonly ReadLine[]
  /** By `entryNo` − 1. */
  readonly leaves: readonly Uint8Array[]
}

/** Reads the lines of one statement in the order of the file; the first break ends it. */
export function readEntries(
  statementId: string,
  placed: readonly Placed[],
  encode: EncodeEntry,
): ReadEntries | Break {
  const lines: ReadLine[] = []
  for (const { json, place } of placed) {
    const read = readLine(json)
    if (isFault(read)) {
      const message = `${place}: ${read.field} ${read.message}`
      return { statementId, entryNo: entryNoOf(json), check: 'field', message }
    }
    lines.push(read)
  }
  return orderBreak(statementId, lines, placed) ?? { lines, leaves: leavesOf(lines, encode) }
}

/** Whether reading ended in a break. */
export function isBreak(read: ReadEntries | Break): read is Break {
  return 'check' in read
}

function entryNoOf({ entryNo }: Placed['json']): number | undefined {
  return Number.isSafeInteger(entryNo) ? (entryNo as number) : undefined
}

/** P2 of the domain's posting, seen from outside: the first line that does not follow the last. */
function orderBreak(
  statementId: string,
  lines: readonly ReadLine[],
  placed: readonly Placed[],
): Break | undefined {
  let before: ReadLine | undefined
  for (const [index, line] of lines.entries()) {
    const found = outOfOrder(lines, index, before)
    if (found !== undefined) {
      const message = `${placed[index]?.place}: ${found.message}`
      return { statementId, entryNo: found.entryNo, check: 'order', message }
    }
    before = line
  }
  return undefined
}

interface OutOfOrder {
  readonly entryNo: number
  readonly message: string
}

function outOfOrder(
  lines: readonly ReadLine[],
  index: number,
  before: ReadLine | undefined,
): OutOfOrder | undefined {
  const { entry, line } = lines[index] as ReadLine
  const seq = index + 1
  const last = before?.entry.entryNo ?? 0
  if (line.seq !== seq) return strange(lines, index, last)
  const { entryNo } = entry
  if (entryNo !== last && entryNo !== last + 1) {
    return { entryNo: last + 1, message: `entryNo is ${entryNo}, but entry ${last + 1} is next` }
  }
  if (entryNo === last && entry.eventId !== before?.entry.eventId) {
    const message = `eventId differs from that of the other lines of entry ${entryNo}`
    return { entryNo, message }
  }
  return undefined
}

/** The line with seq `index + 1` is not here: it was moved or removed, or another was put in. */
function strange(lines: readonly ReadLine[], index: number, last: number): OutOfOrder {
  const { entry, line } = lines[index] as ReadLine
  const seq = index + 1
  const later = lines.find((other, at) => at > index && other.line.seq === seq)
  if (line.seq < seq) {
    const message = `line ${line.seq} of entry ${entry.entryNo} stands a second time`
    return { entryNo: entry.entryNo, message }
  }
  if (later !== undefined) {
    const { entryNo } = later.entry
    return {
      entryNo,
      message: `line ${line.seq} stands where line ${seq} of entry ${entryNo} belongs`,
    }
  }
  const entryNo = entry.entryNo > last + 1 || last === 0 ? last + 1 : last
  const upTo = line.seq - 1
  const gone = upTo === seq ? `line ${seq} is` : `lines ${seq} to ${upTo} are`
  return { entryNo, message: `before this line ${gone} missing, from entry ${entryNo} on` }
}

function leavesOf(lines: readonly ReadLine[], encode: EncodeEntry): Uint8Array[] {
  const leaves: Uint8Array[] = []
  for (let from = 0; from < lines.length; ) {
    const { entry } = lines[from] as ReadLine
    let to = from + 1
    while (lines[to]?.entry.entryNo === entry.entryNo) to += 1
    leaves.push(leafOf(lines.slice(from, to), encode))
    from = to
  }
  return leaves
}

/** The leaf of the entry that these lines, one at least, make up. */
export function leafOf(lines: readonly ReadLine[], encode: EncodeEntry): Uint8Array {
  const { entry } = lines[0] as ReadLine
  const own = lines.map(({ line }) => line)
  return hashLeaf(encode({ ...entry, lines: own } as DecodedEntry), sha256)
}
