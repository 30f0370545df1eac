import { formatDay } from '../../domain/calendar/day.ts'

/** An event in the shape of a line of a JSON Lines file; keys stand in the order of printing. */
export interface JsonEvent {
  readonly type: string
  readonly eventId: string
  readonly occurredAt: string
  /** Absent on broadcast events. */
  readonly partyId?: string
  readonly [field: string]: unknown
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

const dayMillis = 86_400_000

/** The texts of days: a stream has few of them, and their arithmetic is what costs. */
const dayTexts = new Map<number, string>()

/** An instant as events write it: ISO 8601, UTC, whole seconds. Instants from 1970 on. */
export function isoOf(instant: number): string {
  const day = Math.trunc(instant / dayMillis)
  let text = dayTexts.get(day)
  if (text === undefined) {
    text = formatDay(day)
    dayTexts.set(day, text)
  }
  const second = Math.trunc((instant % dayMillis) / 1_000)
  const minute = Math.trunc(second / 60)
  const hour = Math.trunc(minute / 60)
  return `${text}T${twoDigits[hour]}:${twoDigits[minute % 60]}:${twoDigits[second % 60]}Z`
}
