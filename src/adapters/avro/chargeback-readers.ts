import type { ChargebackClosed, ChargebackOpened } from '../../fold/events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import { optionalText, readInstant, readPositiveDecimal } from './event-fields.ts'

const outcomes = ['WON', 'LOST'] as const

export function readChargebackOpened(cursor: AvroCursor): ChargebackOpened {
  return {
    type: 'ChargebackOpened',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    chargebackId: cursor.id('chargebackId'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    amount: readPositiveDecimal(cursor, 'amount'),
    fee: cursor.present('fee') ? readPositiveDecimal(cursor, 'fee') : null,
  }
}

export function readChargebackClosed(cursor: AvroCursor): ChargebackClosed {
  return {
    type: 'ChargebackClosed',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
    chargebackId: cursor.id('chargebackId'),
    orderId: cursor.id('orderId'),
    orderCreatedAt: readInstant(cursor, 'orderCreatedAt'),
    amount: cursor.present('amount') ? readPositiveDecimal(cursor, 'amount') : null,
    fee: cursor.present('fee') ? readPositiveDecimal(cursor, 'fee') : null,
    outcome: cursor.symbol('outcome', outcomes),
  }
}
