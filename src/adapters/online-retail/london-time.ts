import { Temporal } from 'temporal-polyfill'
import { civilOf, type Day } from '../../domain/calendar/day.ts'

/** A time of day in London. */
export interface LocalTime {
  readonly day: Day
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const zone = 'Europe/London'

/** Hours by number since 1970 of the local clock, with the instant at which each starts. */
const hours = new Map<number, number>()

/**
 * The UTC instant of a local time, in milliseconds. London changes its clocks on the hour, so the
 * zone's table is asked once an hour. A time that the clock skips counts on from the hour before,
 * one that comes twice is the first.
 */
export function londonInstant({ day, hour, minute, second }: LocalTime): number {
  const key = day * 24 + hour
  let start = hours.get(key)
  if (start === undefined) {
    const { year, month, date } = civilOf(day)
    const local = { year, month, day: date, hour, timeZone: zone }
    start = Temporal.ZonedDateTime.from(local).epochMilliseconds
    hours.set(key, start)
  }
  return start + (minute * 60 + second) * 1000
}

/** The instant at which a local day starts. */
export function londonMidnight(day: Day): number {
  return londonInstant({ day, hour: 0, minute: 0, second: 0 })
}
