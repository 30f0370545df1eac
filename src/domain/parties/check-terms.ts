import { type Cycle, cycleKinds } from '../calendar/cycle.ts'
import type { Day } from '../calendar/day.ts'
import type { Fields, Place } from '../document/place.ts'
import { readValidity, type StartOfDay, type Validity } from '../document/validity.ts'
import { isCurrency } from '../money/currency.ts'
import { readSections } from './check-sections.ts'
import { orderEvents, type Terms } from './contract.ts'

/** What a contract refers to outside itself. */
export interface TermsOptions {
  readonly startOfDay: StartOfDay
  /** Whether the rule book, or the log, has a calendar of this id. */
  readonly isCalendar: (calendarId: string) => boolean
}

/** Terms with the time for which they are valid. */
export interface DatedTerms extends Validity {
  readonly terms: Terms
}

const longestGraceHours = 24 * 366
const millisecondsOfQuarter = 900_000
const defaultGraceHours = 6
const defaultRefundWaitDays = 30
const settleableEvents = orderEvents.filter((event) => event !== 'ORDER_CANCELLED')

/** Reads the terms of a contract or template; the caller closes the fields. */
export function checkTerms(fields: Fields, options: TermsOptions): DatedTerms | undefined {
  const validity = readValidity(fields, options.startOfDay)
  const partyKind = fields.required('partyKind')?.id()
  const mode = fields.required('mode')?.id()
  const entity = fields.required('entity')?.id()
  const currency = readCurrency(fields.required('currency'))
  const settleable = readSettleable(fields.required('settleableWhen'))
  const cycle = readCycle(fields.required('cycle'), options)
  const rest = readDefaults(fields)
  const sections = readSections(fields, currency)
  if (validity === undefined || settleable === undefined || cycle === undefined) return undefined
  if (partyKind === undefined || mode === undefined || entity === undefined) return undefined
  if (currency === undefined || rest === undefined) return undefined
  const terms = { partyKind, mode, entity, currency, ...settleable, cycle, ...rest, ...sections }
  return { ...validity, terms }
}

function readCurrency(place: Place | undefined): string | undefined {
  const code = place?.text()
  if (code === undefined || isCurrency(code)) return code
  return place?.refuse(`"${code}" is no currency: write its ISO 4217 code, like "CNY"`)
}

function readSettleable(
  place: Place | undefined,
): Pick<Terms, 'settleableEvent' | 'plusDays'> | undefined {
  const fields = place?.fields()
  if (fields === undefined) return undefined
  const settleableEvent = fields.required('event')?.oneOf(settleableEvents)
  const plusDays = readOr(fields.optional('plusDays'), 0, (days) => days.integer(0, 36_600))
  fields.close()
  if (settleableEvent === undefined || plusDays === undefined) return undefined
  return { settleableEvent, plusDays }
}

function readDefaults(
  fields: Fields,
): Pick<Terms, 'rulePinnedAt' | 'emptyStatements' | 'refundWaitDays'> | undefined {
  const rulePinnedAt = readOr<Terms['rulePinnedAt']>(
    fields.optional('rulePinnedAt'),
    'ORDER_PAID',
    (place) => place.oneOf(['ORDER_PAID', 'ORDER_COMPLETED']),
  )
  const emptyStatements = readOr<Terms['emptyStatements']>(
    fields.optional('emptyStatements'),
    'SKIP',
    (place) => place.oneOf(['EMIT', 'SKIP']),
  )
  const refundWaitDays = readOr(fields.optional('refundWaitDays'), defaultRefundWaitDays, (place) =>
    place.integer(0, 36_600),
  )
  if (rulePinnedAt === undefined || emptyStatements === undefined) return undefined
  return refundWaitDays === undefined
    ? undefined
    : { rulePinnedAt, emptyStatements, refundWaitDays }
}

function readCycle(place: Place | undefined, options: TermsOptions): Cycle | undefined {
  const fields = place?.fields()
  if (fields === undefined) return undefined
  const kind = fields.required('kind')?.oneOf(cycleKinds)
  const calendar = readCalendar(fields.required('calendar'), options)
  const cutoffDay = readOr(fields.optional('cutoffDay'), 1, (day) => day.integer(1, 28))
  const grace = readGrace(fields.optional('graceHours'))
  const starts = kind === 'CUSTOM' ? readStarts(fields.required('starts')) : []
  if (kind !== undefined) fields.close()
  if (kind === undefined || calendar === undefined || cutoffDay === undefined) return undefined
  if (grace === undefined || starts === undefined) return undefined
  return { kind, calendar, cutoffDay, grace, starts }
}

function readCalendar(place: Place | undefined, options: TermsOptions): string | undefined {
  const calendarId = place?.id()
  if (calendarId === undefined || options.isCalendar(calendarId)) return calendarId
  return place?.refuse(`there is no calendar "${calendarId}"`)
}

function readGrace(place: Place | undefined): number | undefined {
  const hours = place === undefined ? defaultGraceHours : place.value
  if (typeof hours !== 'number') return place?.refuse('must be a number of hours, like 6 or 0.25')
  if (!(hours >= 0 && hours <= longestGraceHours)) {
    return place?.refuse(`${hours} is out of range: 0 to ${longestGraceHours}`)
  }
  // Ticks cross quarters of an hour, and a quarter is exact in a float.
  const quarters = hours * 4
  if (!Number.isSafeInteger(quarters)) {
    return place?.refuse(`${hours} is not in quarters of an hour: a multiple of 0.25`)
  }
  return quarters * millisecondsOfQuarter
}

function readStarts(place: Place | undefined): readonly Day[] | undefined {
  const days = place?.filledList()?.map((start) => ({ start, day: start.day() }))
  if (days === undefined) return undefined
  const starts: Day[] = []
  for (const { start, day } of days) {
    if (day === undefined) return undefined
    const before = starts.at(-1)
    if (before !== undefined && day <= before)
      return start.refuse('must be after the day before it')
    starts.push(day)
  }
  return starts
}

function readOr<Value>(
  place: Place | undefined,
  absent: Value,
  read: (place: Place) => Value | undefined,
): Value | undefined {
  return place === undefined ? absent : read(place)
}
