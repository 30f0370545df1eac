import type { Decimal } from '../domain/money/decimal.ts'
import type { Sha256 } from '../domain/statements/seal.ts'
import { ByteWriter } from './bytes.ts'
import type { DayStart, Event, OrderSnapshot, OrderStatusEvent, RefundFacts } from './events.ts'
import { isLifecycleEvent, writeLifecycle } from './lifecycle-content.ts'
import type { LifecycleEvent } from './lifecycle-events.ts'
import { isRebateEvent, writeRebate } from './rebate-content.ts'
import type { RebateEvent } from './rebate-events.ts'

// The content of a business key: every field but `eventId` and `source`, in one form whatever the
// writer's decimals looked like. Two records with one key are the same fact when these bytes agree.

/** Hashes contents into 16 bytes; the writer inside is reused. */
export class ContentHasher {
  private readonly writer = new ByteWriter(1024)
  private readonly sha256: Sha256
  /** The snapshot that stands at the end of what was hashed last, and where. */
  private hashed: OrderSnapshot | null = null
  private snapshotAt = 0

  constructor(sha256: Sha256) {
    this.sha256 = sha256
  }

  /** Over the whole content. */
  event(event: Event): Uint8Array {
    this.writer.reset()
    this.hashed = null
    if ('order' in event && event.order !== null) return this.withSnapshot(event, event.order)
    writeEvent(event, this.writer)
    return this.digest(0)
  }

  /** Over the snapshot alone: most often that of the event that was hashed just before. */
  snapshot(snapshot: OrderSnapshot): Uint8Array {
    if (this.hashed === snapshot) return this.digest(this.snapshotAt)
    this.writer.reset()
    this.hashed = null
    writeSnapshot(snapshot, this.writer)
    return this.digest(0)
  }

  private withSnapshot(event: OrderStatusEvent, snapshot: OrderSnapshot): Uint8Array {
    const { writer } = this
    writeHead(event, writer)
    writeOrderStatus(event, writer)
    this.snapshotAt = writer.length
    writeSnapshot(snapshot, writer)
    this.hashed = snapshot
    return this.digest(0)
  }

  /** Over a record that could not be decoded. */
  bytes(value: Uint8Array): Uint8Array {
    return this.sha256(value).subarray(0, 16)
  }

  private digest(from: number): Uint8Array {
    const { bytes, length } = this.writer
    return this.sha256(bytes.subarray(from, length)).slice(0, 16)
  }
}

/** Whether two hashes are equal. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  for (let index = 0; index < 16; index += 1) if (a[index] !== b[index]) return false
  return true
}

function writeHead(event: Event, writer: ByteWriter): void {
  writer.text(event.type)
  if ('partyId' in event) writer.text(event.partyId)
  writer.signed(event.occurredAt)
}

function writeEvent(event: Event, writer: ByteWriter): void {
  writeHead(event, writer)
  if (isLifecycleEvent(event)) return writeLifecycle(event, writer)
  if (isRebateEvent(event)) return writeRebate(event, writer)
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderPaid':
    case 'OrderDelivered':
    case 'OrderCompleted':
    case 'OrderCancelled':
      return writeOrderStatus(event, writer)
    case 'RefundSucceeded':
      return writeRefund(event, writer)
    case 'ExchangeCompleted':
      writer.text(event.exchangeId)
      writeRefund(event.refund, writer)
      return writer.text(event.newOrderId)
    case 'ChargebackOpened':
    case 'ChargebackClosed':
      return writeChargeback(event, writer)
    case 'FxRatePublished':
      writer.text(event.source)
      writer.text(event.pair)
      writer.signed(event.publishedAt)
      return writeDecimal(event.rate, writer)
    case 'Tick':
      return writer.signed(event.at)
    case 'BehaviourActivated':
      return writer.unsigned(event.number)
    case 'FeeLineReversed':
      writer.text(event.sourceSystem)
      writer.text(event.externalId)
      writer.text(event.reversalId)
      return writeDecimal(event.amount, writer)
    default:
      return writeRest(event, writer)
  }
}

/** All but the snapshot, which follows where there is one. */
function writeOrderStatus(event: OrderStatusEvent, writer: ByteWriter): void {
  writer.text(event.orderId)
  writer.signed(event.orderCreatedAt)
  writer.flag(event.order !== null)
}

function writeSnapshot(order: OrderSnapshot, writer: ByteWriter): void {
  writer.text(order.currency)
  writer.unsigned(order.lines.length)
  for (const line of order.lines) {
    writer.signed(line.lineNo)
    writer.text(line.sku)
    writer.optionalText(line.spu)
    writer.optionalText(line.skuType)
    writer.optionalText(line.category)
    writer.signed(line.quantity)
    writeDecimal(line.unitPrice, writer)
    writer.optionalSigned(line.amount)
    writer.byte(line.gift === null ? 2 : line.gift ? 1 : 0)
    writeOptionalDecimal(line.unitCost, writer)
  }
  writer.unsigned(order.discounts.length)
  for (const { funder, kind, amount, lineNo } of order.discounts) {
    writer.text(funder)
    writer.text(kind)
    writer.signed(amount)
    writer.optionalSigned(lineNo)
  }
  writer.optionalSigned(order.freight)
  writer.optionalText(order.guideId)
  writer.optionalText(order.channel)
  writer.optionalText(order.buyerRef)
  writer.unsigned(order.tags.length)
  for (const tag of order.tags) writer.text(tag)
}

