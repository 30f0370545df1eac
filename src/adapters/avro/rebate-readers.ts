import type {
  CostPublished,
  PurchaseEvent,
  RebateAmountAgreed,
  RebateEvent,
  Signature,
} from '../../fold/rebate-events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import {
  optionalText,
  readCount,
  readCurrency,
  readInstant,
  readMagnitude,
  readPositiveDecimal,
} from './event-fields.ts'

const sides = ['PLATFORM', 'PARTY'] as const

/** The readers of what rebates are computed of, in the order of their schemas. */
export const rebateReaders: {
  readonly [T in RebateEvent['type']]: (cursor: AvroCursor) => RebateEvent
} = {
  RebateAmountAgreed: readRebateAmountAgreed,
  CostPublished: readCostPublished,
  PurchaseReceived: purchaseReader('PurchaseReceived'),
  PurchaseReturned: purchaseReader('PurchaseReturned'),
}

function readRebateAmountAgreed(cursor: AvroCursor): RebateAmountAgreed {
  return {
    type: 'RebateAmountAgreed',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    agreementId: cursor.id('agreementId'),
    version: readCount(cursor, 'version', 1),
    rebateId: cursor.id('rebateId'),
    amount: readMagnitude(cursor, 'amount'),
    currency: readCurrency(cursor, 'currency'),
    signedBy: readSignatures(cursor),
  }
}

function readSignatures(cursor: AvroCursor): Signature[] {
  const signatures = cursor.list('signedBy', readSignature)
  if (signatures.length === 0) throw cursor.malformed('signedBy', 'nobody has signed')
  for (const [index, { side }] of signatures.entries()) {
    if (signatures.findIndex((other) => other.side === side) === index) continue
    throw cursor.malformed(`signedBy[${index}].side`, `${side} stands twice`)
  }
  return signatures
}

function readSignature(cursor: AvroCursor): Signature {
  return { side: cursor.symbol('side', sides), who: cursor.name('who') }
}

function readCostPublished(cursor: AvroCursor): CostPublished {
  return {
    type: 'CostPublished',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    sku: cursor.name('sku'),
    validFrom: readInstant(cursor, 'validFrom'),
    unitCost: readPositiveDecimal(cursor, 'unitCost'),
    currency: readCurrency(cursor, 'currency'),
  }
}

function purchaseReader(type: PurchaseEvent['type']): (cursor: AvroCursor) => PurchaseEvent {
  return (cursor) => ({
    type,
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    receiptId: cursor.id('receiptId'),
    sku: cursor.name('sku'),
    quantity: readCount(cursor, 'quantity', 1),
    amount: readPositiveDecimal(cursor, 'amount'),
  })
}
