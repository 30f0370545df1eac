import type { Instant } from '../../domain/calendar/calendar.ts'
import type { Day } from '../../domain/calendar/day.ts'
import type { Decimal } from '../../domain/money/decimal.ts'
import type { Minor } from '../../domain/money/money.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** What counted towards one rebate in one rebate period of a key, and what was settled of it. */
export interface RebateAccount {
  net: Minor
  quantity: number
  cost: Minor
  /** The period's end. */
  readonly until: Instant
  /** The period is the rebate's window, no period of the calendar. */
  readonly byWindow: boolean
  /** Whether refunds lessen it. */
  readonly netOfReturns: boolean
  /** Whether it is settled again when it changes after it was settled. */
  readonly truesUp: boolean
  /** Sum of its lines, with their sign; null: not settled yet. */
  settled: Minor | null
  /** The rule book that it was settled by; 0: not settled yet. */
  ruleBookVersion: number
}

/** Names an account of a key. */
export interface AccountName {
  readonly rebateId: string
  /** First day of the rebate period. */
  readonly day: Day
}

/** What an order's lines counted towards, for what is returned of them later. */
export interface CountedOrder {
  /** As in front of the statement's id. */
  readonly key: string
  readonly shares: readonly CountedShare[]
  /** By place of the line, as billed. */
  readonly quantity: readonly number[]
  readonly cost: readonly Minor[]
  /** Units that came back, by place of the line. */
  readonly returned: number[]
}

/** The lines that counted towards one account, by place. */
export interface CountedShare extends AccountName {
  readonly lines: readonly number[]
}

export function encodeRebateAccount(row: RebateAccount, writer: ByteWriter): void {
  writer.byte(1)
  writer.signed(row.net)
  writer.signed(row.quantity)
  writer.signed(row.cost)
  writer.signed(row.until)
  writer.flag(row.byWindow)
  writer.flag(row.netOfReturns)
  writer.flag(row.truesUp)
  writer.optionalSigned(row.settled)
  writer.unsigned(row.ruleBookVersion)
}

export function decodeRebateAccount(reader: ByteReader): RebateAccount {
  reader.byte()
  return {
    net: reader.signed(),
    quantity: reader.signed(),
    cost: reader.signed(),
    until: reader.signed(),
    byWindow: reader.flag(),
    netOfReturns: reader.flag(),
    truesUp: reader.flag(),
    settled: reader.optionalSigned(),
    ruleBookVersion: reader.unsigned(),
  }
}

export function encodeAccountNames(row: readonly AccountName[], writer: ByteWriter): void {
  writer.byte(1)
  writer.list(row, ({ rebateId, day }) => {
    writer.text(rebateId)
    writer.signed(day)
  })
}

export function decodeAccountNames(reader: ByteReader): AccountName[] {
  reader.byte()
  return reader.list(() => ({ rebateId: reader.text(), day: reader.signed() }))
}

export function encodeCountedOrder(row: CountedOrder, writer: ByteWriter): void {
  writer.byte(1)
  writer.text(row.key)
  writer.list(row.shares, ({ rebateId, day, lines }) => {
    writer.text(rebateId)
    writer.signed(day)
    encodeNumbers(lines, writer)
  })
  encodeNumbers(row.quantity, writer)
  encodeNumbers(row.cost, writer)
  encodeNumbers(row.returned, writer)
}

export function decodeCountedOrder(reader: ByteReader): CountedOrder {
  reader.byte()
  return {
    key: reader.text(),
    shares: reader.list(() => ({
      rebateId: reader.text(),
      day: reader.signed(),
      lines: decodeNumbers(reader),
    })),
    quantity: decodeNumbers(reader),
    cost: decodeNumbers(reader),
    returned: decodeNumbers(reader),
  }
}

/** What one unit costs from an instant on. */
export interface CostRow {
  readonly validFrom: Instant
  readonly unitCost: Decimal
  readonly currency: string
}

export function encodeCosts(row: readonly CostRow[], writer: ByteWriter): void {
  writer.byte(1)
  writer.list(row, ({ validFrom, unitCost, currency }) => {
    writer.signed(validFrom)
    writer.signed(unitCost.unscaled)
    writer.byte(unitCost.scale)
    writer.text(currency)
  })
}

export function decodeCosts(reader: ByteReader): CostRow[] {
  reader.byte()
  return reader.list(() => ({
    validFrom: reader.signed(),
    unitCost: { unscaled: reader.signed(), scale: reader.byte() },
    currency: reader.text(),
  }))
}

/** What a receipt counted towards. */
export interface CountedPurchase {
  /** As in front of the statement's id. */
  readonly key: string
  readonly currency: string
  readonly accounts: readonly AccountName[]
}

export function encodeCountedPurchase(row: CountedPurchase, writer: ByteWriter): void {
  writer.byte(1)
  writer.text(row.key)
  writer.text(row.currency)
  encodeAccountNames(row.accounts, writer)
}

export function decodeCountedPurchase(reader: ByteReader): CountedPurchase {
  reader.byte()
  return { key: reader.text(), currency: reader.text(), accounts: decodeAccountNames(reader) }
}

/** An agreement as it stands. */
export interface AgreedRebate {
  readonly version: number
  readonly rebateId: string
  readonly currency: string
  /** Sum of its lines, with their sign. */
  readonly settled: Minor
}

export function encodeAgreedRebate(row: AgreedRebate, writer: ByteWriter): void {
  writer.byte(1)
  writer.unsigned(row.version)
  writer.text(row.rebateId)
  writer.text(row.currency)
  writer.signed(row.settled)
}

export function decodeAgreedRebate(reader: ByteReader): AgreedRebate {
  reader.byte()
  return {
    version: reader.unsigned(),
    rebateId: reader.text(),
    currency: reader.text(),
    settled: reader.signed(),
  }
}

function encodeNumbers(numbers: readonly number[], writer: ByteWriter): void {
  writer.list(numbers, (number) => writer.signed(number))
}

function decodeNumbers(reader: ByteReader): number[] {
  return reader.list(() => reader.signed())
}
