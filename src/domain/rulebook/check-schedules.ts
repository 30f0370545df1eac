import { type Fields, type Place, suggestion } from '../document/place.ts'
import {
  readValidity,
  refuseClashes,
  type StartOfDay,
  type Validity,
} from '../document/validity.ts'
import type { FeeTypeDraft } from './check-fee-types.ts'
import { readFormula } from './check-formula.ts'
import { matchText, readMatch } from './check-match.ts'
import type { Formula, Match, Schedule, ScheduleVersion } from './rule-book.ts'

/** A schedule as far as it could be read. */
export interface ScheduleDraft {
  readonly place: Place
  readonly scheduleId: string
  readonly feeType: FeeTypeDraft
  readonly priority: number
  readonly match: Match
  readonly versions: readonly VersionDraft[]
}

export interface VersionDraft extends Validity {
  /** Undefined when it could not be read; the version still covers its days. */
  readonly formula: Formula | undefined
}

/** What schedules refer to outside themselves. */
export interface ScheduleContext {
  readonly feeTypes: ReadonlyMap<string, FeeTypeDraft>
  readonly startOfDay: StartOfDay
}

const lineKeys: readonly string[] = ['sku', 'skuType', 'category']

/** Reads all schedules that can be read, in the document's order. */
export function checkSchedules(
  place: Place | undefined,
  context: ScheduleContext,
): readonly ScheduleDraft[] {
  const drafts: ScheduleDraft[] = []
  const ids = new Set<string>()
  for (const item of place?.list('scheduleId') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const scheduleId = fields.uniqueId('scheduleId', ids)
    const draft = readSchedule(fields, scheduleId ?? '', context)
    fields.close()
    if (draft !== undefined && scheduleId !== undefined) drafts.push(draft)
  }
  refuseVersionClashes(drafts)
  return drafts
}

/** The schedule of a draft without problems. */
export function compileSchedule(draft: ScheduleDraft, index: number): Schedule {
  const versions: ScheduleVersion[] = []
  for (const { validFrom, validTo, formula } of draft.versions.toSorted(byDay)) {
    if (formula !== undefined) versions.push({ validFrom, validTo, formula })
  }
  const { scheduleId, feeType, priority, match } = draft
  return { index, scheduleId, feeType: feeType.code, priority, match, versions }
}

function byDay(a: Validity, b: Validity): number {
  return a.from - b.from
}

function readSchedule(
  fields: Fields,
  scheduleId: string,
  context: ScheduleContext,
): ScheduleDraft | undefined {
  const feeType = readFeeType(fields.required('feeType'), context)
  const priority = fields.optional('priority')
  const rank = priority === undefined ? 0 : priority.integer(Number.MIN_SAFE_INTEGER)
  const match = readMatch(fields.required('match', 'write {} for every order'))
  const places = fields.required('versions')?.filledList() ?? []
  const versions = places.map((place) => readVersion(place, feeType, context))
  if (feeType === undefined) return undefined
  if (match !== undefined) refuseLineKeys(fields.place, match, feeType)
  if (match === undefined || rank === undefined) return undefined
  const sound = versions.filter((version) => version !== undefined)
  return { place: fields.place, scheduleId, feeType, priority: rank, match, versions: sound }
}

function readFeeType(
  place: Place | undefined,
  { feeTypes }: ScheduleContext,
): FeeTypeDraft | undefined {
  const code = place?.id()
  if (code === undefined) return undefined
  const feeType = feeTypes.get(code)
  if (feeType === undefined) {
    return place?.refuse(`"${code}" is no fee type${suggestion(code, [...feeTypes.keys()])}`)
  }
  if (feeType.source !== undefined && feeType.source !== 'CALCULATED') {
    place?.refuse(
      `${code} is ${feeType.source}, so its amounts are submitted: ` +
        'only CALCULATED fee types have schedules',
    )
  } else if (feeType.sign === 0) {
    place?.refuse(`${code} has sign ±, so a formula cannot tell who pays: give it + or -`)
  }
  return feeType
}

function refuseLineKeys(place: Place, { keys }: Match, feeType: FeeTypeDraft): void {
  if (feeType.grain !== 'ORDER') return
  for (const key of keys) {
    if (!lineKeys.includes(key)) continue
    place
      .at('match', undefined)
      .refuse(`${feeType.code} has grain ORDER and cannot match on ${key}, which lines have`)
  }
}

function readVersion(
  place: Place,
  feeType: FeeTypeDraft | undefined,
  context: ScheduleContext,
): VersionDraft | undefined {
  const fields = place.fields()
  if (fields === undefined) return undefined
  const validity = readValidity(fields, context.startOfDay)
  const formulaPlace = fields.required('formula')
  const formula = readFormula(formulaPlace)
  fields.close()
  if (formulaPlace !== undefined && formula !== undefined) {
    checkFormulaOf(formulaPlace, formula, feeType)
    checkReversedFee(formulaPlace, formula, context)
  }
  return validity && { ...validity, formula }
}

/** Whether the fee type may have a formula of this type. */
function checkFormulaOf(place: Place, formula: Formula, feeType: FeeTypeDraft | undefined): void {
  if (feeType === undefined) return
  const { code, reverseOnly } = feeType
  if (reverseOnly !== (formula.type === 'SHARE_OF_REVERSED')) {
    place.refuse(
      reverseOnly
        ? `${code} is REVERSE_ONLY, so its formula must be SHARE_OF_REVERSED, not ${formula.type}`
        : `${code} is not REVERSE_ONLY, so its formula cannot be SHARE_OF_REVERSED`,
    )
  }
  if (formula.type === 'TENDER') checkTender(place, feeType)
}

function checkTender(place: Place, { code, grain, sign, reversal }: FeeTypeDraft): void {
  if (grain === 'ORDER') {
    place.refuse(`a TENDER is made per line, so ${code} needs grain LINE, not ORDER`)
  }
  if (sign === -1) {
    place.refuse(`tenders make up what the party receives, so ${code} needs sign +, not -`)
  }
  if (reversal !== undefined && reversal.policy !== 'PROPORTIONAL') {
    place.refuse(
      'a refund is split over the tenders of its lines, ' +
        `so ${code} needs reversal policy PROPORTIONAL, not ${reversal.policy}`,
    )
  }
}

function checkReversedFee(place: Place, formula: Formula, { feeTypes }: ScheduleContext): void {
  if (formula.type !== 'SHARE_OF_REVERSED') return
  const of = place.at('of', formula.of)
  const reversed = feeTypes.get(formula.of)
  if (reversed === undefined) {
    of.refuse(`"${formula.of}" is no fee type${suggestion(formula.of, [...feeTypes.keys()])}`)
  } else if (reversed.reverseOnly) {
    of.refuse(`${formula.of} is REVERSE_ONLY itself, so nothing of it is ever reversed`)
  }
}

/** Versions of one fee type, match and priority are one sequence, in however many schedules. */
function refuseVersionClashes(drafts: readonly ScheduleDraft[]): void {
  const sequences = new Map<string, { readonly code: string; readonly versions: VersionDraft[] }>()
  for (const { feeType, match, priority, versions } of drafts) {
    const key = `${feeType.code}\u0002${priority}\u0002${matchText(match)}`
    const sequence = sequences.get(key) ?? { code: feeType.code, versions: [] }
    sequence.versions.push(...versions)
    sequences.set(key, sequence)
  }
  for (const { code, versions } of sequences.values()) {
    refuseClashes(versions, { what: `${code}, match and priority`, gaps: true })
  }
}
