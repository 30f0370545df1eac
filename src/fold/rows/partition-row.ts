import type { Instant } from '../../domain/calendar/calendar.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** How many records ended how; their sum is the number consumed. */
export interface Counts {
  applied: number
  duplicates: number
  waiting: number
  rejected: number
}

/** The one row of a partition itself; mutable. */
export interface PartitionRow {
  /** Null before the first tick. */
  clock: Instant | null
  /** Up to here everything that ended is closed; lags the clock while a tick is folded. */
  closedThrough: Instant | null
  /** The current rule book; 0: none yet. */
  ruleBookVersion: number
  /** Records of parties. */
  readonly party: Counts
  /** Broadcast records: every partition counts its own copy. */
  readonly broadcast: Counts
  /** Numbers of the behaviours that are switched on, rising. */
  readonly behaviours: number[]
}

export function newPartition(): PartitionRow {
  return {
    clock: null,
    closedThrough: null,
    ruleBookVersion: 0,
    party: noCounts(),
    broadcast: noCounts(),
    behaviours: [],
  }
}

function noCounts(): Counts {
  return { applied: 0, duplicates: 0, waiting: 0, rejected: 0 }
}

export function encodePartition(row: PartitionRow, writer: ByteWriter): void {
  writer.byte(1)
  writer.optionalSigned(row.clock)
  writer.optionalSigned(row.closedThrough)
  writer.unsigned(row.ruleBookVersion)
  encodeCounts(row.party, writer)
  encodeCounts(row.broadcast, writer)
  writer.list(row.behaviours, (number) => writer.unsigned(number))
}

export function decodePartition(reader: ByteReader): PartitionRow {
  reader.byte()
  return {
    clock: reader.optionalSigned(),
    closedThrough: reader.optionalSigned(),
    ruleBookVersion: reader.unsigned(),
    party: decodeCounts(reader),
    broadcast: decodeCounts(reader),
    behaviours: reader.list(() => reader.unsigned()),
  }
}

function encodeCounts(counts: Counts, writer: ByteWriter): void {
  writer.unsigned(counts.applied)
  writer.unsigned(counts.duplicates)
  writer.unsigned(counts.waiting)
  writer.unsigned(counts.rejected)
}

function decodeCounts(reader: ByteReader): Counts {
  return {
    applied: reader.unsigned(),
    duplicates: reader.unsigned(),
    waiting: reader.unsigned(),
    rejected: reader.unsigned(),
  }
}
