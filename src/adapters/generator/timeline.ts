import { Temporal } from 'temporal-polyfill'
import { civilOf, type Day, dayOf } from '../../domain/calendar/day.ts'

/** Hours after its end in which a statement of the demo rule book is still open. */
export const graceHours = 6

/** Days after the last order in which everything that follows from orders has arrived. */
const daysOfAftermath = 30

/** Local midnights that tick after the last day of orders, at least. */
const daysOfTicks = 45

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The local days of the stream: orders come in [start, ordersEnd), all else before `limit`. */
export interface Timeline {
  readonly start: number
  readonly ordersEnd: number
  readonly limit: number
  /** The midnights that tick, with their local days; rising. */
  readonly ticks: readonly { readonly day: Day; readonly at: number }[]
  /** The start of the day `days` local days after the first. */
  midnight(days: number): number
  /** The first tick after the monthly statement that holds the instant has closed. */
  closed(instant: number): number
}

/** Days of a zone from the first on: `days` of orders, and enough after them that all closes. */
export function timelineOf(first: Day, days: number, zone: string): Timeline {
  const lastEvent = first + days + daysOfAftermath
  const lastTick = Math.max(first + days - 1 + daysOfTicks, nextMonth(lastEvent) + 1)
  const midnights: number[] = []
  for (let local = first; local <= nextMonth(lastTick) + 1; local += 1) {
    midnights.push(midnightOf(local, zone))
  }
  const at = (index: number) => midnights[index] as number
  const ticks = []
  for (let local = first + 1; local <= lastTick; local += 1) {
    ticks.push({ day: local, at: at(local - first) })
  }
  return {
    start: at(0),
    ordersEnd: at(days),
    limit: at(days + daysOfAftermath),
    ticks,
    midnight: (index) => at(index),
    closed: (instant) => {
      const local = first + indexOf(midnights, instant)
      return at(nextMonth(local) - first + 1)
    },
  }
}

function midnightOf(local: Day, zone: string): number {
  const { year, month, date } = civilOf(local)
  return Temporal.ZonedDateTime.from({ year, month, day: date, timeZone: zone }).startOfDay()
    .epochMilliseconds
}

/** The first day of the month after the day's. */
function nextMonth(local: Day): Day {
  const { year, month } = civilOf(local)
  return month === 12
    ? dayOf({ year: year + 1, month: 1, date: 1 })
    : dayOf({ year, month: month + 1, date: 1 })
}

/** The last midnight at or before the instant. */
function indexOf(midnights: readonly number[], instant: number): number {
  let low = 0
  let high = midnights.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((midnights[middle] as number) <= instant) low = middle
    else high = middle
  }
  return low
}

/** Whether the machine's tables know the zone. */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}
