import type { Instant } from '../../domain/calendar/calendar.ts'
import type { Day } from '../../domain/calendar/day.ts'
import { isCurrency } from '../../domain/money/currency.ts'
import { type Decimal, maxScale } from '../../domain/money/decimal.ts'
import type { AvroCursor } from './avro-cursor.ts'

/** 9999-12-31T23:59:59.999Z. */
const lastInstant = 253_402_300_799_999

// A rule may be valid since 1900, so a day may start before any instant that an event may have.
const firstDay = -719_162
const lastDay = 2_932_896
const firstDayStart = (firstDay - 1) * 86_400_000
const lastDayStart = (lastDay + 1) * 86_400_000

/** An instant of the years 1970 to 9999. */
export function readInstant(cursor: AvroCursor, field: string): Instant {
  const instant = cursor.long(field)
  if (instant < 0 || instant > lastInstant) {
    throw cursor.malformed(field, 'is outside the years 1970 to 9999')
  }
  return instant
}

/** A day of the years 1 to 9999. */
export function readDay(cursor: AvroCursor, field: string): Day {
  const day = cursor.int(field)
  if (day < firstDay || day > lastDay) {
    throw cursor.malformed(field, 'is outside the years 1 to 9999')
  }
  return day
}

/** The instant at which such a day starts somewhere. */
export function readDayStart(cursor: AvroCursor, field: string): Instant {
  const instant = cursor.long(field)
  if (instant < firstDayStart || instant > lastDayStart) {
    throw cursor.malformed(field, 'is outside the years 1 to 9999')
  }
  return instant
}

/** An integer of 32 bits that is not below `least`. */
export function readCount(cursor: AvroCursor, field: string, least: number): number {
  const count = cursor.int(field)
  if (count < least) throw cursor.malformed(field, `is ${count}, the least is ${least}`)
  return count
}

/** An amount in minor units that is not below zero. */
export function readMagnitude(cursor: AvroCursor, field: string): number {
  const amount = cursor.long(field)
  if (amount < 0) throw cursor.malformed(field, 'is negative')
  return amount
}

/** A decimal as written. */
export function readDecimal(cursor: AvroCursor, field: string): Decimal {
  cursor.enter(field)
  const unscaled = cursor.long('unscaled')
  const scale = cursor.int('scale')
  if (scale < 0 || scale > maxScale) {
    throw cursor.malformed('scale', `is ${scale}, allowed are 0 to ${maxScale}`)
  }
  cursor.leave()
  return { unscaled, scale }
}

/** A decimal that is not below zero. */
export function readPositiveDecimal(cursor: AvroCursor, field: string): Decimal {
  const decimal = readDecimal(cursor, field)
  if (decimal.unscaled < 0) throw cursor.malformed(field, 'is negative')
  return decimal
}

/** A currency that amounts may have. */
export function readCurrency(cursor: AvroCursor, field: string): string {
  const currency = cursor.text(field)
  if (!isCurrency(currency)) throw cursor.malformed(field, `${currency} is no known currency`)
  return currency
}

export function optionalText(cursor: AvroCursor, field: string): string | null {
  return cursor.present(field) ? cursor.text(field) : null
}

export function optionalId(cursor: AvroCursor, field: string): string | null {
  return cursor.present(field) ? cursor.id(field) : null
}

export function optionalLong(cursor: AvroCursor, field: string): number | null {
  return cursor.present(field) ? cursor.long(field) : null
}

export function optionalDecimal(cursor: AvroCursor, field: string): Decimal | null {
  return cursor.present(field) ? readDecimal(cursor, field) : null
}

/** An optional line number: from 1. */
export function optionalLineNo(cursor: AvroCursor): number | null {
  return cursor.present('lineNo') ? readCount(cursor, 'lineNo', 1) : null
}
