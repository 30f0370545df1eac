import type { Instant } from '../../domain/calendar/calendar.ts'
import type { Minor } from '../../domain/money/money.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'
import type { Table } from '../state.ts'
import type { Change } from './party-row.ts'

/** The loopback of a partition: what it sent and received, and how far the marks are; mutable. */
export interface Loops {
  /** The last round of marks; rises with the team levels of rule books, never falls. */
  rounds: number
  /** The quarter of an hour that the last mark of round 0 was sent for; null: none yet. */
  quarter: Instant | null
  /** The last `loopSeq` by target partition. */
  readonly sent: number[]
  /** The last `loopSeq` by source partition. */
  readonly received: number[]
  /** The highest mark by round and source partition; −1: none yet. */
  readonly marks: number[][]
  /** The lowest of all partitions' marks by round, as far as it was acted on; −1: not yet. */
  readonly lowest: number[]
  /** Up to here everything that lives on loopback is closed. */
  closedThrough: Instant | null
}

/** The row `''`; there once a rule book has guide plans. */
export const loops: Table<Loops> = {
  name: 'loops',
  prefix: 'l',
  encode(row, writer) {
    writer.byte(1)
    writer.unsigned(row.rounds)
    writer.optionalSigned(row.quarter)
    writeNumbers(row.sent, writer)
    writeNumbers(row.received, writer)
    writer.list(row.marks, (marks) => writeNumbers(marks, writer))
    writeNumbers(row.lowest, writer)
    writer.optionalSigned(row.closedThrough)
  },
  decode(reader) {
    reader.byte()
    return {
      rounds: reader.unsigned(),
      quarter: reader.optionalSigned(),
      sent: readNumbers(reader),
      received: readNumbers(reader),
      marks: reader.list(() => readNumbers(reader)),
      lowest: readNumbers(reader),
      closedThrough: reader.optionalSigned(),
    }
  },
}

/** What the merchant's side remembers of an order that a guide sold; mutable. */
export interface GuidedOrder {
  readonly guideId: string
  readonly ruleBookVersion: number
  readonly planId: string
  readonly net: Minor
  /** NET that refunds took, as far as they were looked at. */
  refunded: Minor
  /** NET whose commission went back. */
  counted: Minor
}

/** Orders that a guide was credited for, by the key of the order. */
export const guidedOrders: Table<GuidedOrder> = {
  name: 'guided orders',
  prefix: 'G',
  cold: true,
  encode(row, writer) {
    writer.byte(1)
    writer.text(row.guideId)
    writer.unsigned(row.ruleBookVersion)
    writer.text(row.planId)
    writer.signed(row.net)
    writer.signed(row.refunded)
    writer.signed(row.counted)
  },
  decode(reader) {
    reader.byte()
    return {
      guideId: reader.text(),
      ruleBookVersion: reader.unsigned(),
      planId: reader.text(),
      net: reader.signed(),
      refunded: reader.signed(),
      counted: reader.signed(),
    }
  },
}

/** What a guide, or an upline, was credited for an order; mutable. */
export interface Credit {
  /** Null: no line and no sales, only the way to the upline. */
  readonly statementId: string | null
  readonly planId: string
  readonly ruleBookVersion: number
  /** Counts into the net sales of the statement: the seller's own orders. */
  readonly isSale: boolean
  /** Null: nothing was sent on. */
  readonly upline: string | null
  /** As in the last claw-back. */
  part: Minor
  readonly lines: readonly CreditLine[]
}

export interface CreditLine {
  readonly code: string
  readonly amount: Minor
  clawed: Minor
  /** Of the line on the statement. */
  readonly seq: number
}

/** Credits by `creditKey`. */
export const credits: Table<Credit> = {
  name: 'credits',
  prefix: 'C',
  cold: true,
  encode(row, writer) {
    writer.byte(1)
    writer.optionalText(row.statementId)
    writer.text(row.planId)
    writer.unsigned(row.ruleBookVersion)
    writer.flag(row.isSale)
    writer.optionalText(row.upline)
    writer.signed(row.part)
    writer.list(row.lines, ({ code, amount, clawed, seq }) => {
      writer.text(code)
      writer.signed(amount)
      writer.signed(clawed)
      writer.unsigned(seq)
    })
  },
  decode(reader) {
    reader.byte()
    return {
      statementId: reader.optionalText(),
      planId: reader.text(),
      ruleBookVersion: reader.unsigned(),
      isSale: reader.flag(),
      upline: reader.optionalText(),
      part: reader.signed(),
      lines: reader.list(() => ({
        code: reader.text(),
        amount: reader.signed(),
        clawed: reader.signed(),
        seq: reader.unsigned(),
      })),
    }
  },
}

/** What a plan gave on one statement so far; mutable. */
export interface PlanResult {
  readonly planId: string
  /** NET of the orders sold less what refunds took back. */
  sales: Minor
  commission: Minor
}

/** Results of a guide's statement, by statement id; gone when it is finalised. */
export const planResults: Table<PlanResult[]> = {
  name: 'plan results',
  prefix: 'R',
  encode(row, writer) {
    writer.byte(1)
    writer.list(row, ({ planId, sales, commission }) => {
      writer.text(planId)
      writer.signed(sales)
      writer.signed(commission)
    })
  },
  decode(reader) {
    reader.byte()
    return reader.list(() => ({
      planId: reader.text(),
      sales: reader.signed(),
      commission: reader.signed(),
    }))
  },
}

/** The uplines of a guide, by rising `validFrom`; an empty value: none. */
export const uplines: Table<Change[]> = {
  name: 'uplines',
  prefix: 'U',
  encode(row, writer) {
    writer.byte(1)
    writer.list(row, ({ value, validFrom }) => {
      writer.text(value)
      writer.signed(validFrom)
    })
  },
  decode(reader) {
    reader.byte()
    return reader.list(() => ({ value: reader.text(), validFrom: reader.signed() }))
  },
}

function writeNumbers(numbers: readonly number[], writer: ByteWriter): void {
  writer.list(numbers, (number) => writer.signed(number))
}

function readNumbers(reader: ByteReader): number[] {
  return reader.list(() => reader.signed())
}
