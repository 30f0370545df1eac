import type { Instant } from '../../domain/calendar/calendar.ts'
import type { CycleKind } from '../../domain/calendar/cycle.ts'
import type { Day } from '../../domain/calendar/day.ts'
import type { Minor } from '../../domain/money/money.ts'
import type { HistoryStep, Leg, StatementStatus } from '../../domain/statements/statement.ts'
import type { Instruction, Notice, Rejection } from '../../fold/emissions.ts'
import { CorruptState } from '../../ports/faults.ts'
import { AvroCursor, Malformed } from './avro-cursor.ts'
import { AvroWriter } from './avro-writer.ts'
import { idOf, loadRegistry, loadSchema } from './schema.ts'
import { compileReader, type ReadValue } from './schema-reader.ts'
import { compileWriter } from './schema-writer.ts'

/** Reads the output topics again; bytes that are no such record are a `CorruptState`. */
export interface OutputReader {
  decodeEntryPack(bytes: Uint8Array): DecodedEntryPack
  decodeStatement(bytes: Uint8Array): DecodedStatement
  decodeNotice(bytes: Uint8Array): Notice & { readonly outSeq: number }
  decodeRejection(bytes: Uint8Array): Rejection & { readonly outSeq: number }
  decodeInstruction(bytes: Uint8Array): Instruction & { readonly outSeq: number }
  /** The bytes that the seal hashes, from a decoded entry: the leaf of the statement's root. */
  entryBytes(entry: DecodedEntry): Uint8Array
  /** An entry from those bytes. */
  decodeEntry(bytes: Uint8Array): DecodedEntry
}

/** A record of `settlement.lines`. */
export interface DecodedEntryPack {
  readonly partition: number
  readonly entries: readonly { readonly outSeq: number; readonly entry: DecodedEntry }[]
}

/** An entry as the seal hashes it. */
export interface DecodedEntry {
  readonly statementId: string
  readonly entryNo: number
  readonly eventId: string | null
  readonly lines: readonly DecodedLine[]
}

export interface DecodedLine {
  readonly seq: number
  readonly orderId: string | null
  readonly lineNo: number | null
  readonly sku: string | null
  readonly feeType: string
  readonly leg: Leg
  readonly amount: Minor
  readonly taxAmount: Minor | null
  readonly basis: DecodedBasis | null
  readonly ruleId: string | null
  readonly ruleBookVersion: number | null
  readonly occurredAt: Instant
  readonly originLineId: string | null
  readonly originPeriod: Day | null
  readonly lateReason: 'PERIOD_CLOSED' | null
}

export interface DecodedBasis {
  readonly of: string
  readonly base: Minor | null
  readonly rate: string | null
  readonly exact: string | null
}

/** A record of `settlement.statements`. */
export interface DecodedStatement {
  readonly outSeq: number
  readonly statementId: string
  readonly number: number | null
  readonly partyId: string
  readonly partyKind: string
  readonly entity: string
  readonly mode: string
  readonly currency: string
  readonly zone: string
  readonly cycle: CycleKind
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly status: StatementStatus
  readonly opening: Minor
  readonly total: Minor
  readonly closing: Minor
  readonly taxTotal: Minor
  readonly totals: readonly DecodedFeeTotal[]
  readonly lineCount: number
  readonly entryCount: number
  readonly root: Uint8Array | null
  readonly previousRoot: Uint8Array | null
  readonly entrySchema: string
  readonly closedAt: Instant | null
  readonly finalisedAt: Instant | null
  readonly dueOn: Day | null
  readonly ruleBookVersions: readonly number[]
  readonly lateLines: number
  readonly history: readonly HistoryStep[]
}

export interface DecodedFeeTotal {
  readonly feeType: string
  readonly forward: Minor
  readonly reverse: Minor
  readonly other: Minor
  readonly net: Minor
}

/** Reads the schemas of the folder once. */
export function createOutputReader(schemasFolder: string): OutputReader {
  const registry = loadRegistry(schemasFolder)
  const cursor = new AvroCursor()
  const writer = new AvroWriter()
  const writeEntry = compileWriter(loadSchema(schemasFolder, 'Entry'))

  function decoder<T>(name: string): (bytes: Uint8Array) => T {
    const id = idOf(registry, name)
    const read = compileReader(loadSchema(schemasFolder, name))
    return (bytes) => decode(cursor, bytes, { name, id, read }) as T
  }

  const readEntry = compileReader(loadSchema(schemasFolder, 'Entry'))

  return {
    decodeEntryPack: decoder('EntryPack'),
    decodeStatement: decoder('Statement'),
    decodeNotice: decoder('Notice'),
    decodeRejection: decoder('Rejection'),
    decodeInstruction: decoder('Instruction'),
    entryBytes(entry) {
      writer.reset()
      writeEntry(writer, entry)
      return writer.keep()
    },
    decodeEntry: (bytes) => decodeBare(cursor, bytes, 'Entry', readEntry) as DecodedEntry,
  }
}

interface Expected {
  readonly name: string
  readonly id: number
  readonly read: ReadValue
}

function decode(cursor: AvroCursor, bytes: Uint8Array, { name, id, read }: Expected): unknown {
  const found = frameId(bytes)
  if (found !== id) throw new CorruptState(`a record of schema ${name} is framed with id ${found}`)
  return decodeBare(cursor, bytes, name, read, frameLength)
}

function decodeBare(
  cursor: AvroCursor,
  bytes: Uint8Array,
  name: string,
  read: ReadValue,
  start = 0,
): unknown {
  try {
    cursor.open(bytes, start)
    const value = read(cursor, '')
    cursor.end()
    return value
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    throw new CorruptState(`a record of schema ${name} does not read: ${error.message}`, {
      cause: error,
    })
  } finally {
    cursor.close()
  }
}

/** Bytes of Confluent framing before the Avro binary. */
export const frameLength = 5

/** The schema id of a framed record; -1 when there is no framing. */
export function frameId(bytes: Uint8Array): number {
  if (bytes.length < frameLength || bytes[0] !== 0) return -1
  const high = ((bytes[1] as number) * 256 + (bytes[2] as number)) * 65_536
  return high + (bytes[3] as number) * 256 + (bytes[4] as number)
}
