import { type Fields, type Place, suggestion } from '../document/place.ts'
import {
  readValidity,
  refuseClashes,
  type StartOfDay,
  type Validity,
} from '../document/validity.ts'
import { readFixed, readShare } from './check-formula.ts'
import { checkGuideDeductions } from './check-guide-deductions.ts'
import { readMatch } from './check-match.ts'
import { readTiers } from './check-tiers.ts'
import {
  type Clawback,
  clawbackPolicies,
  type GuideComponent,
  type GuideFormula,
  type GuidePlan,
  type GuidePlanVersion,
  maxTeamLevels,
  type ReasonRule,
  reasonRules,
  type TieredFormula,
} from './guide-plan.ts'

const formulas = {
  SHARE: readShare,
  FIXED: readFixed,
  TIERED: readTiered,
  SHARE_OF_COMPONENT: readShareOfComponent,
} satisfies Record<GuideFormula['type'], (fields: Fields) => GuideFormula | undefined>

type FormulaType = GuideFormula['type']

const formulaTypes = Object.keys(formulas) as readonly FormulaType[]
const maxDays = 36_600

/** The guides' plans of a document, and what of them is not applied in this version, by path. */
export interface ReadPlans {
  readonly plans: readonly GuidePlan[]
  readonly notApplied: readonly string[]
}

/** Reads the guides' plans; they are whole when nothing was refused (P2). */
export function readGuidePlans(place: Place | undefined, startOfDay: StartOfDay): ReadPlans {
  const ids = new Set<string>()
  const notApplied: string[] = []
  const plans: GuidePlan[] = []
  for (const item of place?.list('planId') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const planId = fields.uniqueId('planId', ids)
    fields.optional('zh')?.text()
    const match = readMatch(fields.required('match', 'write {} for every guide'))
    const versions = readVersions(fields.required('versions'), startOfDay, notApplied)
    fields.close()
    if (planId !== undefined && match !== undefined) plans.push({ planId, match, versions })
  }
  return { plans, notApplied }
}

function readVersions(
  place: Place | undefined,
  startOfDay: StartOfDay,
  notApplied: string[],
): GuidePlanVersion[] {
  const validities: Validity[] = []
  const versions: GuidePlanVersion[] = []
  for (const item of place?.filledList() ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const validity = readValidity(fields, startOfDay)
    if (validity !== undefined) validities.push(validity)
    // Codes are the fee types of lines, so a version has each of them once.
    const codes = new Set<string>()
    const components = readComponents(fields.required('components'), codes, notApplied)
    const deductions = checkGuideDeductions(fields.optional('deductions'), codes)
    const clawback = readClawback(fields.optional('clawback'))
    noteHold(fields.optional('holdDays'), notApplied)
    fields.close()
    if (validity === undefined) continue
    const { validFrom, validTo } = validity
    versions.push({ validFrom, validTo, components, deductions, clawback })
  }
  refuseClashes(validities, { what: 'plan', gaps: true })
  return versions.sort((a, b) => a.validFrom - b.validFrom)
}

function noteHold(place: Place | undefined, notApplied: string[]): void {
  const days = place?.integer(0, maxDays)
  if (place !== undefined && days !== undefined && days > 0) notApplied.push(place.path)
}

interface Draft {
  readonly code: string
  readonly type: FormulaType
  readonly fields: Fields
  readonly formula: GuideFormula | undefined
}

function readComponents(
  place: Place | undefined,
  codes: Set<string>,
  notApplied: string[],
): GuideComponent[] {
  const drafts: Draft[] = []
  for (const item of place?.filledList('code') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const code = fields.uniqueId('code', codes)
    fields.optional('zh')?.text()
    const inner = fields.required('formula')?.fields()
    fields.close()
    const type = inner?.required('type')?.oneOf(formulaTypes)
    if (inner === undefined || type === undefined) continue
    const formula = formulas[type](inner)
    inner.close()
    if (code !== undefined) drafts.push({ code, type, fields: inner, formula })
  }
  for (const draft of drafts) refuseUnknownComponent(draft, drafts, notApplied)
  return drafts.flatMap(({ code, formula }) => (formula === undefined ? [] : [{ code, formula }]))
}

/** The upline's share is of what the guide earns, never of another share of the upline. */
function refuseUnknownComponent(
  { type, fields }: Draft,
  all: readonly Draft[],
  notApplied: string[],
): void {
  const place = type === 'SHARE_OF_COMPONENT' ? fields.optional('of') : undefined
  const of = place?.value
  if (place === undefined || typeof of !== 'string') return
  const known = all.filter((other) => other.type !== 'SHARE_OF_COMPONENT')
  const component = known.find(({ code }) => code === of)
  // What a period's tier gives is known when it closes, too late for another one's statement.
  if (component?.type === 'TIERED') notApplied.push(fields.place.path)
  if (component !== undefined) return
  const codes = known.map(({ code }) => code)
  place.refuse(`"${of}" is no component that a share can be taken of${suggestion(of, codes)}`)
}

function readTiered(fields: Fields): TieredFormula | undefined {
  const method = fields.required('method')?.oneOf(['VOLUME', 'GRADUATED'])
  fields.optional('measure')?.oneOf(['PERIOD_NET_SALES'])
  const read = readTiers(fields, { aboveRequired: false, whole: false })
  if (method === undefined || read === undefined) return undefined
  const { tiers, above } = read
  return { type: 'TIERED', method, tiers, stopsAt: above?.stops === true ? above.value : null }
}

function readShareOfComponent(fields: Fields): GuideFormula | undefined {
  const of = fields.required('of', 'the code of the component')?.id()
  const rate = fields.required('rate', 'a decimal in a string, like "0.10"')?.rate()
  const level = fields.has('level') ? fields.optional('level')?.integer(1, maxTeamLevels) : 1
  if (of === undefined || rate === undefined || level === undefined) return undefined
  return { type: 'SHARE_OF_COMPONENT', of, rate: rate.fraction, rateText: rate.text, level }
}

/** Without a claw-back nothing is ever taken back. */
function readClawback(place: Place | undefined): Clawback {
  const byReason = new Map<string, ReasonRule>()
  const fields = place?.fields()
  if (fields === undefined) return { policy: 'NONE', windowDays: null, byReason }
  const policy = fields.required('policy')?.oneOf(clawbackPolicies) ?? 'NONE'
  const windowDays = fields.optional('windowDays')?.integer(0, maxDays) ?? null
  const reasons = fields.optional('byReason')?.fields()
  for (const reason of reasons?.keys() ?? []) {
    const rule = reasons?.optional(reason)?.oneOf(reasonRules)
    if (rule !== undefined) byReason.set(reason, rule)
  }
  fields.close()
  return { policy, windowDays, byReason }
}
