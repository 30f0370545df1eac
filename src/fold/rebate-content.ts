import { type Decimal, normalized } from '../domain/money/decimal.ts'
import type { ByteWriter } from './bytes.ts'
import type { Event } from './events.ts'
import type { RebateEvent } from './rebate-events.ts'

const types: ReadonlySet<string> = new Set<RebateEvent['type']>([
  'RebateAmountAgreed',
  'CostPublished',
  'PurchaseReceived',
  'PurchaseReturned',
])

/** Whether the event is about a rebate alone. */
export function isRebateEvent(event: Event): event is RebateEvent {
  return types.has(event.type)
}

/** Writes every field but the envelope's. */
export function writeRebate(event: RebateEvent, writer: ByteWriter): void {
  switch (event.type) {
    case 'RebateAmountAgreed':
      writer.text(event.agreementId)
      writer.unsigned(event.version)
      writer.text(event.rebateId)
      writer.signed(event.amount)
      writer.text(event.currency)
      return writer.list(event.signedBy, ({ side, who }) => {
        writer.text(side)
        writer.text(who)
      })
    case 'CostPublished':
      writer.text(event.sku)
      writer.signed(event.validFrom)
      writeDecimal(event.unitCost, writer)
      return writer.text(event.currency)
    case 'PurchaseReceived':
    case 'PurchaseReturned':
      writer.text(event.receiptId)
      writer.text(event.sku)
      writer.signed(event.quantity)
      return writeDecimal(event.amount, writer)
  }
}

function writeDecimal(value: Decimal, writer: ByteWriter): void {
  const { unscaled, scale } = normalized(value)
  writer.signed(unscaled)
  writer.byte(scale)
}
