import type { Calendar, Instant } from '../domain/calendar/calendar.ts'
import { type Cycle, type Period, periodAt } from '../domain/calendar/cycle.ts'
import { PriceList } from '../domain/fees/price.ts'
import { exponentOf } from '../domain/money/currency.ts'
import { checkRuleBook } from '../domain/rulebook/check.ts'
import type { RuleBook } from '../domain/rulebook/rule-book.ts'
import { encodeUtf8 } from './bytes.ts'
import type { Tools } from './context.ts'
import type { RuleBookPublished } from './events.ts'
import type { State } from './state.ts'
import { calendars, ruleBooks } from './tables.ts'

/** Rule books and calendars of a partition, compiled when first asked for. A cache, no state. */
export class Books {
  private readonly byVersion = new Map<number, RuleBook>()
  private readonly priceLists = new ByVersion<PriceList>()
  private readonly byCalendar = new ByVersion<Calendar>()
  private lastPeriod:
    | { readonly cycle: Cycle; readonly calendar: Calendar; readonly period: Period }
    | undefined
  private readonly state: State
  private readonly tools: Tools

  constructor(state: State, tools: Tools) {
    this.state = state
    this.tools = tools
  }

  /** A published version; throws where there is none, for a row can only name one that was. */
  ruleBook(version: number): RuleBook {
    const known = this.byVersion.get(version)
    if (known !== undefined) return known
    const published = this.state.get(ruleBooks, versionKey(version))
    const compiled = published === undefined ? undefined : compile(published, this.tools).ruleBook
    if (compiled === undefined) throw new Error(`rule book version ${version} is not in the state`)
    this.byVersion.set(version, compiled)
    return compiled
  }

  /** Prices of a rule book in a currency. */
  prices(version: number, currency: string): PriceList {
    const known = this.priceLists.get(version, currency)
    if (known !== undefined) return known
    const list = new PriceList(exponentOf(currency) ?? 0)
    this.priceLists.set(version, currency, list)
    return list
  }

  /** The calendar as published, with the week of the rule book; undefined where it is not. */
  calendar(calendarId: string, ruleBookVersion: number): Calendar | undefined {
    const known = this.byCalendar.get(ruleBookVersion, calendarId)
    if (known !== undefined) return known
    const published = this.state.get(calendars, calendarId)
    const [first] = published?.days ?? []
    if (published === undefined || first === undefined) return undefined
    const calendar: Calendar = {
      calendarId,
      version: published.version,
      zone: published.zone,
      weekStart: this.ruleBook(ruleBookVersion).calendars.get(calendarId)?.weekStart ?? 0,
      firstDay: first.day,
      startsAt: published.days.map(({ startsAt }) => startsAt),
      workdays: published.days.map(({ workday }) => workday),
    }
    this.byCalendar.set(ruleBookVersion, calendarId, calendar)
    return calendar
  }

  /**
   * The period of the cycle that holds the instant; undefined where the calendar does not reach.
   * Most facts fall into the period of the fact before them.
   */
  period(cycle: Cycle, calendar: Calendar, at: Instant): Period | undefined {
    const last = this.lastPeriod
    if (last !== undefined && at >= last.period.start && at < last.period.end) {
      if (last.calendar === calendar && isSameCycle(last.cycle, cycle)) return last.period
    }
    const period = periodAt(cycle, calendar, at)
    if (period !== undefined) this.lastPeriod = { cycle, calendar, period }
    return period
  }

  /** To be called when a calendar grew. */
  forgetCalendars(): void {
    this.byCalendar.clear()
  }
}

/** Whether two cycles have the same periods. */
function isSameCycle(a: Cycle, b: Cycle): boolean {
  return a === b || (a.kind === b.kind && a.cutoffDay === b.cutoffDay && a.starts === b.starts)
}

/** By rule book version and name: a key made of both would be a new string for every event. */
class ByVersion<T> {
  private readonly versions = new Map<number, Map<string, T>>()

  get(version: number, name: string): T | undefined {
    return this.versions.get(version)?.get(name)
  }

  set(version: number, name: string, value: T): void {
    const names = this.versions.get(version) ?? new Map<string, T>()
    names.set(name, value)
    this.versions.set(version, names)
  }

  clear(): void {
    this.versions.clear()
  }
}

/** Checks and compiles a published rule book. */
export function compile(
  published: RuleBookPublished,
  tools: Pick<Tools, 'sha256'>,
): ReturnType<typeof checkRuleBook> {
  const starts = new Map(published.days.map(({ day, startsAt }) => [day, startsAt]))
  return checkRuleBook(JSON.parse(published.document), {
    hash: `sha256:${hex(tools.sha256(encodeUtf8(published.document)))}`,
    startOfDay: (day) => starts.get(day),
  })
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16)
  return text
}

/** The key in `ruleBooks`. */
export function versionKey(version: number): string {
  return String(version).padStart(10, '0')
}
