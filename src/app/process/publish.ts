import { calendarDays } from '../../adapters/json-lines/zone-days.ts'
import type { Instant } from '../../domain/calendar/calendar.ts'
import { parseDay } from '../../domain/calendar/day.ts'
import { checkRuleBook, checkSuccession } from '../../domain/rulebook/check.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
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
  const at = scan.earliest
  if (at === null || scan.latest === null) return { events: [], mark }
  const span = { from: at - before, to: scan.latest + after }
  const calendars = { ...mark.calendars }
  const events: Event[] = []
  for (const document of [file.document, ...scan.ruleBooks.map((text) => JSON.parse(text))]) {
    events.push(...calendarEvents(document, span, at, calendars))
  }
  const isPublished = mark.ruleBooks.some(({ hash }) => hash === file.hash)
  if (isPublished) return { events, mark: { ...mark, calendars } }
  refuseSuccession(path, file, mark)
  events.push(ruleBookEvent(file, ruleBook, at))
  const ruleBooks = [...mark.ruleBooks, { version: ruleBook.version, hash: file.hash }]
  return { events, mark: { ...mark, calendars, ruleBooks } }
}

function refuseSuccession(path: string, file: RuleBookFile, mark: Mark): void {
  const problems = checkSuccession(file.document, mark.ruleBooks.at(-1))
  if (problems.length === 0) return
  const lines = problems.map((problem) => `${path}: ${problem.path}: ${problem.message}`)
  throw new FatalFault(invalid, lines.join('\n'))
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

interface Span {
  readonly from: Instant
  readonly to: Instant
}

interface CalendarSource {
  readonly zone: string
  readonly holidays?: readonly string[]
  readonly makeUpDays?: readonly string[]
}

/** Calendars of a document that the log lacks or that do not reach far enough. */
function calendarEvents(
  document: unknown,
  span: Span,
  at: Instant,
  known: Record<string, PublishedCalendar>,
): CalendarPublished[] {
  const sources = (document as { calendars?: Record<string, CalendarSource> }).calendars ?? {}
  const events: CalendarPublished[] = []
  for (const [calendarId, source] of Object.entries(sources)) {
    const current = known[calendarId]
    const from = Math.min(current?.from ?? span.from, span.from)
    const to = Math.max(current?.to ?? span.to, span.to)
    if (current !== undefined && current.from <= from && current.to >= to) continue
    const version = (current?.version ?? 0) + 1
    known[calendarId] = { version, zone: source.zone, from, to }
    events.push({
      type: 'CalendarPublished',
      eventId: `calendar:${calendarId}:${version}`,
      occurredAt: at,
      source: null,
      calendarId,
      version,
      zone: source.zone,
      days: calendarDays({
        zone: source.zone,
        holidays: daysIn(source.holidays),
        makeUpDays: daysIn(source.makeUpDays),
        from,
        to,
      }),
    })
  }
  return events
}

function daysIn(texts: readonly string[] = []): number[] {
  return texts.map((text) => parseDay(text) ?? 0)
}
