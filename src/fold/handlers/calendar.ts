import type { FoldContext } from '../context.ts'
import type { CalendarDay, CalendarPublished } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { calendars, facts } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Takes a calendar, or a wider version of one: earlier instants never change. */
export function foldCalendar(event: CalendarPublished, context: FoldContext): Outcome {
  const { state } = context
  const key = factKey('calendar', '', event.calendarId, String(event.version))
  const hash = hashOfNew(context, event, key, `calendar ${event.calendarId}`)
  if ('kind' in hash) return hash
  if (!isConsecutive(event.days)) {
    return rejected('SCHEMA_INVALID', 'days: must be consecutive and start one after the other')
  }
  const current = state.get(calendars, event.calendarId)
  if (current !== undefined && !extendsCalendar(event, current)) {
    const why = `calendar ${event.calendarId}: must be version ${current.version + 1} and only grow`
    return rejected('NOT_ALLOWED_IN_STATE', why)
  }

  // Every check has passed: from here on the record is accepted.
  state.put(calendars, event.calendarId, event)
  state.put(facts, key, hash)
  context.books.forgetCalendars()
  return applied
}

function isConsecutive(days: readonly CalendarDay[]): boolean {
  return (
    days.length > 1 &&
    days.every((day, index) => {
      const before = days[index - 1]
      return before === undefined || (day.day === before.day + 1 && day.startsAt > before.startsAt)
    })
  )
}

function extendsCalendar(next: CalendarPublished, current: CalendarPublished): boolean {
  if (next.version !== current.version + 1 || next.zone !== current.zone) return false
  const offset = (current.days[0]?.day ?? 0) - (next.days[0]?.day ?? 0)
  return current.days.every(({ day, startsAt }, index) => {
    const same = next.days[index + offset]
    return same?.day === day && same.startsAt === startsAt
  })
}
