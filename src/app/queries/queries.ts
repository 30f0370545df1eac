import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import type { PayoutState } from '../../domain/statements/clearing.ts'
import type { StatementJson } from '../statement-picture.ts'

/**
 * The questions that can be asked of a settlement. Arguments and answers are JSON, so that a
 * process that holds the log can answer them for another one.
 */
export interface Queries {
  /** By id. */
  statements(filter: StatementFilter): AsyncIterable<StatementRecord>
  statement(statementId: string): Promise<StatementRecord | undefined>
  /** The lines of one statement in order of `seq`; none where there is no such statement. */
  lines(statementId: string): AsyncIterable<LineJson>
  /** The payouts of a statement by attempt; none where nothing was instructed. */
  payouts(statementId: string): Promise<PayoutJson[]>
  /** Statements by id, each with its entries in order. */
  entries(filter: StatementFilter): AsyncIterable<StatementEntries>
  /** All lines that name the order, by statement id, then `seq`. */
  linesOfOrder(orderId: string, partyId?: string): Promise<LineJson[]>
  /** By event id, then code. */
  rejections(filter: RejectionFilter): AsyncIterable<RejectionJson>
  /** A published version; undefined where there is none. */
  ruleBook(version: number): Promise<PublishedRuleBook | undefined>
  /** The first event of that id in the party's partition, as in a file. */
  event(eventId: string, partyId: string): Promise<JsonObject | undefined>
  close(): Promise<void>
}

/** Every condition that is given must hold. */
export interface StatementFilter {
  readonly party?: string | undefined
  /** YYYY-MM-DD: the local day on which the period starts. */
  readonly period?: string | undefined
  readonly status?: string | undefined
  readonly currency?: string | undefined
  readonly entity?: string | undefined
  readonly mode?: string | undefined
  /** Only those that have a number and a root. */
  readonly closed?: boolean | undefined
  readonly ids?: readonly string[] | undefined
}

export interface RejectionFilter {
  readonly eventId?: string | undefined
  readonly party?: string | undefined
  readonly code?: string | undefined
}

/** A line of `statements.jsonl`. */
export interface StatementRecord extends StatementJson {
  readonly partyKind: string
  readonly entrySchema: string
  readonly finalisedAt?: string
  readonly dueOn?: string
  readonly history: readonly HistoryJson[]
}

export interface HistoryJson {
  readonly status: string
  readonly at: string
  readonly by?: string
  readonly reason?: string
}

/** A line of `lines.jsonl`. */
export interface LineJson {
  readonly lineId: string
  readonly statementId: string
  readonly seq: number
  readonly entryNo: number
  readonly eventId?: string
  readonly partyId: string
  readonly orderId?: string
  readonly lineNo?: number
  readonly sku?: string
  readonly feeType: string
  readonly leg: string
  readonly amount: string
  readonly taxAmount?: string
  readonly currency: string
  readonly basis?: BasisJson
  readonly ruleId?: string
  readonly ruleBookVersion?: number
  readonly occurredAt: string
  readonly originLineId?: string
  readonly originPeriod?: string
  readonly lateReason?: string
}

/** An instruction to pay, with what became of it. */
export interface PayoutJson {
  readonly instructionId: string
  readonly amount: string
  readonly state: PayoutState
  /** The seqs of the lines that were held back from it. */
  readonly without: readonly number[]
}

export interface BasisJson {
  readonly of: string
  readonly base?: string
  readonly rate?: string
  readonly exact?: string
}

/** A statement with what the log holds of it. */
export interface StatementEntries {
  readonly statement: StatementRecord
  readonly entries: readonly SealedEntry[]
}

/** An entry of the log with its leaf in the statement's tree. */
export interface SealedEntry {
  readonly entryNo: number
  /** SHA-256(0x00 ‖ entry) in hexadecimal. */
  readonly leaf: string
  readonly lines: readonly LineJson[]
}

/** A line of `rejections.jsonl`. */
export interface RejectionJson {
  readonly eventId: string
  readonly type: string
  readonly partyId?: string
  readonly code: string
  readonly message: string
  readonly partition: number
  readonly offset: number
  readonly firstSeenAt?: string
  readonly event?: JsonObject
}

/** A rule book as the log holds it: the document with the instants of the days that it names. */
export interface PublishedRuleBook {
  readonly ruleBookId: string
  readonly version: number
  readonly document: string
  readonly days: readonly { readonly day: number; readonly startsAt: number }[]
}
