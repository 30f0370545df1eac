import { type Fields, Place, type Problem } from '../document/place.ts'
import type { StartOfDay } from '../document/validity.ts'
import { checkCalendars, type IsZone, readZone } from './check-calendars.ts'
import { checkFeeTypes, compileFeeType, type FeeTypeDraft } from './check-fee-types.ts'
import { checkFx } from './check-fx.ts'
import { readGuidePlans } from './check-guide-plans.ts'
import { checkRebates } from './check-rebates.ts'
import { checkSchedules, compileSchedule, type ScheduleDraft } from './check-schedules.ts'
import { checkTemplates, compileTemplate, type TemplateDraft } from './check-templates.ts'
import { refuseUnbalancedTenders } from './check-tenders.ts'
import type { FeeType, RuleBook, Schedule } from './rule-book.ts'

/** What a document is checked with that it does not hold itself. */
export interface RuleBookOptions {
  /** `sha256:…` over the canonical JSON of the document. */
  readonly hash: string
  /** The instant at which a day starts in the document's zone; undefined: not published. */
  readonly startOfDay: StartOfDay
  /** Whether a name is a time zone; absent: any name is, as in a book that was published. */
  readonly isZone?: IsZone
}

/** Every problem of a rule book; the rule book only when there is none. */
export interface CheckedRuleBook {
  readonly problems: readonly Problem[]
  readonly ruleBook: RuleBook | undefined
}

/** Checks a document against all that publishing refuses, and compiles it for the fold. */
export function checkRuleBook(document: unknown, options: RuleBookOptions): CheckedRuleBook {
  const problems: Problem[] = []
  const fields = new Place(document, problems).fields()
  if (fields === undefined) return { problems, ruleBook: undefined }
  const drafts = readDrafts(fields, options)
  fields.close()
  const ruleBook = problems.length === 0 ? compile(drafts, options) : undefined
  return { problems, ruleBook }
}

/** The book before it and after it in one log: what the fold or the publisher knows of it. */
export interface Predecessor {
  readonly version: number
  readonly hash: string
}

/** Whether a sound document may follow the book that is in force; the first one always may. */
export function checkSuccession(
  document: unknown,
  predecessor: Predecessor | undefined,
): readonly Problem[] {
  const problems: Problem[] = []
  const fields = new Place(document, problems).fields()
  if (fields === undefined || predecessor === undefined) return problems
  const version = fields.required('version')
  const next = predecessor.version + 1
  if (version !== undefined && version.value !== next) {
    version.refuse(`must be ${next}: version ${predecessor.version} is in force`)
  }
  const hash = fields.required('previousHash')
  if (hash !== undefined && hash.value !== predecessor.hash) {
    hash.refuse(`must be ${predecessor.hash}, the hash of version ${predecessor.version}`)
  }
  return problems
}

interface Drafts {
  readonly ruleBookId: string | undefined
  readonly version: number | undefined
  readonly zone: string | undefined
  readonly calendars: RuleBook['calendars']
  readonly feeTypes: readonly FeeTypeDraft[]
  readonly schedules: readonly ScheduleDraft[]
  readonly templates: readonly TemplateDraft[]
  readonly rebates: RuleBook['rebates']
  readonly fx: RuleBook['fx']
  readonly guidePlans: RuleBook['guidePlans']
  readonly notApplied: readonly string[]
}

function readDrafts(fields: Fields, { startOfDay, isZone = () => true }: RuleBookOptions): Drafts {
  const ruleBookId = fields.required('ruleBookId')?.id()
  const version = fields.required('version')?.integer(1)
  checkPreviousHash(fields.required('previousHash', 'null for version 1'), version)
  const zone = readZone(fields.required('zone'), isZone)
  const calendars = checkCalendars(fields.required('calendars'), isZone)
  const feeTypes = checkFeeTypes(fields.required('feeTypes'))
  const byCode = new Map(feeTypes.map((feeType) => [feeType.code, feeType]))
  const schedulesPlace = fields.optional('schedules')
  const schedules = checkSchedules(schedulesPlace, { feeTypes: byCode, startOfDay })
  const isCalendar = (calendarId: string): boolean => calendars.has(calendarId)
  const templates = checkTemplates(fields.optional('contractTemplates'), { startOfDay, isCalendar })
  const modes = templates.map(({ dated }) => dated.terms.mode)
  refuseUnbalancedTenders(schedulesPlace, schedules, modes)
  const rebates = checkRebates(fields.optional('rebates'), startOfDay)
  const guides = readGuidePlans(fields.optional('guidePlans'), startOfDay)
  const fx = checkFx(fields.optional('fx'))
  const notApplied = [...templates.flatMap(sectionsOf), ...guides.notApplied]
  const head = { ruleBookId, version, zone, calendars }
  const { plans: guidePlans } = guides
  return { ...head, feeTypes, schedules, templates, rebates, fx, guidePlans, notApplied }
}

function checkPreviousHash(place: Place | undefined, version: number | undefined): void {
  if (place === undefined || place.value === null) return
  const hash = place.text()
  if (version === 1 && hash !== undefined) place.refuse('must be null for version 1')
}

function sectionsOf({ dated }: TemplateDraft): readonly string[] {
  return dated.terms.notApplied.map((section) => dated.place.at(section, true).path)
}

/** Only of drafts without problems, so nothing is missing (P2). */
function compile(drafts: Drafts, { hash }: RuleBookOptions): RuleBook | undefined {
  const { ruleBookId, version, zone, calendars, rebates, fx, notApplied } = drafts
  if (ruleBookId === undefined || version === undefined || zone === undefined) return undefined
  const schedules = drafts.schedules.map(compileSchedule)
  const feeTypes: FeeType[] = []
  for (const [index, draft] of drafts.feeTypes.entries()) {
    const own = schedules.filter(({ feeType }) => feeType === draft.code).sort(byId)
    const feeType = compileFeeType(draft, index, own)
    if (feeType !== undefined) feeTypes.push(feeType)
  }
  const feeTypeByCode = new Map(feeTypes.map((feeType) => [feeType.code, feeType]))
  const templates = drafts.templates.map(compileTemplate)
  const head = { ruleBookId, version, hash, zone, calendars, fx }
  const { guidePlans } = drafts
  return { ...head, feeTypes, feeTypeByCode, schedules, templates, rebates, guidePlans, notApplied }
}

function byId(a: Schedule, b: Schedule): number {
  return a.scheduleId < b.scheduleId ? -1 : 1
}
