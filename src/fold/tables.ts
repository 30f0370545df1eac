import type { Order } from '../domain/billing/order.ts'
import type { Instant } from '../domain/calendar/calendar.ts'
import type { Decimal } from '../domain/money/decimal.ts'
import type { Minor } from '../domain/money/money.ts'
import type { Approval, Clearing } from '../domain/statements/clearing.ts'
import type { Statement } from '../domain/statements/statement.ts'
import type { CalendarPublished, RuleBookPublished } from './events.ts'
import { rebateTables } from './rebates/tables.ts'
import { decodeCalendar, decodeRuleBook, encodeCalendar, encodeRuleBook } from './rows/book-rows.ts'
import {
  decodeApproval,
  decodeClearing,
  encodeApproval,
  encodeClearing,
} from './rows/clearing-row.ts'
import { credits, guidedOrders, loops, planResults, uplines } from './rows/guide-rows.ts'
import { decodeOrder, encodeOrder } from './rows/order-row.ts'
import { decodePartition, encodePartition, type PartitionRow } from './rows/partition-row.ts'
import { decodeParty, encodeParty, type Party } from './rows/party-row.ts'
import { decodeStatementRow, encodeStatementRow } from './rows/statement-row.ts'
import type { KeySet, Table } from './state.ts'

// Every table of a partition's state. Prefixes are never reused; a row starts with the version of
// its form. `\0` separates the parts of a key, which ids cannot contain.

/** One row: the partition's clock, counters and current versions. */
export const partitions: Table<PartitionRow> = {
  name: 'partition',
  prefix: 'q',
  encode: encodePartition,
  decode: decodePartition,
}

/** Published rule books, by version. */
export const ruleBooks: Table<RuleBookPublished> = {
  name: 'rule books',
  prefix: 'b',
  encode: encodeRuleBook,
  decode: decodeRuleBook,
}

/** The widest version of each calendar, by id. */
export const calendars: Table<CalendarPublished> = {
  name: 'calendars',
  prefix: 'd',
  encode: encodeCalendar,
  decode: decodeCalendar,
}

/** Parties, by id. */
export const parties: Table<Party> = {
  name: 'parties',
  prefix: 'p',
  encode: encodeParty,
  decode: decodeParty,
}

/** Orders, in order of their creation. */
export const orders: Table<Order> = {
  name: 'orders',
  prefix: 'o',
  cold: true,
  encode: encodeOrder,
  decode: decodeOrder,
}

/** Statements, by id; kept for good. */
export const statements: Table<Statement> = {
  name: 'statements',
  prefix: 's',
  encode: encodeStatementRow,
  decode: decodeStatementRow,
}

/**
 * The hash of the content behind each business key of an accepted fact that has no row of its own.
 */
export const facts: Table<Uint8Array> = {
  name: 'facts',
  prefix: 'k',
  cold: true,
  encode: (hash, writer) => writer.raw(hash),
  decode: (reader) => reader.take(16),
}

/** A fee line from another system, with what was reversed of it. */
export interface Submitted {
  readonly hash: Uint8Array
  readonly feeType: string
  readonly amount: Minor
  readonly taxAmount: Minor | null
  reversed: Minor
  /** Null: the amount was 0, so there is no line. */
  readonly lineId: string | null
  readonly orderId: string | null
  readonly lineNo: number | null
  readonly ruleBookVersion: number
}

/** Submitted fee lines, by party, source system and external id. */
export const submittedLines: Table<Submitted> = {
  name: 'submitted lines',
  prefix: 'f',
  cold: true,
  encode(row, writer) {
    writer.raw(row.hash)
    writer.text(row.feeType)
    writer.signed(row.amount)
    writer.optionalSigned(row.taxAmount)
    writer.signed(row.reversed)
    writer.optionalText(row.lineId)
    writer.optionalText(row.orderId)
    writer.optionalSigned(row.lineNo)
    writer.unsigned(row.ruleBookVersion)
  },
  decode: (reader) => ({
    hash: reader.take(16),
    feeType: reader.text(),
    amount: reader.signed(),
    taxAmount: reader.optionalSigned(),
    reversed: reader.signed(),
    lineId: reader.optionalText(),
    orderId: reader.optionalText(),
    lineNo: reader.optionalSigned(),
    ruleBookVersion: reader.unsigned(),
  }),
}

/** A chargeback that was opened, with where its amount was taken. */
export interface Chargeback {
  /** Of the content of its opening. */
  readonly hash: Uint8Array
  /** In minor units of its line; positive. */
  readonly amount: Minor
  /** The same as it was said, in the order's currency. */
  readonly said: Minor
  readonly currency: string
  /** Null: the amount was 0, so there is no line. */
  readonly lineId: string | null
  readonly orderId: string
  readonly orderCreatedAt: Instant
}

/** Chargebacks, by party and chargeback id. */
export const chargebacks: Table<Chargeback> = {
  name: 'chargebacks',
  prefix: 'x',
  cold: true,
  encode(row, writer) {
    writer.raw(row.hash)
    writer.signed(row.amount)
    writer.signed(row.said)
    writer.text(row.currency)
    writer.optionalText(row.lineId)
    writer.text(row.orderId)
    writer.signed(row.orderCreatedAt)
  },
  decode: (reader) => ({
    hash: reader.take(16),
    amount: reader.signed(),
    said: reader.signed(),
    currency: reader.text(),
    lineId: reader.optionalText(),
    orderId: reader.text(),
    orderCreatedAt: reader.signed(),
  }),
}

