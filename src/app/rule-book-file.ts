import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../domain/calendar/calendar.ts'
import { type Day, parseDay } from '../domain/calendar/day.ts'
import type { StartOfDay } from '../domain/document/validity.ts'
import { namedDays } from '../domain/rulebook/named-days.ts'
import { FatalFault } from '../ports/faults.ts'
import { canonicalJson } from './canonical-json.ts'
import { findSyntaxFault } from './json-syntax.ts'

/** A rule book as it stands in a file, parsed but not checked. */
export interface RuleBookFile {
  readonly document: unknown
  /** RFC 8785: what goes into the log and what the hash is over. */
  readonly canonical: string
  /** `sha256:…`, the next version's `previousHash`. */
  readonly hash: string
}

/** A local day with the instant it starts. */
export interface StartedDay {
  readonly day: Day
  readonly startsAt: Instant
}

const invalid = 3
const notFound = 6

/** Reads a rule book; FatalFault 6 when there is no such file, 3 when it cannot be read as JSON. */
export function readRuleBookFile(path: string): RuleBookFile {
  // A byte order mark is no part of the document, though some editors write one.
  const source = readText(path).replace(/^\uFEFF/, '')
  const document = parse(path, source)
  const canonical = canonicalOf(path, document)
  return { document, canonical, hash: hashOf(canonical) }
}

/** A rule book that is made in the program, as if it stood in a file. */
export function ruleBookOf(document: unknown): RuleBookFile {
  const canonical = canonicalJson(document)
  return { document, canonical, hash: hashOf(canonical) }
}

/** The hash of a canonical document, as `previousHash` names it. */
export function hashOf(canonical: string): string {
  return `sha256:${createHash('sha256').update(canonical, 'utf8').digest('hex')}`
}

/** The days that a document names with the instants at which they start in the zone, by day. */
export function daysOf(document: unknown, zone: string): StartedDay[] {
  const days: StartedDay[] = []
  for (const text of namedDays(document)) {
    const day = parseDay(text)
    if (day !== undefined) days.push({ day, startsAt: startOfDayIn(zone, text) })
  }
  return days
}

/** How `checkRuleBook` and `checkContract` ask for the instants that `daysOf` found. */
export function startsOf(days: readonly StartedDay[]): StartOfDay {
  const starts = new Map(days.map(({ day, startsAt }) => [day, startsAt]))
  return (day) => starts.get(day)
}

/** Whether a name is a time zone that days can be turned into instants with. */
export function isZone(zone: string): boolean {
  try {
    startOfDayIn(zone, '2000-01-01')
    return true
  } catch {
    return false
  }
}

function startOfDayIn(zone: string, day: string): Instant {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') {
      throw new FatalFault(notFound, `${path}: there is no such file`, { cause: error })
    }
    const why = code === 'EISDIR' ? 'is a folder, not a file' : `cannot be read (${String(code)})`
    throw new FatalFault(invalid, `${path}: ${why}`, { cause: error })
  }
}

function parse(path: string, source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    const { line, column } = findSyntaxFault(source)
    const found = describe(source.split('\n')[line - 1] ?? '', column)
    const message = `${path}:${line}:${column}: is no JSON from here on, ${found}`
    throw new FatalFault(invalid, message, { cause: error })
  }
}

function describe(line: string, column: number): string {
  const letter = [...line][column - 1]
  return letter === undefined || letter === '\r' ? 'where the line ends' : `at "${letter}"`
}

function canonicalOf(path: string, document: unknown): string {
  try {
    return canonicalJson(document)
  } catch (error) {
    const message = `${path}: holds a number that is too large, or is nested too deeply`
    throw new FatalFault(invalid, message, { cause: error })
  }
}
