import type {
  Discount,
  ExchangeCompleted,
  OrderLine,
  OrderSnapshot,
  OrderStatusEvent,
  RefundFacts,
  RefundFee,
  RefundLine,
  RefundSucceeded,
} from '../../fold/events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import {
  optionalDecimal,
  optionalId,
  optionalLineNo,
  optionalLong,
  optionalText,
  readCount,
  readCurrency,
  readDecimal,
  readInstant,
  readMagnitude,
  readPositiveDecimal,
} from './event-fields.ts'

const funders = ['MERCHANT', 'PLATFORM'] as const
const liabilities = ['MERCHANT', 'PLATFORM', 'GUIDE'] as const

/** The reader of one of the five order events: they have one shape. */
export function orderStatusReader(
  type: OrderStatusEvent['type'],
): (cursor: AvroCursor) => OrderStatusEvent {
  return (cursor) => ({
    type,
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    order: cursor.present('order') ? readSnapshot(cursor) : null,
  })
}

function readSnapshot(cursor: AvroCursor): OrderSnapshot {
  cursor.enter('order')
  const snapshot: OrderSnapshot = {
    currency: readCurrency(cursor, 'currency'),
    lines: readOrderLines(cursor),
    discounts: cursor.list('discounts', readDiscount),
    freight: cursor.present('freight') ? readMagnitude(cursor, 'freight') : null,
    guideId: optionalId(cursor, 'guideId'),
    channel: optionalText(cursor, 'channel'),
    buyerRef: optionalText(cursor, 'buyerRef'),
    tags: cursor.list('tags', readTag),
  }
  cursor.leave()
  return snapshot
}

function readOrderLines(cursor: AvroCursor): OrderLine[] {
  const lines = cursor.list('lines', readOrderLine)
  if (lines.length === 0) throw cursor.malformed('lines', 'an order has at least one line')
  const twice = repeatedLineNo(lines)
  if (twice >= 0) {
    const { lineNo } = lines[twice] as OrderLine
    throw cursor.malformed(`lines[${twice}].lineNo`, `${lineNo} stands twice`)
  }
  return lines
}

/** The first line whose number another line has already; -1 when there is none. */
function repeatedLineNo(lines: readonly OrderLine[]): number {
  let highest = 0
  let seen: Set<number> | null = null
  for (let index = 0; index < lines.length; index += 1) {
    const { lineNo } = lines[index] as OrderLine
    if (lineNo > highest) {
      highest = lineNo
      seen?.add(lineNo)
      continue
    }
    seen ??= new Set(lines.slice(0, index).map((line) => line.lineNo))
    if (seen.has(lineNo)) return index
    seen.add(lineNo)
  }
  return -1
}

function readOrderLine(cursor: AvroCursor): OrderLine {
  return {
    lineNo: readCount(cursor, 'lineNo', 1),
    sku: cursor.name('sku'),
    spu: optionalText(cursor, 'spu'),
    skuType: optionalText(cursor, 'skuType'),
    category: optionalText(cursor, 'category'),
    quantity: readCount(cursor, 'quantity', 1),
    unitPrice: readDecimal(cursor, 'unitPrice'),
    amount: optionalLong(cursor, 'amount'),
    gift: cursor.present('gift') ? cursor.boolean('gift') : null,
    unitCost: optionalDecimal(cursor, 'unitCost'),
  }
}

function readDiscount(cursor: AvroCursor): Discount {
  return {
    funder: cursor.symbol('funder', funders),
    kind: cursor.name('kind'),
    amount: readMagnitude(cursor, 'amount'),
    lineNo: optionalLineNo(cursor),
  }
}

function readTag(cursor: AvroCursor): string {
  return cursor.name('')
}

/** Reads a refund; it names lines, freight or fees. */
export function readRefundSucceeded(cursor: AvroCursor): RefundSucceeded {
  const refund: RefundSucceeded = {
    type: 'RefundSucceeded',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    refundId: cursor.id('refundId'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    lines: cursor.list('lines', readRefundLine),
    freight: cursor.present('freight') ? readPositiveDecimal(cursor, 'freight') : null,
    fees: cursor.list('fees', readRefundFee),
    reason: optionalText(cursor, 'reason'),
    liability: cursor.present('liability') ? cursor.symbol('liability', liabilities) : null,
  }
  refuseEmpty(cursor, refund)
  return refund
}

function refuseEmpty(cursor: AvroCursor, { lines, fees, freight }: RefundFacts): void {
  if (lines.length > 0 || fees.length > 0 || freight !== null) return
  throw cursor.malformed('lines', 'a refund names lines, freight or fees')
}

/** Reads an exchange with the refund inside it. */
export function readExchangeCompleted(cursor: AvroCursor): ExchangeCompleted {
  return {
    type: 'ExchangeCompleted',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    exchangeId: cursor.id('exchangeId'),
    refund: readExchangeRefund(cursor),
    newOrderId: cursor.id('newOrderId'),
  }
}

function readExchangeRefund(cursor: AvroCursor): RefundFacts {
  cursor.enter('refund')
  const refund: RefundFacts = {
    refundId: cursor.id('refundId'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    lines: cursor.list('lines', readRefundLine),
    freight: cursor.present('freight') ? readPositiveDecimal(cursor, 'freight') : null,
    fees: cursor.list('fees', readRefundFee),
    reason: optionalText(cursor, 'reason'),
    liability: cursor.present('liability') ? cursor.symbol('liability', liabilities) : null,
  }
  refuseEmpty(cursor, refund)
  cursor.leave()
  return refund
}

function readRefundLine(cursor: AvroCursor): RefundLine {
  return {
    lineNo: readCount(cursor, 'lineNo', 1),
    amount: readPositiveDecimal(cursor, 'amount'),
    quantity: cursor.present('quantity') ? readCount(cursor, 'quantity', 0) : null,
  }
}

function readRefundFee(cursor: AvroCursor): RefundFee {
  return {
    feeType: cursor.name('feeType'),
    amount: readPositiveDecimal(cursor, 'amount'),
  }
}
