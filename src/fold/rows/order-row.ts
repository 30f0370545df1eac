import {
  type Billed,
  ChargeDraft,
  type Charges,
  type ChosenSchedule,
  type Goods,
  type Order,
  type OrderFact,
  type OrderState,
  orderStates,
  type RefundedBefore,
} from '../../domain/billing/order.ts'
import type { Decimal } from '../../domain/money/decimal.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { decodeCycle, encodeCycle } from './cycle-part.ts'
import { decodeDoubles, encodeDoubles } from './double-part.ts'
import { decodeForeign, encodeForeign } from './foreign-part.ts'

/**
 * The row of an order: small once it is billed, since its goods are dropped. Forms 2 and 4 end
 * with fees that two paths compute, 3 and 4 with what was said in another currency.
 */
export function encodeOrder(row: Order, writer: ByteWriter): void {
  const foreign = row.billed?.foreign ?? null
  writer.byte(1 + (row.doubles === null ? 0 : 1) + (foreign === null ? 0 : 2))
  writer.text(row.partyId)
  writer.text(row.orderId)
  writer.signed(row.createdAt)
  writer.byte(orderStates.indexOf(row.state))
  // Loops, since each closure of a list would be made anew for every row.
  writer.unsigned(row.facts.length)
  for (const fact of row.facts) encodeFact(fact, writer)
  writer.flag(row.snapshotHash !== null)
  if (row.snapshotHash !== null) writer.raw(row.snapshotHash)
  writer.flag(row.goods !== null)
  if (row.goods !== null) encodeGoods(row.goods, writer)
  writer.optionalSigned(row.dueAt)
  encodeRefunded(row.refunded, writer)
  encodeTexts(row.waiting, writer)
  writer.flag(row.billed !== null)
  if (row.billed !== null) encodeBilled(row.billed, writer)
  encodeTexts(row.submitted, writer)
  if (row.doubles !== null) encodeDoubles(row.doubles, writer)
  if (foreign !== null) encodeForeign(foreign, writer)
}

export function decodeOrder(reader: ByteReader): Order {
  const parts = reader.byte() - 1
  const row: Order = {
    partyId: reader.text(),
    orderId: reader.text(),
    createdAt: reader.signed(),
    state: orderStates[reader.byte()] as OrderState,
    facts: reader.list(() => decodeFact(reader)),
    snapshotHash: reader.flag() ? reader.take(16) : null,
    goods: reader.flag() ? decodeGoods(reader) : null,
    dueAt: reader.optionalSigned(),
    refunded: decodeRefunded(reader),
    waiting: reader.list(() => reader.text()),
    billed: reader.flag() ? decodeBilled(reader) : null,
    submitted: reader.list(() => reader.text()),
    doubles: (parts & 1) === 0 ? null : decodeDoubles(reader),
  }
  if ((parts & 2) !== 0 && row.billed !== null) row.billed.foreign = decodeForeign(reader)
  return row
}

function encodeFact(fact: OrderFact | null, writer: ByteWriter): void {
  writer.flag(fact !== null)
  if (fact === null) return
  writer.signed(fact.at)
  writer.text(fact.eventId)
  writer.raw(fact.hash)
}

function decodeFact(reader: ByteReader): OrderFact | null {
  if (!reader.flag()) return null
  return { at: reader.signed(), eventId: reader.text(), hash: reader.take(16) }
}

function encodeGoods(goods: Goods, writer: ByteWriter): void {
  writer.text(goods.currency)
  writer.unsigned(goods.lineNo.length)
  for (let line = 0; line < goods.lineNo.length; line += 1) {
    writer.unsigned(goods.lineNo[line] as number)
    writer.text(goods.sku[line] as string)
    writer.optionalText(goods.skuType[line] as string | null)
    writer.optionalText(goods.category[line] as string | null)
    writer.signed(goods.quantity[line] as number)
    writer.signed(goods.list[line] as number)
    encodeDecimal(goods.unitCost[line] as Decimal | null, writer)
    writer.flag(goods.gift[line] as boolean)
  }
  writer.list(goods.discounts, ({ funder, kind, amount, lineNo }) => {
    writer.flag(funder === 'PLATFORM')
    writer.text(kind)
    writer.signed(amount)
    writer.optionalSigned(lineNo)
  })
  writer.signed(goods.freight)
  writer.optionalText(goods.guideId)
  writer.optionalText(goods.channel)
  writer.list(goods.tags, (tag) => writer.text(tag))
}

function decodeGoods(reader: ByteReader): Goods {
  const currency = reader.text()
  const rows = reader.list(() => ({
    lineNo: reader.unsigned(),
    sku: reader.text(),
    skuType: reader.optionalText(),
    category: reader.optionalText(),
    quantity: reader.signed(),
    list: reader.signed(),
    unitCost: decodeDecimal(reader),
    gift: reader.flag(),
  }))
  return {
    currency,
    lineNo: rows.map((row) => row.lineNo),
    sku: rows.map((row) => row.sku),
    skuType: rows.map((row) => row.skuType),
    category: rows.map((row) => row.category),
    quantity: rows.map((row) => row.quantity),
    list: rows.map((row) => row.list),
    unitCost: rows.map((row) => row.unitCost),
    gift: rows.map((row) => row.gift),
    discounts: reader.list(() => ({
      funder: reader.flag() ? 'PLATFORM' : 'MERCHANT',
      kind: reader.text(),
      amount: reader.signed(),
      lineNo: reader.optionalSigned(),
    })),
    freight: reader.signed(),
    guideId: reader.optionalText(),
    channel: reader.optionalText(),
    tags: reader.list(() => reader.text()),
  }
}

