import { type Fields, type Place, suggestion } from '../document/place.ts'
import {
  readValidity,
  refuseClashes,
  type StartOfDay,
  type Validity,
} from '../document/validity.ts'
import { readFixed, readShare } from './check-formula.ts'
import { readMatch } from './check-match.ts'
import { readTiers } from './check-tiers.ts'

const formulas = {
  SHARE: (fields: Fields) => void readShare(fields),
  FIXED: (fields: Fields) => void readFixed(fields),
  TIERED: checkTiered,
  SHARE_OF_COMPONENT: checkShareOfComponent,
} satisfies Record<string, (fields: Fields) => void>

type FormulaType = keyof typeof formulas

const formulaTypes = Object.keys(formulas) as readonly FormulaType[]
const maxDays = 36_600
const maxTeamLevels = 3

/** Checks the guides' plans: this version accepts them and does not apply them. */
export function checkGuidePlans(place: Place | undefined, startOfDay: StartOfDay): void {
  const ids = new Set<string>()
  for (const item of place?.list('planId') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    fields.uniqueId('planId', ids)
    fields.optional('zh')?.text()
    readMatch(fields.required('match', 'write {} for every guide'))
    checkVersions(fields.required('versions'), startOfDay)
    fields.close()
  }
}

function checkVersions(place: Place | undefined, startOfDay: StartOfDay): void {
  const validities: Validity[] = []
  for (const item of place?.filledList() ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const validity = readValidity(fields, startOfDay)
    if (validity !== undefined) validities.push(validity)
    // Codes are the fee types of lines, so a version has each of them once.
    const codes = new Set<string>()
    checkComponents(fields.required('components'), codes)
    checkDeductions(fields.optional('deductions'), codes)
    checkClawback(fields.optional('clawback'))
    fields.optional('holdDays')?.integer(0, maxDays)
    fields.close()
  }
  refuseClashes(validities, { what: 'plan', gaps: true })
}

interface Component {
  readonly code: string
  readonly type: FormulaType
  readonly formula: Fields
}

function checkComponents(place: Place | undefined, codes: Set<string>): void {
  const components: Component[] = []
  for (const item of place?.filledList('code') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const code = fields.uniqueId('code', codes)
    fields.optional('zh')?.text()
    const formula = fields.required('formula')?.fields()
    fields.close()
    const type = formula?.required('type')?.oneOf(formulaTypes)
    if (formula === undefined || type === undefined) continue
    formulas[type](formula)
    formula.close()
    if (code !== undefined) components.push({ code, type, formula })
  }
  for (const component of components) refuseUnknownComponent(component, components)
}

/** The upline's share is of what the guide earns, never of another share of the upline. */
function refuseUnknownComponent({ type, formula }: Component, all: readonly Component[]): void {
  const place = type === 'SHARE_OF_COMPONENT' ? formula.optional('of') : undefined
  const of = place?.value
  if (place === undefined || typeof of !== 'string') return
  const known = all.filter((other) => other.type !== 'SHARE_OF_COMPONENT').map(({ code }) => code)
  if (known.includes(of)) return
  place.refuse(`"${of}" is no component that a share can be taken of${suggestion(of, known)}`)
}

function checkTiered(fields: Fields): void {
  fields.required('method')?.oneOf(['VOLUME', 'GRADUATED'])
  fields.optional('measure')?.oneOf(['PERIOD_NET_SALES'])
  readTiers(fields, { aboveRequired: false, whole: false })
}

function checkShareOfComponent(fields: Fields): void {
  fields.required('of', 'the code of the component')?.id()
  fields.required('rate', 'a decimal in a string, like "0.10"')?.rate()
  fields.optional('level')?.integer(1, maxTeamLevels)
}

function checkDeductions(place: Place | undefined, codes: Set<string>): void {
  for (const item of place?.list('code') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    fields.uniqueId('code', codes)
    fields.optional('zh')?.text()
    const rate = fields.optional('rate')
    const amount = fields.optional('amount')
    rate?.portion()
    amount?.amount()
    if (amount !== undefined) fields.required('per')?.oneOf(['PAYOUT'])
    if ((rate === undefined) === (amount === undefined)) {
      item.refuse('needs either rate, a share of the commission, or amount with per PAYOUT')
    }
    fields.close()
  }
}

function checkClawback(place: Place | undefined): void {
  const fields = place?.fields()
  if (fields === undefined) return
  const policies = ['PROPORTIONAL', 'NONE', 'FULL_ON_FULL_REFUND', 'FULL_ON_ANY_REFUND'] as const
  fields.required('policy')?.oneOf(policies)
  fields.optional('windowDays')?.integer(0, maxDays)
  const reasons = fields.optional('byReason')?.fields()
  for (const reason of reasons?.keys() ?? []) {
    reasons?.optional(reason)?.oneOf(['MERCHANT_BEARS', 'FULL'])
  }
  fields.close()
}
