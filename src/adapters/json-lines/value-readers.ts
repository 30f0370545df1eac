import type { Instant } from '../../domain/calendar/calendar.ts'
import { type Day, parseDay } from '../../domain/calendar/day.ts'
import { exponentOf, isCurrency } from '../../domain/money/currency.ts'
import { type Decimal, maxScale, parseDecimal } from '../../domain/money/decimal.ts'
import { isAmount, type Minor } from '../../domain/money/money.ts'
import { parseInstant } from './instants.ts'
import { kindOf, type Reading } from './reading.ts'
import { didYouMean } from './suggest.ts'

/** Reads one JSON value of a field; throws a `Refusal`. */
export type ReadValue = (value: unknown, reading: Reading, field: string) => unknown

function readString(value: unknown, reading: Reading, field: string): string {
  if (typeof value === 'string') return value
  throw reading.refusal(field, `must be a string, not ${kindOf(value)}`)
}

const id = /^[A-Za-z0-9._:?-]{1,64}$/
/** Event ids are often made of an instant with its offset. */
const eventId = /^[A-Za-z0-9._:?+-]{1,64}$/

export function readId(value: unknown, reading: Reading, field: string): string {
  const text = readString(value, reading, field)
  if (id.test(text) || (field === 'eventId' && eventId.test(text))) return text
  throw reading.refusal(field, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : ? -')
}

const loneSurrogate = /\p{Surrogate}/u

export function readText(value: unknown, reading: Reading, field: string): string {
  const text = readString(value, reading, field)
  if (!loneSurrogate.test(text)) return text
  throw reading.refusal(field, 'holds half of a surrogate pair, which is no text')
}

/** Text of at least one character. */
export function readName(value: unknown, reading: Reading, field: string): string {
  const text = readText(value, reading, field)
  if (text !== '') return text
  throw reading.refusal(field, 'must not be empty')
}

export function readCurrency(value: unknown, reading: Reading, field: string): string {
  const text = readString(value, reading, field)
  if (isCurrency(text)) return text
  throw reading.refusal(field, `"${text}" is no known currency: write an ISO 4217 code such as CNY`)
}

export function readBoolean(value: unknown, reading: Reading, field: string): boolean {
  if (typeof value === 'boolean') return value
  throw reading.refusal(field, `must be true or false, not ${kindOf(value)}`)
}

export function integerReader(least: number | undefined): ReadValue {
  return (value, reading, field): number => {
    if (typeof value !== 'number') {
      throw reading.refusal(field, `must be a JSON integer, not ${kindOf(value)}`)
    }
    if (!Number.isInteger(value)) {
      throw reading.refusal(field, `must be a JSON integer, not ${value}`)
    }
    if (value !== (value | 0)) throw reading.refusal(field, `${value} is beyond ±2^31`)
    if (least !== undefined && value < least) {
      throw reading.refusal(field, `is ${value}, the least is ${least}`)
    }
    // JSON knows −0, the log does not.
    return value + 0
  }
}

export function symbolReader(symbols: readonly string[]): ReadValue {
  const known = new Set(symbols)
  return (value, reading, field): string => {
    const text = readString(value, reading, field)
    if (known.has(text)) return text
    const nearest = didYouMean(text, symbols)
    throw reading.refusal(field, `"${text}" is none of ${symbols.join(', ')}${nearest}`)
  }
}

export function decimalReader(least: number | undefined): ReadValue {
  return (value, reading, field): Decimal => {
    if (typeof value !== 'string') throw notMoney(value, reading, field)
    const decimal = parseDecimal(value)
    if (decimal === undefined) throw noDecimal(value, reading, field)
    if (least !== undefined && decimal.unscaled < least) throw negative(value, reading, field)
    return decimal
  }
}

/** Money of the record's currency, with no more decimals than that has. */
export function minorReader(least: number | undefined): ReadValue {
  const readDecimal = decimalReader(least) as (...given: Parameters<ReadValue>) => Decimal
  return (value, reading, field): Minor => {
    const { unscaled, scale } = readDecimal(value, reading, field)
    const currency = reading.currency as string
    const exponent = exponentOf(currency) as number
    if (scale > exponent) {
      const allowed = exponent === 0 ? 'no decimals' : `at most ${exponent} decimals`
      throw reading.refusal(field, `"${value}" has too many decimals: ${currency} has ${allowed}`)
    }
    const minor = unscaled * 10 ** (exponent - scale)
    if (isAmount(minor)) return minor
    throw tooLarge(value as string, reading, field)
  }
}

function notMoney(value: unknown, reading: Reading, field: string): Error {
  if (typeof value !== 'number') {
    return reading.refusal(field, `must be a string such as "12.50", not ${kindOf(value)}`)
  }
  return reading.refusal(field, `is a JSON number: write it as a string, "${value}"`)
}

function noDecimal(text: string, reading: Reading, field: string): Error {
  const match = /^-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text)
  if (match === null) {
    return reading.refusal(field, `"${text}" is no plain decimal: write it like "-12.50"`)
  }
  if ((match[1] ?? '').length > maxScale) {
    return reading.refusal(field, `"${text}" has more than ${maxScale} decimals`)
  }
  return tooLarge(text, reading, field)
}

function tooLarge(text: string, reading: Reading, field: string): Error {
  return reading.refusal(field, `"${text}" is too large: beyond ±2^52 smallest units`)
}

function negative(text: string, reading: Reading, field: string): Error {
  return reading.refusal(field, `"${text}" is negative, and must not be`)
}

export function readInstant(value: unknown, reading: Reading, field: string): Instant {
  const instant = parseInstant(readString(value, reading, field))
  if (typeof instant === 'number') return instant
  throw reading.refusal(field, instant)
}

export function readDay(value: unknown, reading: Reading, field: string): Day {
  const text = readString(value, reading, field)
  const day = parseDay(text)
  if (day !== undefined && !text.startsWith('0000')) return day
  throw reading.refusal(field, `"${text}" is no day: write it like 2026-01-31`)
}

/** An instant, or a local day that stands for its start in the zone of the command. */
export function readInstantOrDay(value: unknown, reading: Reading, field: string): Instant {
  const text = readString(value, reading, field)
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return readInstant(text, reading, field)
  const day = readDay(text, reading, field)
  if (reading.zoneDays === null) {
    throw reading.refusal(field, `"${text}" is a local day: give --zone, or write an instant`)
  }
  const instant = reading.zoneDays.startOf(day)
  if (instant >= 0) return instant
  throw reading.refusal(field, `"${text}" is outside the years 1970 to 9999`)
}
