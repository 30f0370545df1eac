import type { EntryDraft } from '../domain/statements/entry.ts'
import type { Statement } from '../domain/statements/statement.ts'
import type { Decoded } from '../fold/context.ts'
import type { Instruction, Notice, Rejection } from '../fold/emissions.ts'
import type { Event } from '../fold/events.ts'

/**
 * Bytes of the log: Confluent framing (0, 4-byte schema id, Avro binary). All functions are pure;
 * the returned arrays are fresh and may be kept.
 */
export interface Codec {
  decodeEvent(bytes: Uint8Array): Decoded
  encodeEvent(event: Event): Uint8Array
  /** Avro binary of `Entry` without framing: the bytes that the seal hashes. */
  encodeEntry(entry: EntryDraft): Uint8Array
  /** A record of `settlement.lines`: entries of one party, each with its outSeq. */
  encodeEntryPack(partition: number, entries: readonly PackedEntry[]): Uint8Array
  encodeStatement(outSeq: number, statement: Readonly<Statement>): Uint8Array
  encodeInstruction(outSeq: number, instruction: Instruction): Uint8Array
  encodeNotice(outSeq: number, notice: Notice): Uint8Array
  encodeRejection(outSeq: number, rejection: Rejection): Uint8Array
}

export interface PackedEntry {
  readonly outSeq: number
  readonly bytes: Uint8Array
}
