import type { Instant } from '../calendar/calendar.ts'
import { parseDay } from '../calendar/day.ts'
import type { Place } from '../document/place.ts'
import type { Window } from '../rebates/rebate.ts'

const pattern =
  /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):(\d\d))$/

/** Reads a window [from, to) of two instants with offset. */
export function readWindow(place: Place | undefined): Window | undefined {
  const places = place?.list()
  if (places === undefined) return undefined
  const [from, to, ...others] = places
  if (from === undefined || to === undefined || others.length > 0) {
    return place?.refuse('must be two instants: the first that counts and the first that does not')
  }
  const start = readInstant(from)
  const end = readInstant(to)
  if (start === undefined || end === undefined) return undefined
  return end > start
    ? { from: start, to: end }
    : to.refuse(`${to.value} is not after ${from.value}`)
}

function readInstant(place: Place): Instant | undefined {
  const text = place.text()
  if (text === undefined) return undefined
  const instant = parse(text)
  return instant ?? place.refuse(`"${text}" is no instant: write 2026-06-01T00:00:00+08:00`)
}

function parse(text: string): Instant | undefined {
  const match = pattern.exec(text)
  const day = parseDay(match?.[1] ?? '')
  if (match === null || day === undefined) return undefined
  const [hours, minutes, seconds] = [match[2], match[3], match[4] ?? '0'].map(Number)
  const [offsetHours, offsetMinutes] = [match[7] ?? '0', match[8] ?? '0'].map(Number)
  if (!inRange(hours, 23) || !inRange(minutes, 59) || !inRange(seconds, 59)) return undefined
  if (!inRange(offsetHours, 23) || !inRange(offsetMinutes, 59)) return undefined
  const local = ((day * 24 + hours) * 60 + minutes) * 60 + seconds
  const offset = (offsetHours * 60 + offsetMinutes) * 60 * (match[6] === '-' ? -1 : 1)
  return (local - offset) * 1000 + Number((match[5] ?? '').padEnd(3, '0').slice(0, 3))
}

function inRange(value: number | undefined, most: number): value is number {
  return value !== undefined && value <= most
}
