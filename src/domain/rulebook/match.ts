import type { Instant } from '../calendar/calendar.ts'
import type { ContractTemplate, Match, MatchKey, Schedule, ScheduleVersion } from './rule-book.ts'

// Which rule applies: the most specific one, valid at the pinned instant.
//
//   M1. More keys are more specific; then the longest matched value over all keys, its * not
//       counted; then an exact value before a prefix of equal length.
//   M2. Between equals: the higher priority, then the lower scheduleId. So the choice is total.
//   M3. A rule without a version at the instant is no candidate, so it never hides another one.

/** What a match may ask of an order. */
export interface OrderFacts {
  readonly mode: string
  readonly partyId: string
  readonly channel: string | null
  readonly tags: readonly string[]
  /** Whether a guide sold it. */
  readonly guide: boolean
}

/** What a match may ask of lines: columns of one length, as an order's snapshot has them. */
export interface LineFacts {
  readonly category: readonly (string | null)[]
  readonly sku: readonly (string | null)[]
  readonly skuType: readonly (string | null)[]
}

/** The schedule that applies and the place of its version. */
export interface Choice {
  readonly schedule: Schedule
  readonly version: number
}

/** Larger than the score of any value, whose length `longestMatchValue` limits. */
const keyWeight = 1024
const noMatch = -1

/** The schedule that applies to the order (`lines` null) or to its line at place `line`. */
export function chooseSchedule(
  schedules: readonly Schedule[],
  order: OrderFacts,
  lines: LineFacts | null,
  instant: Instant,
  line = 0,
): Choice | undefined {
  const schedule = bestSchedule(schedules, order, lines, instant, line)
  return schedule && { schedule, version: versionAt(schedule, instant) }
}

/** As `chooseSchedule`, without its version and without allocating anything. */
export function bestSchedule(
  schedules: readonly Schedule[],
  order: OrderFacts,
  lines: LineFacts | null,
  instant: Instant,
  line = 0,
): Schedule | undefined {
  let best: Schedule | undefined
  let bestScore = noMatch
  for (let index = 0; index < schedules.length; index += 1) {
    const schedule = schedules[index] as Schedule
    if (versionAt(schedule, instant) < 0) continue
    const score = scoreOf(schedule.match, order, lines, line)
    if (score === noMatch || score < bestScore) continue
    if (best !== undefined && score === bestScore && !precedes(schedule, best)) continue
    best = schedule
    bestScore = score
  }
  return best
}

/** The place of the schedule's version that is valid at the instant; −1: none. */
export function versionAt({ versions }: Schedule, instant: Instant): number {
  // The latest versions are the ones asked for.
  for (let place = versions.length - 1; place >= 0; place -= 1) {
    const version = versions[place] as ScheduleVersion
    if (instant < version.validFrom) continue
    return version.validTo === null || instant < version.validTo ? place : -1
  }
  return -1
}

/** The most specific template for a party without a contract of its own; ties to the first one. */
export function bestTemplate(
  templates: readonly ContractTemplate[],
  partyId: string,
  instant: Instant,
): ContractTemplate | undefined {
  let best: ContractTemplate | undefined
  let bestScore = noMatch
  for (const template of templates) {
    const { match, validFrom, validTo } = template
    if (instant < validFrom || (validTo !== null && instant >= validTo)) continue
    const score = partyScore(match, partyId)
    if (score <= bestScore) continue
    best = template
    bestScore = score
  }
  return best
}

/** How well a value fits a fact: twice its length without the *, one more when exact; −1: not. */
export function valueScore(value: string, fact: string): number {
  const last = value.length - 1
  if (value.charCodeAt(last) !== 0x2a) return value === fact ? value.length * 2 + 1 : noMatch
  if (fact.length < last) return noMatch
  for (let index = 0; index < last; index += 1) {
    if (value.charCodeAt(index) !== fact.charCodeAt(index)) return noMatch
  }
  return last * 2
}

/** Whether a match fits the order's line at place `line`. */
export function matchesLine(
  match: Match,
  order: OrderFacts,
  lines: LineFacts,
  line: number,
): boolean {
  return scoreOf(match, order, lines, line) !== noMatch
}

/** How specific a match is for the facts (M1); −1 when it does not match. */
export function scoreOf(
  { keys, values }: Match,
  order: OrderFacts,
  lines: LineFacts | null,
  line: number,
): number {
  let longest = 0
  for (let index = 0; index < keys.length; index += 1) {
    const wanted = values[index] as readonly string[]
    const score = keyScore(keys[index] as MatchKey, wanted, order, lines, line)
    if (score === noMatch) return noMatch
    if (score > longest) longest = score
  }
  return keys.length * keyWeight + longest
}

function partyScore({ keys, values }: Match, partyId: string): number {
  let longest = 0
  for (let index = 0; index < keys.length; index += 1) {
    if (keys[index] !== 'partyId') return noMatch
    const score = bestValue(values[index] as readonly string[], partyId)
    if (score === noMatch) return noMatch
    longest = score
  }
  return keys.length * keyWeight + longest
}

function keyScore(
  key: MatchKey,
  values: readonly string[],
  order: OrderFacts,
  lines: LineFacts | null,
  line: number,
): number {
  switch (key) {
    case 'mode':
      return bestValue(values, order.mode)
    case 'partyId':
      return bestValue(values, order.partyId)
    case 'channel':
      return bestValue(values, order.channel)
    case 'guide':
      return bestValue(values, order.guide ? 'true' : 'false')
    case 'tag':
      return bestTag(values, order.tags)
    case 'category':
      return bestValue(values, lines?.category[line])
    case 'sku':
      return bestValue(values, lines?.sku[line])
    case 'skuType':
      return bestValue(values, lines?.skuType[line])
  }
}

function bestTag(values: readonly string[], tags: readonly string[]): number {
  let best = noMatch
  for (let index = 0; index < tags.length; index += 1) {
    const score = bestValue(values, tags[index] as string)
    if (score > best) best = score
  }
  return best
}

function bestValue(values: readonly string[], fact: string | null | undefined): number {
  if (fact === null || fact === undefined) return noMatch
  let best = noMatch
  for (let index = 0; index < values.length; index += 1) {
    const score = valueScore(values[index] as string, fact)
    if (score > best) best = score
  }
  return best
}

/** M2. Ids are ASCII, so comparing code units is byte order. */
function precedes(a: Schedule, b: Schedule): boolean {
  return a.priority === b.priority ? a.scheduleId < b.scheduleId : a.priority > b.priority
}
