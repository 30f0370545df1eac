import { sha256 } from '../../adapters/hashing/sha256.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { compile, versionKey } from '../../fold/books.ts'
import type { Event } from '../../fold/events.ts'
import type { State } from '../../fold/state.ts'
import { calendars as calendarTable, ruleBooks } from '../../fold/tables.ts'
import type { Mark, PublishedBook, PublishedCalendar } from '../process/mark.ts'
import { noMark } from '../process/mark.ts'
import { publicationFor } from '../process/publish.ts'
import { hashOf, type RuleBookFile } from '../rule-book-file.ts'

// What a live log must have beside its events: the rule book that was asked for, and calendars that
// reach far enough. What it has already is read from the state of a partition, for every partition
// has all of it.

/** A rule book of a file that was checked. */
export interface CheckedRules {
  readonly path: string
  readonly file: RuleBookFile
  readonly ruleBook: RuleBook
}

/** Rows of a partition, from a fold or from a store. */
export type ReadableState = Pick<State, 'get'>

/** What a partition's state holds of rule books and calendars. */
export interface MasterData {
  readonly state: ReadableState
  /** 0: no rule book yet. */
  readonly ruleBookVersion: number
}

/**
 * Events to append now: the rule book, unless the log has it, and its calendars as far as they do
 * not reach from 400 days ago to two years ahead. FatalFault 3 where the book cannot come next.
 */
export function dueMasterData(
  known: MasterData,
  rules: CheckedRules | undefined,
  now: number,
): readonly Event[] {
  const wanted = rules ?? currentRules(known)
  if (wanted === undefined) return []
  const { path, file, ruleBook } = wanted
  const scan = { count: 0, earliest: now, latest: now, ruleBooks: [] }
  return publicationFor(path, file, ruleBook, scan, markOf(known, ruleBook)).events
}

/** Where the shortest calendar of a rule book ends; undefined where it has none. */
export function calendarsEnd(state: ReadableState, { calendars }: RuleBook): number | undefined {
  const ends = [...calendars.keys()].map(
    (calendarId) => state.get(calendarTable, calendarId)?.days.at(-1)?.startsAt ?? 0,
  )
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** The rule book in force, as if it came from a file. */
export function currentRules({ state, ruleBookVersion }: MasterData): CheckedRules | undefined {
  return publishedRules(state, ruleBookVersion)
}

function publishedRules(state: ReadableState, version: number): CheckedRules | undefined {
  const event = version === 0 ? undefined : state.get(ruleBooks, versionKey(version))
  const ruleBook = event === undefined ? undefined : compile(event, { sha256 }).ruleBook
  if (event === undefined || ruleBook === undefined) return undefined
  const document: unknown = JSON.parse(event.document)
  const file = { document, canonical: event.document, hash: hashOf(event.document) }
  return { path: `rule book ${event.ruleBookId} ${version} of the log`, file, ruleBook }
}

/** The state, in the words in which `process` remembers what it published. */
function markOf(known: MasterData, wanted: RuleBook): Mark {
  const { state, ruleBookVersion } = known
  const published: PublishedBook[] = []
  const versions = new Set([Math.min(wanted.version, ruleBookVersion), ruleBookVersion])
  for (const version of versions) {
    const rules = publishedRules(state, version)
    if (rules === undefined) continue
    const { ruleBookId } = rules.ruleBook
    published.push({ ruleBookId, version, hash: rules.file.hash })
  }
  const calendars: Record<string, PublishedCalendar> = {}
  for (const calendarId of wanted.calendars.keys()) {
    const calendar = state.get(calendarTable, calendarId)
    const [first] = calendar?.days ?? []
    const last = calendar?.days.at(-1)
    if (calendar === undefined || first === undefined || last === undefined) continue
    const { version, zone } = calendar
    calendars[calendarId] = { version, zone, from: first.startsAt, to: last.startsAt }
  }
  return { ...noMark, ruleBooks: published, calendars }
}
