import type { EntryDraft } from '../domain/statements/entry.ts'
import type { Sha256 } from '../domain/statements/seal.ts'
import type { Books } from './books.ts'
import type { ContentHasher } from './content.ts'
import type { Emitter } from './emissions.ts'
import type { Event } from './events.ts'
import type { RejectionCode } from './outcome.ts'
import type { PartitionRow } from './rows/partition-row.ts'
import type { State } from './state.ts'
import type { StatementIds } from './statement-ids.ts'

/** A record's value as an event, or why it is none. */
export type Decoded =
  | { readonly ok: true; readonly event: Event }
  | {
      readonly ok: false
      readonly code: Extract<RejectionCode, 'SCHEMA_INVALID' | 'OUT_OF_RANGE'>
      readonly message: string
    }

/** Pure functions whose bodies stand in adapters. */
export interface Tools {
  /** Never throws on any bytes. */
  readonly decodeEvent: (bytes: Uint8Array) => Decoded
  /** The bytes that the seal hashes; fresh, may be kept. */
  readonly encodeEntry: (entry: EntryDraft) => Uint8Array
  /** 32 bytes, fresh. */
  readonly sha256: Sha256
}

/** Settings that change results; fixed with the log. */
export interface LedgerSettings {
  /** `replay` turns off the guard against ticks from the future. */
  readonly clock: 'live' | 'replay'
}

/** Where the records of parties live; fixed with the log. */
export interface Routing {
  readonly partitions: number
  readonly partitionOf: (partyId: string) => number
}

/** The routing of a log with one partition. */
export const onePartition: Routing = { partitions: 1, partitionOf: () => 0 }

/** What a partition's fold is made of. */
export interface FoldDependencies {
  readonly partition: number
  readonly state: State
  readonly emit: Emitter
  readonly tools: Tools
  readonly ledger: LedgerSettings
  readonly routing: Routing
}

/** One record as the fold takes it. */
export interface FoldRecord {
  readonly offset: number
  readonly decoded: Decoded
  /** The value as it stands in the log; only valid during the call. */
  readonly value: Uint8Array
  /** Milliseconds since the epoch, set by the log. */
  readonly appendedAt: number
}

/** All that a handler may touch. */
export interface FoldContext extends FoldDependencies {
  /** The partition's own row, live; saved after every step. */
  readonly row: PartitionRow
  readonly record: FoldRecord
  readonly books: Books
  readonly statementIds: StatementIds
  readonly hasher: ContentHasher
  /** Reused for every entry. */
  readonly entry: EntryDraft
}
