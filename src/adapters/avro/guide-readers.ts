import type {
  ClockPassed,
  CreditPart,
  GuideClawedBack,
  GuideCredited,
  TeamMembershipChanged,
} from '../../fold/events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import {
  optionalId,
  optionalText,
  readCount,
  readCurrency,
  readInstant,
  readMagnitude,
} from './event-fields.ts'

/** Reads a change of a guide's upline. */
export function readTeamMembershipChanged(cursor: AvroCursor): TeamMembershipChanged {
  return {
    type: 'TeamMembershipChanged',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    changeId: cursor.id('changeId'),
    upline: optionalId(cursor, 'upline'),
    validFrom: readInstant(cursor, 'validFrom'),
  }
}

/** Reads what a guide is credited. */
export function readGuideCredited(cursor: AvroCursor): GuideCredited {
  return {
    type: 'GuideCredited',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    sourcePartition: readCount(cursor, 'sourcePartition', 0),
    loopSeq: readPositive(cursor, 'loopSeq'),
    sellerId: cursor.id('sellerId'),
    merchantId: cursor.id('merchantId'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    level: readCount(cursor, 'level', 0),
    currency: readCurrency(cursor, 'currency'),
    ruleBookVersion: readCount(cursor, 'ruleBookVersion', 1),
    planId: cursor.id('planId'),
    net: readMagnitude(cursor, 'net'),
    lineCount: readCount(cursor, 'lineCount', 0),
    units: readMagnitude(cursor, 'units'),
    parts: cursor.list('parts', readPart),
    chain: cursor.list('chain', (item) => item.id('')),
  }
}

function readPart(cursor: AvroCursor): CreditPart {
  return { of: cursor.name('of'), amount: readMagnitude(cursor, 'amount') }
}

/** Reads what goes back of a guide's credit. */
export function readGuideClawedBack(cursor: AvroCursor): GuideClawedBack {
  return {
    type: 'GuideClawedBack',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    sourcePartition: readCount(cursor, 'sourcePartition', 0),
    loopSeq: readPositive(cursor, 'loopSeq'),
    sellerId: cursor.id('sellerId'),
    merchantId: cursor.id('merchantId'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    refundId: cursor.id('refundId'),
    part: readMagnitude(cursor, 'part'),
    whole: readPositive(cursor, 'whole'),
  }
}

/** Reads a mark of another partition's clock. */
export function readClockPassed(cursor: AvroCursor): ClockPassed {
  return {
    type: 'ClockPassed',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    source: optionalText(cursor, 'source'),
    sourcePartition: readCount(cursor, 'sourcePartition', 0),
    loopSeq: readPositive(cursor, 'loopSeq'),
    round: readCount(cursor, 'round', 0),
    at: readInstant(cursor, 'at'),
  }
}

function readPositive(cursor: AvroCursor, field: string): number {
  const value = cursor.long(field)
  if (value < 1) throw cursor.malformed(field, `is ${value}, the least is 1`)
  return value
}
