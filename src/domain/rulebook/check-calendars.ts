import type { Day } from '../calendar/day.ts'
import type { Place } from '../document/place.ts'
import type { CalendarTerms } from './rule-book.ts'

const weekdays = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const
const zonePattern = /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/

/** Whether a name is a time zone, where a table of zones is at hand. */
export type IsZone = (zone: string) => boolean

/** Reads the calendars by id; where a part is wrong, the rest of it stands. */
export function checkCalendars(
  place: Place | undefined,
  isZone: IsZone,
): ReadonlyMap<string, CalendarTerms> {
  const fields = place?.fields()
  const calendars = new Map<string, CalendarTerms>()
  for (const calendarId of fields?.keys() ?? []) {
    const calendar = fields?.optional(calendarId)
    if (calendar === undefined) continue
    // The id is a key of the document, so the complaint about it stands at the calendar.
    fields?.place.at(calendarId, calendarId).id()
    calendars.set(calendarId, readCalendar(calendar, isZone))
  }
  return calendars
}

/** Reads the name of a time zone. */
export function readZone(place: Place | undefined, isZone: IsZone): string | undefined {
  const zone = place?.text()
  if (zone === undefined || (zonePattern.test(zone) && isZone(zone))) return zone
  return place?.refuse(`"${zone}" is no time zone: write its IANA name, like "Asia/Shanghai"`)
}

function readCalendar(place: Place, isZone: IsZone): CalendarTerms {
  const fields = place.fields()
  const zone = readZone(fields?.required('zone'), isZone) ?? ''
  const weekStart = fields?.optional('weekStart')?.oneOf(weekdays) ?? 'MON'
  const holidays = readDays(fields?.optional('holidays'), new Set())
  const makeUpDays = readDays(fields?.optional('makeUpDays'), holidays)
  fields?.close()
  return { zone, weekStart: weekdays.indexOf(weekStart), holidays, makeUpDays }
}

function readDays(place: Place | undefined, holidays: ReadonlySet<Day>): ReadonlySet<Day> {
  const days = new Set<Day>()
  for (const one of place?.list() ?? []) {
    const day = one.day()
    if (day === undefined) continue
    if (holidays.has(day)) one.refuse('is also one of the holidays')
    days.add(day)
  }
  return days
}
