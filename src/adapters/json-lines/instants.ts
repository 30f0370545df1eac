import type { Instant } from '../../domain/calendar/calendar.ts'
import { dayOf, formatDay } from '../../domain/calendar/day.ts'

const pattern =
  /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))$/

/** 9999-12-31T23:59:59.999Z. */
const lastInstant = 253_402_300_799_999

/** Reads an ISO 8601 instant with an offset or Z; the text says what is wrong with any other. */
export function parseInstant(text: string): Instant | string {
  const parts = pattern.exec(text)
  if (parts === null) return malformed(text)
  const day = dayNumber(parts[1] as string)
  if (day === undefined) return `"${text}" names a day that does not exist`
  const [hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return `"${text}" names a time that does not exist`
  const millis = milliseconds(parts[5] ?? '')
  if (millis === undefined) return `"${text}" is finer than milliseconds`
  const offset = offsetMinutes(parts)
  if (offset === undefined) return `"${text}" has an offset that does not exist`
  const instant = ((day * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + millis
  if (instant < 0 || instant > lastInstant) return `"${text}" is outside the years 1970 to 9999`
  return instant
}

function malformed(text: string): string {
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)) {
    return `"${text}" has no offset: end it with Z or an offset such as +08:00`
  }
  return `"${text}" is no instant: write it like 2026-01-31T09:30:00+08:00`
}

function dayNumber(text: string): number | undefined {
  const date = Number(text.slice(8))
  const day = dayOf({ year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), date })
  // The 28 first days of the 12 months need no second look.
  if (date >= 1 && date <= 28 && text.slice(5, 7) >= '01' && text.slice(5, 7) <= '12') return day
  return formatDay(day) === text ? day : undefined
}

function milliseconds(digits: string): number | undefined {
  if (digits.length > 3 && /[1-9]/.test(digits.slice(3))) return undefined
  return Number(digits.slice(0, 3).padEnd(3, '0'))
}

function offsetMinutes(parts: RegExpExecArray): number | undefined {
  if (parts[6] === undefined) return 0
  const [hours, minutes] = [Number(parts[7]), Number(parts[8])]
  if (hours > 23 || minutes > 59) return undefined
  return (parts[6] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

/** ISO 8601 in UTC with milliseconds. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString()
}
