import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../domain/calendar/calendar.ts'
import { type Day, formatDay, parseDay, weekdayOf } from '../../domain/calendar/day.ts'
import type { CalendarDay } from '../../fold/events.ts'

/** Whether the text is the IANA name of a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

/** The local days of one time zone; throws a RangeError when the zone is none. */
export class ZoneDays {
  readonly zone: string
  private readonly starts = new Map<Day, Instant>()

  constructor(zone: string) {
    if (!isTimeZone(zone)) {
      throw new RangeError(`"${zone}" is no time zone: write a name such as Asia/Shanghai`)
    }
    this.zone = zone
  }

  /** The instant at which a local day starts, also where the clocks skip its midnight. */
  startOf(day: Day): Instant {
    const known = this.starts.get(day)
    if (known !== undefined) return known
    const start = Temporal.PlainDate.from(formatDay(day)).toZonedDateTime(this.zone)
    this.starts.set(day, start.epochMilliseconds)
    return start.epochMilliseconds
  }

  /** The local day that holds an instant. */
  dayAt(instant: Instant): Day {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.zone)
    return parseDay(local.toPlainDate().toString()) as Day
  }
}

export interface CalendarSpan {
  readonly zone: string
  /** Days that are no trading days. */
  readonly holidays: readonly Day[]
  /** Trading days, whatever else they are. */
  readonly makeUpDays: readonly Day[]
  readonly from: Instant
  readonly to: Instant
}

/** Each local day from the one that holds `from` to the one after the one that holds `to`. */
export function calendarDays(span: CalendarSpan): CalendarDay[] {
  const zoneDays = new ZoneDays(span.zone)
  const holidays = new Set(span.holidays)
  const makeUpDays = new Set(span.makeUpDays)
  const last = zoneDays.dayAt(span.to) + 1
  const days: CalendarDay[] = []
  for (let day = zoneDays.dayAt(span.from); day <= last; day += 1) {
    const workday = makeUpDays.has(day) || (weekdayOf(day) < 5 && !holidays.has(day))
    days.push({ day, startsAt: zoneDays.startOf(day), workday })
  }
  return days
}
