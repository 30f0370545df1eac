import type {
  AdjustmentSubmitted,
  BehaviourActivated,
  CalendarDay,
  CalendarPublished,
  ContractAmended,
  ContractSigned,
  ContractTerminated,
  DayStart,
  Event,
  EventType,
  FeeLineReversed,
  FeeLineSubmitted,
  PartyModeChanged,
  RuleBookPublished,
  SettlementEntityChanged,
  Tick,
} from '../../fold/events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import { readChargebackClosed, readChargebackOpened } from './chargeback-readers.ts'
import {
  optionalDecimal,
  optionalId,
  optionalLineNo,
  optionalLong,
  optionalText,
  readCount,
  readCurrency,
  readDay,
  readDayStart,
  readDecimal,
  readInstant,
} from './event-fields.ts'
import { readFxRatePublished } from './fx-readers.ts'
import {
  readClockPassed,
  readGuideClawedBack,
  readGuideCredited,
  readTeamMembershipChanged,
} from './guide-readers.ts'
import { lifecycleReaders } from './lifecycle-readers.ts'
import { orderStatusReader, readExchangeCompleted, readRefundSucceeded } from './order-readers.ts'
import { rebateReaders } from './rebate-readers.ts'

/**
 * The reader of every event type, field by field in the order of its schema. Written by hand: this
 * is the dearest part of the hot path. A test walks the schemas and holds readers and schemas
 * together, limits included.
 */
export const eventReaders: { readonly [T in EventType]: (cursor: AvroCursor) => Event } = {
  OrderPlaced: orderStatusReader('OrderPlaced'),
  OrderPaid: orderStatusReader('OrderPaid'),
  OrderDelivered: orderStatusReader('OrderDelivered'),
  OrderCompleted: orderStatusReader('OrderCompleted'),
  OrderCancelled: orderStatusReader('OrderCancelled'),
  RefundSucceeded: readRefundSucceeded,
  ExchangeCompleted: readExchangeCompleted,
  FeeLineSubmitted: readFeeLineSubmitted,
  FeeLineReversed: readFeeLineReversed,
  AdjustmentSubmitted: readAdjustmentSubmitted,
  ChargebackOpened: readChargebackOpened,
  ChargebackClosed: readChargebackClosed,
  RuleBookPublished: readRuleBookPublished,
  CalendarPublished: readCalendarPublished,
  FxRatePublished: readFxRatePublished,
  Tick: readTick,
  ContractSigned: contractReader('ContractSigned'),
  ContractAmended: contractReader('ContractAmended'),
  ContractTerminated: readContractTerminated,
  PartyModeChanged: readPartyModeChanged,
  SettlementEntityChanged: readSettlementEntityChanged,
  TeamMembershipChanged: readTeamMembershipChanged,
  GuideCredited: readGuideCredited,
  GuideClawedBack: readGuideClawedBack,
  ClockPassed: readClockPassed,
  BehaviourActivated: readBehaviourActivated,
  ...lifecycleReaders,
  ...rebateReaders,
}

function readFeeLineSubmitted(cursor: AvroCursor): FeeLineSubmitted {
  return {
    type: 'FeeLineSubmitted',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    sourceSystem: cursor.id('sourceSystem'),
    externalId: cursor.id('externalId'),
    feeType: cursor.name('feeType'),
    amount: cursor.long('amount'),
    currency: readCurrency(cursor, 'currency'),
    orderId: optionalId(cursor, 'orderId'),
    orderCreatedAt: cursor.present('orderCreatedAt') ? readInstant(cursor, 'orderCreatedAt') : null,
    lineNo: optionalLineNo(cursor),
    quantity: cursor.present('quantity') ? cursor.int('quantity') : null,
    unitPrice: optionalDecimal(cursor, 'unitPrice'),
    taxAmount: optionalLong(cursor, 'taxAmount'),
    description: optionalText(cursor, 'description'),
  }
}

function readFeeLineReversed(cursor: AvroCursor): FeeLineReversed {
  return {
    type: 'FeeLineReversed',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    sourceSystem: cursor.id('sourceSystem'),
    externalId: cursor.id('externalId'),
    reversalId: cursor.id('reversalId'),
    amount: readDecimal(cursor, 'amount'),
  }
}