function writeRefund(event: RefundFacts, writer: ByteWriter): void {
  writer.text(event.refundId)
  writer.text(event.orderId)
  writer.signed(event.orderCreatedAt)
  writer.list(event.lines, ({ lineNo, amount, quantity }) => {
    writer.signed(lineNo)
    writeDecimal(amount, writer)
    writer.optionalSigned(quantity)
  })
  writeOptionalDecimal(event.freight, writer)
  writer.list(event.fees, ({ feeType, amount }) => {
    writer.text(feeType)
    writeDecimal(amount, writer)
  })
  writer.optionalText(event.reason)
  writer.optionalText(event.liability)
}

type ChargebackEvent = Extract<Event, { type: 'ChargebackOpened' | 'ChargebackClosed' }>

function writeChargeback(event: ChargebackEvent, writer: ByteWriter): void {
  writer.text(event.chargebackId)
  writer.text(event.orderId)
  writer.signed(event.orderCreatedAt)
  writeOptionalDecimal(event.amount, writer)
  writeOptionalDecimal(event.fee, writer)
  if (event.type === 'ChargebackClosed') writer.text(event.outcome)
}

type RestEvent = Exclude<
  Event,
  | OrderStatusEvent
  | LifecycleEvent
  | RebateEvent
  | ChargebackEvent
  | {
      type:
        | 'RefundSucceeded'
        | 'ExchangeCompleted'
        | 'FxRatePublished'
        | 'Tick'
        | 'BehaviourActivated'
        | 'FeeLineReversed'
    }
>

function writeRest(event: RestEvent, writer: ByteWriter): void {
  switch (event.type) {
    case 'FeeLineSubmitted':
      return writeFeeLine(event, writer)
    case 'AdjustmentSubmitted':
      writer.text(event.adjustmentId)
      writer.signed(event.amount)
      writer.text(event.currency)
      writer.text(event.reason)
      writer.text(event.evidence)
      writer.text(event.submittedBy)
      return writer.optionalText(event.correctsLineId)
    case 'RuleBookPublished':
      writer.text(event.ruleBookId)
      writer.unsigned(event.version)
      return writeDocument(event, writer)
    case 'CalendarPublished':
      writer.text(event.calendarId)
      writer.unsigned(event.version)
      writer.text(event.zone)
      return writer.list(event.days, ({ day, startsAt, workday }) => {
        writer.signed(day)
        writer.signed(startsAt)
        writer.flag(workday)
      })
    case 'GuideCredited':
    case 'GuideClawedBack':
    case 'ClockPassed':
      writer.unsigned(event.sourcePartition)
      return writer.unsigned(event.loopSeq)
    default:
      return writeParty(event, writer)
  }
}

type PartyChange = Extract<
  Event,
  {
    type:
      | 'ContractSigned'
      | 'ContractAmended'
      | 'ContractTerminated'
      | 'PartyModeChanged'
      | 'SettlementEntityChanged'
      | 'TeamMembershipChanged'
  }
>

function writeParty(event: PartyChange, writer: ByteWriter): void {
  switch (event.type) {
    case 'ContractSigned':
    case 'ContractAmended':
      writer.text(event.contractId)
      writer.unsigned(event.version)
      return writeDocument(event, writer)
    case 'ContractTerminated':
      writer.text(event.contractId)
      writer.unsigned(event.version)
      return writer.text(event.reason)
    case 'TeamMembershipChanged':
      writer.text(event.changeId)
      writer.optionalText(event.upline)
      return writer.signed(event.validFrom)
    case 'PartyModeChanged':
    case 'SettlementEntityChanged':
      writer.text(event.changeId)
      writer.text(event.type === 'PartyModeChanged' ? event.mode : event.entity)
      return writer.signed(event.validFrom)
  }
}

function writeFeeLine(
  event: Extract<Event, { type: 'FeeLineSubmitted' }>,
  writer: ByteWriter,
): void {
  writer.text(event.sourceSystem)
  writer.text(event.externalId)
  writer.text(event.feeType)
  writer.signed(event.amount)
  writer.text(event.currency)
  writer.optionalText(event.orderId)
  writer.optionalSigned(event.orderCreatedAt)
  writer.optionalSigned(event.lineNo)
  writer.optionalSigned(event.quantity)
  writeOptionalDecimal(event.unitPrice, writer)
  writer.optionalSigned(event.taxAmount)
  writer.optionalText(event.description)
}

function writeDocument(
  { document, days }: { readonly document: string; readonly days: readonly DayStart[] },
  writer: ByteWriter,
): void {
  writer.text(document)
  writer.list(days, ({ day, startsAt }) => {
    writer.signed(day)
    writer.signed(startsAt)
  })
}

function writeDecimal(value: Decimal, writer: ByteWriter): void {
  let { unscaled, scale } = value
  // As `normalized` does, without an object for each price.
  while (scale > 0 && unscaled % 10 === 0) {
    unscaled /= 10
    scale -= 1
  }
  writer.signed(unscaled)
  writer.byte(scale)
}

function writeOptionalDecimal(value: Decimal | null, writer: ByteWriter): void {
  writer.flag(value !== null)
  if (value !== null) writeDecimal(value, writer)
}
