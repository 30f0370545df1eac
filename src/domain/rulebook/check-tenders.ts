import { type Day, formatDay } from '../calendar/day.ts'
import type { Place } from '../document/place.ts'
import { discountKindOf } from './check-formula.ts'
import type { ScheduleDraft } from './check-schedules.ts'
import { valueScore } from './match.ts'
import type { Base, Formula, Match } from './rule-book.ts'

// All tenders of a line together make up its NET: exactly one of NET or BUYER_GOODS, the latter
// with the platform discounts beside it. Held for every mode, and at every time.
//
//   T1. A mode is a text that `match.mode` or a template names. `PRE*` stands for the modes that
//       only such a prefix covers, `*`, in a book without templates, for all that are not named.
//   T2. Several schedules of one fee type are one tender, whichever of them applies.

interface Tender {
  readonly code: string
  readonly scheduleId: string
  readonly of: Base
  /** Applies to every order of the mode. */
  readonly always: boolean
}

const anyMode = '*'

/** Refuses modes whose tenders do not make up NET. */
export function refuseUnbalancedTenders(
  place: Place | undefined,
  schedules: readonly ScheduleDraft[],
  templateModes: readonly string[],
): void {
  const byFeeType = tenderSchedules(schedules)
  if (place === undefined || byFeeType.size === 0) return
  const book = {
    byFeeType,
    days: boundariesOf([...byFeeType.values()].flat()),
    whole: isWhole(place, schedules),
  }
  const faults = new Map<string, string[]>()
  for (const mode of modesOf(schedules, templateModes)) {
    const fault = firstFault(book, mode)
    if (fault !== undefined) faults.set(fault, [...(faults.get(fault) ?? []), nameOf(mode)])
  }
  for (const [fault, modes] of faults) place.refuse(`mode ${modes.join(', ')}: ${fault}`)
}

interface TenderBook {
  readonly byFeeType: ReadonlyMap<string, readonly ScheduleDraft[]>
  /** The days on which something begins or ends, rising. */
  readonly days: readonly Day[]
  /** Whether every schedule could be read: else what seems to be missing may just be misspelt. */
  readonly whole: boolean
}

function isWhole(place: Place, schedules: readonly ScheduleDraft[]): boolean {
  const versions = schedules.flatMap((schedule) => schedule.versions)
  const listed = Array.isArray(place.value) ? place.value.length : 0
  return listed === schedules.length && versions.every(({ formula }) => formula !== undefined)
}

/** The schedules of every fee type that has a tender among them. */
function tenderSchedules(
  schedules: readonly ScheduleDraft[],
): ReadonlyMap<string, readonly ScheduleDraft[]> {
  const byFeeType = new Map<string, ScheduleDraft[]>()
  for (const schedule of schedules) {
    const { code } = schedule.feeType
    byFeeType.set(code, [...(byFeeType.get(code) ?? []), schedule])
  }
  for (const [code, own] of byFeeType) {
    const versions = own.flatMap((schedule) => schedule.versions)
    if (!versions.some(({ formula }) => formula?.type === 'TENDER')) byFeeType.delete(code)
  }
  return byFeeType
}

function boundariesOf(schedules: readonly ScheduleDraft[]): readonly Day[] {
  const days = new Set<Day>()
  for (const { from, to } of schedules.flatMap(({ versions }) => versions)) {
    days.add(from)
    if (to !== null) days.add(to)
  }
  return [...days].sort((a, b) => a - b)
}

function modesOf(
  schedules: readonly ScheduleDraft[],
  templateModes: readonly string[],
): ReadonlySet<string> {
  const modes = new Set<string>()
  for (const { match } of schedules) for (const mode of modeValues(match) ?? []) modes.add(mode)
  for (const mode of templateModes) modes.add(mode)
  // Where templates say in which modes parties settle, a mode that nobody names does not exist.
  if (templateModes.length === 0) modes.add(anyMode)
  return modes
}

/** What is wrong with the mode on the first day on which something is. */
function firstFault({ byFeeType, days, whole }: TenderBook, mode: string): string | undefined {
  for (const day of days) {
    const tenders = [...byFeeType.values()].flatMap((own) => tendersAt(own, mode, day))
    const fault = faultOf(tenders, whole)
    if (fault !== undefined) return `from ${formatDay(day)}, ${fault}`
  }
  return undefined
}

/** The tenders that can apply in the mode, the more specific ones of a fee type included. */
function tendersAt(schedules: readonly ScheduleDraft[], mode: string, day: Day): readonly Tender[] {
  return schedules.flatMap((schedule) => {
    const { match, versions } = schedule
    const version = versions.find(({ from, to }) => from <= day && (to === null || day < to))
    if (version === undefined || !matchesMode(match, mode)) return []
    return tenderOf(
      schedule,
      version.formula,
      match.keys.every((key) => key === 'mode'),
    )
  })
}

function tenderOf(
  { feeType, scheduleId }: ScheduleDraft,
  formula: Formula | undefined,
  always: boolean,
): Tender[] {
  if (formula?.type !== 'TENDER') return []
  return [{ code: feeType.code, scheduleId, of: formula.of, always }]
}

function faultOf(tenders: readonly Tender[], whole: boolean): string | undefined {
  if (tenders.length === 0) return undefined
  const goods = new Set(tenders.filter(isGoods).map(({ code }) => code))
  if (goods.size === 0 && !whole) return undefined
  if (goods.size !== 1) {
    const found = goods.size === 0 ? 'none' : [...goods].join(' and ')
    const all = tenders.map(({ code, of, scheduleId }) => `${code} of ${of} in ${scheduleId}`)
    return (
      `TENDER fees (${all.join(', ')}) need exactly one fee type of NET or BUYER_GOODS ` +
      `among them, and there is ${found}`
    )
  }
  return doubledDiscount(tenders.filter(({ always }) => always))
}

/** A platform discount that would be paid twice. */
function doubledDiscount(tenders: readonly Tender[]): string | undefined {
  const payers = new Map<string, string>()
  const net = tenders.find(({ of }) => of === 'NET')
  for (const { code, of } of tenders) {
    if (discountKindOf(of) === undefined) continue
    if (net !== undefined) {
      return `${code} pays ${of}, which ${net.code}, a TENDER of NET, already contains`
    }
    const other = payers.get(of)
    if (other !== undefined) return `${other} and ${code} both pay ${of}`
    payers.set(of, code)
  }
  return undefined
}

function isGoods({ of }: Tender): boolean {
  return of === 'NET' || of === 'BUYER_GOODS'
}

function modeValues({ keys, values }: Match): readonly string[] | undefined {
  return values[keys.indexOf('mode')]
}

function matchesMode(match: Match, mode: string): boolean {
  const values = modeValues(match)
  // A mode like PRE* is covered by PRE* and by shorter prefixes: the * is a letter no mode has.
  return values === undefined || values.some((value) => valueScore(value, mode) >= 0)
}

function nameOf(mode: string): string {
  return mode === anyMode ? '(any not named)' : mode
}