function readAdjustmentSubmitted(cursor: AvroCursor): AdjustmentSubmitted {
  return {
    type: 'AdjustmentSubmitted',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    adjustmentId: cursor.id('adjustmentId'),
    amount: cursor.long('amount'),
    currency: readCurrency(cursor, 'currency'),
    reason: cursor.name('reason'),
    evidence: cursor.name('evidence'),
    submittedBy: cursor.name('submittedBy'),
    correctsLineId: cursor.present('correctsLineId') ? cursor.name('correctsLineId') : null,
  }
}

function readRuleBookPublished(cursor: AvroCursor): RuleBookPublished {
  return {
    type: 'RuleBookPublished',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    source: optionalText(cursor, 'source'),
    ruleBookId: cursor.id('ruleBookId'),
    version: readCount(cursor, 'version', 1),
    document: cursor.name('document'),
    days: readDocumentDays(cursor),
  }
}

function readDocumentDays(cursor: AvroCursor): DayStart[] {
  const days = cursor.list('days', readDocumentDay)
  for (let index = 1; index < days.length; index += 1) {
    if ((days[index] as DayStart).day <= (days[index - 1] as DayStart).day) {
      throw cursor.malformed(`days[${index}].day`, 'is not after the day before it')
    }
  }
  return days
}

function readDocumentDay(cursor: AvroCursor): DayStart {
  return { day: readDay(cursor, 'day'), startsAt: readDayStart(cursor, 'startsAt') }
}

function readCalendarPublished(cursor: AvroCursor): CalendarPublished {
  return {
    type: 'CalendarPublished',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    source: optionalText(cursor, 'source'),
    calendarId: cursor.id('calendarId'),
    version: readCount(cursor, 'version', 1),
    zone: cursor.name('zone'),
    days: readCalendarDays(cursor),
  }
}

function readCalendarDays(cursor: AvroCursor): CalendarDay[] {
  const days = cursor.list('days', readCalendarDay)
  if (days.length < 2) throw cursor.malformed('days', 'a calendar has at least two days')
  for (let index = 1; index < days.length; index += 1) {
    const before = days[index - 1] as CalendarDay
    const { day, startsAt } = days[index] as CalendarDay
    if (day !== before.day + 1) {
      throw cursor.malformed(`days[${index}].day`, 'does not follow the day before it')
    }
    if (startsAt <= before.startsAt) {
      throw cursor.malformed(`days[${index}].startsAt`, 'is not after the start before it')
    }
  }
  return days
}

function readCalendarDay(cursor: AvroCursor): CalendarDay {
  return {
    day: readDay(cursor, 'day'),
    startsAt: readDayStart(cursor, 'startsAt'),
    workday: cursor.boolean('workday'),
  }
}

function readTick(cursor: AvroCursor): Tick {
  const tick: Tick = {
    type: 'Tick',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    source: optionalText(cursor, 'source'),
    at: readInstant(cursor, 'at'),
  }
  if (tick.at !== tick.occurredAt) throw cursor.malformed('at', 'differs from occurredAt')
  return tick
}

function contractReader(
  type: 'ContractSigned' | 'ContractAmended',
): (cursor: AvroCursor) => ContractSigned | ContractAmended {
  return (cursor) => ({
    type,
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    contractId: cursor.id('contractId'),
    version: readCount(cursor, 'version', 1),
    document: cursor.name('document'),
    days: readDocumentDays(cursor),
  })
}

function readContractTerminated(cursor: AvroCursor): ContractTerminated {
  return {
    type: 'ContractTerminated',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    contractId: cursor.id('contractId'),
    version: readCount(cursor, 'version', 1),
    reason: cursor.name('reason'),
  }
}

function readPartyModeChanged(cursor: AvroCursor): PartyModeChanged {
  return {
    type: 'PartyModeChanged',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    changeId: cursor.id('changeId'),
    mode: cursor.id('mode'),
    validFrom: readInstant(cursor, 'validFrom'),
  }
}

function readSettlementEntityChanged(cursor: AvroCursor): SettlementEntityChanged {
  return {
    type: 'SettlementEntityChanged',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    changeId: cursor.id('changeId'),
    entity: cursor.id('entity'),
    validFrom: readInstant(cursor, 'validFrom'),
  }
}

function readBehaviourActivated(cursor: AvroCursor): BehaviourActivated {
  return {
    type: 'BehaviourActivated',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    source: optionalText(cursor, 'source'),
    number: readCount(cursor, 'number', 1),
  }
}