function encodeDecimal(value: Decimal | null, writer: ByteWriter): void {
  writer.flag(value !== null)
  if (value === null) return
  writer.signed(value.unscaled)
  writer.byte(value.scale)
}

function decodeDecimal(reader: ByteReader): Decimal | null {
  return reader.flag() ? { unscaled: reader.signed(), scale: reader.byte() } : null
}

function encodeRefunded(refunded: RefundedBefore, writer: ByteWriter): void {
  encodeNumbers(refunded.amount, writer)
  encodeNumbers(refunded.quantity, writer)
  writer.unsigned(refunded.fees.length)
  for (const { feeType, amount } of refunded.fees) {
    writer.text(feeType)
    writer.signed(amount)
  }
  writer.signed(refunded.freight)
}

function decodeRefunded(reader: ByteReader): RefundedBefore {
  return {
    amount: decodeNumbers(reader),
    quantity: decodeNumbers(reader),
    fees: reader.list(() => ({ feeType: reader.text(), amount: reader.signed() })),
    freight: reader.signed(),
  }
}

function encodeBilled(billed: Billed, writer: ByteWriter): void {
  writer.unsigned(billed.ruleBookVersion)
  writer.text(billed.statementId)
  writer.text(billed.mode)
  writer.text(billed.entity)
  writer.text(billed.currency)
  writer.text(billed.partyKind)
  encodeCycle(billed.cycle, writer)
  writer.signed(billed.occurredAt)
  encodeNumbers(billed.lines.lineNo, writer)
  encodeTexts(billed.lines.sku, writer)
  encodeNumbers(billed.lines.net, writer)
  encodeNumbers(billed.lines.reversed, writer)
  encodeCharges(billed.charges, writer)
  writer.unsigned(billed.reverseOnly.length)
  for (const chosen of billed.reverseOnly) {
    writer.unsigned(chosen.feeType)
    writer.unsigned(chosen.schedule)
    writer.unsigned(chosen.version)
  }
}

function decodeBilled(reader: ByteReader): Billed {
  return {
    ruleBookVersion: reader.unsigned(),
    statementId: reader.text(),
    mode: reader.text(),
    entity: reader.text(),
    currency: reader.text(),
    partyKind: reader.text(),
    cycle: decodeCycle(reader),
    occurredAt: reader.signed(),
    lines: {
      lineNo: decodeNumbers(reader),
      sku: reader.list(() => reader.text()),
      net: decodeNumbers(reader),
      reversed: decodeNumbers(reader),
    },
    charges: decodeCharges(reader),
    reverseOnly: reader.list(
      (): ChosenSchedule => ({
        feeType: reader.unsigned(),
        schedule: reader.unsigned(),
        version: reader.unsigned(),
      }),
    ),
    foreign: null,
  }
}

function encodeCharges(charges: Charges, writer: ByteWriter): void {
  writer.unsigned(charges.count)
  for (let place = 0; place < charges.count; place += 1) {
    writer.unsigned(charges.feeType[place] as number)
    writer.signed(charges.line[place] as number)
    writer.unsigned(charges.schedule[place] as number)
    writer.unsigned(charges.version[place] as number)
    writer.signed(charges.amount[place] as number)
    writer.signed(charges.reversed[place] as number)
    writer.signed(charges.retained[place] as number)
    writer.unsigned(charges.seq[place] as number)
  }
}

/** Of the row that is decoded at this moment. */
const draft = new ChargeDraft()

function decodeCharges(reader: ByteReader): Charges {
  draft.clear()
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    const feeType = reader.unsigned()
    const line = reader.signed()
    const schedule = reader.unsigned()
    const version = reader.unsigned()
    const amount = reader.signed()
    const reversed = reader.signed()
    const retained = reader.signed()
    draft.add(feeType, schedule, version, line, amount, reader.unsigned())
    draft.takeBack(reversed, retained)
  }
  return draft.take()
}

function encodeNumbers(numbers: readonly number[], writer: ByteWriter): void {
  writer.unsigned(numbers.length)
  // By index: the columns are of several kinds, and then an iterator makes an object an element.
  for (let place = 0; place < numbers.length; place += 1) writer.signed(numbers[place] as number)
}

function encodeTexts(texts: readonly string[], writer: ByteWriter): void {
  writer.unsigned(texts.length)
  for (const text of texts) writer.text(text)
}

function decodeNumbers(reader: ByteReader): number[] {
  const numbers: number[] = []
  for (let left = reader.unsigned(); left > 0; left -= 1) numbers.push(reader.signed())
  return numbers
}
