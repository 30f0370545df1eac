import { sha256 } from '../../adapters/hashing/sha256.ts'
import { calendarDays } from '../../adapters/json-lines/zone-days.ts'
import type { Instant } from '../../domain/calendar/calendar.ts'
import { civilOf, dayOf } from '../../domain/calendar/day.ts'
import { checkRuleBook, checkSuccession } from '../../domain/rulebook/check.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { compile } from '../../fold/books.ts'
import type { CalendarPublished, Event, RuleBookPublished } from '../../fold/events.ts'
import { FatalFault } from '../../ports/faults.ts'
import { daysOf, isZone, type RuleBookFile, startsOf } from '../rule-book-file.ts'
import type { Mark, PublishedCalendar } from './mark.ts'
import type { Scan } from './scan.ts'

/** What is appended before the input, and the mark that goes with it. */
export interface Publication {
  readonly events: readonly Event[]
  readonly mark: Mark
}

const invalid = 3
const dayLength = 86_400_000
/** Periods may have begun before the first event, and refunds come long after the last. */
const before = 400 * dayLength
const after = 731 * dayLength

/** Checks a rule book of a file; FatalFault 3 with every problem, a line each. */
export function checkRuleBookFile(path: string, file: RuleBookFile): RuleBook {
  const zone = zoneOf(file.document)
  const startOfDay = startsOf(daysOf(file.document, isZone(zone) ? zone : 'UTC'))
  const { problems, ruleBook } = checkRuleBook(file.document, {
    hash: file.hash,
    startOfDay,
    isZone,
  })
  if (ruleBook !== undefined) return ruleBook
  throw new FatalFault(
    invalid,
    problems.map((problem) => `${path}: ${problem.path}: ${problem.message}`).join('\n'),
  )
}

function zoneOf(document: unknown): string {
  return (document as { zone?: unknown } | null)?.zone?.toString() ?? ''
}

/** The rule book, unless the log has it, and its calendars as far as the log's do not reach. */
export function publicationFor(
  path: string,
  file: RuleBookFile,
  ruleBook: RuleBook,
  scan: Scan,
  mark: Mark,
): Publication {
  const isPublished = mark.ruleBooks.some(({ hash }) => hash === file.hash)
  if (!isPublished) refuseSuccession(path, file, ruleBook, mark)
  const at = scan.earliest
  if (at === null || scan.latest === null) return { events: [], mark }
  const span = { from: yearOf(at - before, 0), to: yearOf(scan.latest + after, 1) }
  const calendars = { ...mark.calendars }
  const events: Event[] = []
  for (const book of [ruleBook, ...soundBooks(scan)]) {
    events.push(...calendarEvents(book, span, at, calendars))
  }
  if (isPublished) return { events, mark: { ...mark, calendars } }
  events.push(ruleBookEvent(file, ruleBook, at))
  return { events, mark: { ...withEntry(mark, ruleBook), calendars } }
}

/** Every problem of the book as the next one of this log, a line each; FatalFault 3. */
function refuseSuccession(path: string, file: RuleBookFile, ruleBook: RuleBook, mark: Mark): void {
  const last = mark.ruleBooks.at(-1)
  const problems = [...checkSuccession(file.document, last)]
  if (last !== undefined && last.ruleBookId !== ruleBook.ruleBookId) {
    const message = `must be ${last.ruleBookId}, which this log is billed by`
    problems.push({ path: 'ruleBookId', message })
  }
  for (const [calendarId, { zone }] of ruleBook.calendars) {
    const known = mark.calendars[calendarId]
    if (known === undefined || known.zone === zone) continue
    const message = `must stay ${known.zone}: earlier days of a calendar never change`
    problems.push({ path: `calendars.${calendarId}.zone`, message })
  }
  if (problems.length === 0) return
  throw new FatalFault(
    invalid,
    problems.map((problem) => `${path}: ${problem.path}: ${problem.message}`).join('\n'),
  )
}

/** The mark after a rule book of the input: a book that the fold will refuse changes nothing. */
export function withBook(mark: Mark, event: RuleBookPublished): Mark {
  const { ruleBook } = compile(event, { sha256 })
  const last = mark.ruleBooks.at(-1)
  if (ruleBook === undefined || last?.ruleBookId !== ruleBook.ruleBookId) return mark
  const problems = checkSuccession(JSON.parse(event.document), last)
  return problems.length === 0 ? withEntry(mark, ruleBook) : mark
}

function withEntry(mark: Mark, { ruleBookId, version, hash }: RuleBook): Mark {
  return { ...mark, ruleBooks: [...mark.ruleBooks, { ruleBookId, version, hash }] }
}

/** Rule books of the input: the calendars of one that is refused are not needed. */
function soundBooks({ ruleBooks }: Scan): RuleBook[] {
  return ruleBooks
    .map((event) => compile(event, { sha256 }).ruleBook)
    .filter((ruleBook) => ruleBook !== undefined)
}

function ruleBookEvent(file: RuleBookFile, ruleBook: RuleBook, at: Instant): RuleBookPublished {
  const { ruleBookId, version, zone } = ruleBook
  return {
    type: 'RuleBookPublished',
    eventId: `rule-book:${ruleBookId}:${version}`,
    occurredAt: at,
    source: null,
    ruleBookId,
    version,
    document: file.canonical,
    days: daysOf(file.document, zone),
  }
}

/** Whole years: a longer input of the same years then needs no wider calendar. */
function yearOf(instant: Instant, offset: 0 | 1): Instant {
  const { year } = civilOf(Math.floor(instant / dayLength))
  return dayOf({ year: year + offset, month: 1, date: 1 }) * dayLength
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** Calendars of a rule book that the log lacks or that do not reach far enough. */
function calendarEvents(
  ruleBook: RuleBook,
  span: Span,
  at: Instant,
  known: Record<string, PublishedCalendar>,
): CalendarPublished[] {
  const events: CalendarPublished[] = []
  for (const [calendarId, { zone, holidays, makeUpDays }] of ruleBook.calendars) {
    const current = known[calendarId]
    const from = Math.min(current?.from ?? span.from, span.from)
    const to = Math.max(current?.to ?? span.to, span.to)
    if (current !== undefined && current.from <= from && current.to >= to) continue
    // The fold refuses a book that moves a calendar to another zone.
    if (current !== undefined && current.zone !== zone) continue
    const version = (current?.version ?? 0) + 1
    known[calendarId] = { version, zone, from, to }
    events.push({
      type: 'CalendarPublished',
      eventId: `calendar:${calendarId}:${version}`,
      occurredAt: at,
      source: null,
      calendarId,
      version,
      zone,
      days: calendarDays({
        zone,
        holidays: [...holidays],
        makeUpDays: [...makeUpDays],
        from,
        to,
      }),
    })
  }
  return events
}