/** A rate of one source and pair. */
export interface FxRate {
  readonly publishedAt: Instant
  readonly rate: Decimal
}

/** Published rates by source and pair, rising by when they were published. */
export const fxRates: Table<readonly FxRate[]> = {
  name: 'rates of exchange',
  prefix: 'g',
  encode: (rates, writer) => {
    writer.list(rates, ({ publishedAt, rate }) => {
      writer.signed(publishedAt)
      writer.signed(rate.unscaled)
      writer.byte(rate.scale)
    })
  },
  decode: (reader) =>
    reader.list(() => ({
      publishedAt: reader.signed(),
      rate: { unscaled: reader.signed(), scale: reader.byte() },
    })),
}

/** A refund that came before its order's goods. */
export interface WaitingRefund {
  /** The record's value, to be decoded again. */
  readonly record: Uint8Array
  readonly offset: number
  readonly firstSeenAt: Instant | null
  readonly expiresAt: Instant
}

/** Waiting refunds, by party and refund id. */
export const waitingRefunds: Table<WaitingRefund> = {
  name: 'waiting refunds',
  prefix: 'w',
  cold: true,
  encode(row, writer) {
    writer.blob(row.record)
    writer.unsigned(row.offset)
    writer.optionalSigned(row.firstSeenAt)
    writer.signed(row.expiresAt)
  },
  decode: (reader) => ({
    record: reader.blob(),
    offset: reader.unsigned(),
    firstSeenAt: reader.optionalSigned(),
    expiresAt: reader.signed(),
  }),
}

/** Contents that were rejected, with the code: they are told of once. */
export const rejectedContents: Table<true> = {
  name: 'rejected contents',
  prefix: 'r',
  cold: true,
  encode: (_row, writer) => writer.flag(true),
  decode: () => true,
}

/** What connects the statements of one key: the root of the last one that was closed. */
export const chains: Table<Uint8Array> = {
  name: 'chains',
  prefix: 'h',
  encode: (root, writer) => writer.raw(root),
  decode: (reader) => reader.take(32),
}

/** The last statement number, by party, entity, mode and currency. */
export const numbers: Table<number> = {
  name: 'numbers',
  prefix: 'n',
  encode: (last, writer) => writer.unsigned(last),
  decode: (reader) => reader.unsigned(),
}

/** Closed statements that are to be paid or collected, by statement id. */
export const clearings: Table<Clearing> = {
  name: 'clearings',
  prefix: 'c',
  encode: encodeClearing,
  decode: decodeClearing,
}

/** An adjustment or agreement that waits for approval. */
export interface WaitingItem {
  /** The record's value, to be decoded again. */
  readonly record: Uint8Array
  readonly offset: number
  readonly firstSeenAt: Instant | null
  /** Empty: nobody. */
  readonly submittedBy: string
  readonly levels: readonly string[]
  readonly approval: Approval
}

/** What waits for approval, by party and its id. */
export const waitingItems: Table<WaitingItem> = {
  name: 'waiting items',
  prefix: 'j',
  cold: true,
  encode(row, writer) {
    writer.blob(row.record)
    writer.unsigned(row.offset)
    writer.optionalSigned(row.firstSeenAt)
    writer.text(row.submittedBy)
    writer.list(row.levels, (level) => writer.text(level))
    encodeApproval(row.approval, writer)
  },
  decode: (reader) => ({
    record: reader.blob(),
    offset: reader.unsigned(),
    firstSeenAt: reader.optionalSigned(),
    submittedBy: reader.text(),
    levels: reader.list(() => reader.text()),
    approval: decodeApproval(reader),
  }),
}

/** REALTIME: what the next statement of a key takes over, by key. */
export const pendingCarries: Table<PendingCarry> = {
  name: 'pending carries',
  prefix: 'y',
  encode(row, writer) {
    writer.signed(row.amount)
    writer.unsigned(row.debts)
  },
  decode: (reader) => ({ amount: reader.signed(), debts: reader.unsigned() }),
}

/** What waits for a statement that does not exist yet. */
export interface PendingCarry {
  readonly amount: Minor
  readonly debts: number
}

/** What lines come to, by statement id and place of the row (`clearing/line-amounts.ts`). */
export const lineAmounts: Table<Minor[]> = {
  name: 'amounts of lines',
  prefix: 'L',
  encode: (row, writer) => writer.list(row, (amount) => writer.signed(amount)),
  decode: (reader) => reader.list(() => reader.signed()),
}

/** The statements of `clearings` by party: party, statement id. */
export const unpaid: KeySet = { name: 'unpaid', prefix: 'u' }

/** What ticks will have to do, in order of time (`agenda.ts`). */
export const agenda: KeySet = { name: 'agenda', prefix: 'a' }

export const tables = [
  partitions,
  ruleBooks,
  calendars,
  parties,
  orders,
  statements,
  facts,
  submittedLines,
  chargebacks,
  fxRates,
  waitingRefunds,
  rejectedContents,
  chains,
  numbers,
  clearings,
  pendingCarries,
  lineAmounts,
  waitingItems,
  ...rebateTables,
  loops,
  guidedOrders,
  credits,
  planResults,
  uplines,
] as const
