import type { Fields, Place } from '../document/place.ts'
import {
  readValidity,
  refuseClashes,
  type StartOfDay,
  type Validity,
} from '../document/validity.ts'
import { readMatch } from './check-match.ts'
import { checkTiers } from './check-tiers.ts'
import { checkWindow } from './check-window.ts'

const kinds = {
  SALES: checkTiered,
  PURCHASE: checkTiered,
  SINGLE_ITEM_PROMOTION: checkPromotion,
  MARGIN_PROTECTION: checkMargin,
  UNSTRUCTURED: checkUnstructured,
} satisfies Record<string, (fields: Fields) => void>

type Kind = keyof typeof kinds

const kindNames = Object.keys(kinds) as readonly Kind[]
const periods = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR'] as const

/** Checks the rebates: this version accepts them and does not apply them. */
export function checkRebates(place: Place | undefined, startOfDay: StartOfDay): void {
  const ids = new Set<string>()
  for (const item of place?.list('rebateId') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    fields.uniqueId('rebateId', ids)
    checkRebate(fields, startOfDay)
  }
}

function checkRebate(fields: Fields, startOfDay: StartOfDay): void {
  fields.optional('zh')?.text()
  fields.required('direction')?.oneOf(['PARTY_TO_PLATFORM', 'PLATFORM_TO_PARTY'])
  if (fields.has('match')) readMatch(fields.optional('match'))
  const kind = fields.required('kind')?.oneOf(kindNames)
  const versions = fields.optional('versions')
  if (kind === undefined) return
  if (versions !== undefined) {
    checkVersions(versions, { fields, kind, startOfDay })
    return
  }
  kinds[kind](fields)
  fields.close()
}

interface VersionContext {
  readonly fields: Fields
  readonly kind: Kind
  readonly startOfDay: StartOfDay
}

/** A version says what differs; what it leaves out stands at the rebate and holds for all. */
function checkVersions(place: Place, { fields, kind, startOfDay }: VersionContext): void {
  const validities: Validity[] = []
  for (const item of place.filledList() ?? []) {
    const version = item.fields()?.over(fields)
    if (version === undefined) continue
    const validity = readValidity(version, startOfDay)
    if (validity !== undefined) validities.push(validity)
    kinds[kind](version)
    version.close()
  }
  refuseClashes(validities, { what: 'rebate', gaps: true })
}

function checkTiered(fields: Fields): void {
  const measure = fields.required('measure')?.oneOf(['AMOUNT', 'QUANTITY'])
  fields.required('method')?.oneOf(['VOLUME', 'GRADUATED'])
  checkTiers(fields, { aboveRequired: true, whole: measure === 'QUANTITY' })
  checkNames(fields.optional('skus'))
  checkPeriod(fields)
  checkBase(fields.optional('base'))
  checkAfterClose(fields)
}

function checkPromotion(fields: Fields): void {
  checkNames(fields.required('skus', 'the goods that are promoted'))
  checkWindow(fields.required('window', 'the two instants between which sales count'))
  const perUnit = fields.optional('perUnit')
  const rate = fields.optional('rate')
  perUnit?.amount()
  rate?.rate()
  if ((perUnit === undefined) === (rate === undefined)) {
    fields.place.refuse('needs either perUnit, an amount, or rate, a share of the sales')
  }
  fields.optional('period')?.oneOf(periods)
  checkBase(fields.optional('base'))
  checkAfterClose(fields)
}

function checkMargin(fields: Fields): void {
  checkNames(fields.optional('skus'))
  fields.required('targetMargin', 'a share, like "0.10"')?.portion()
  fields.optional('marginBase')?.oneOf(['NET_SALES'])
  checkPeriod(fields)
  checkBase(fields.optional('base'))
  checkAfterClose(fields)
}

function checkUnstructured(fields: Fields): void {
  fields.optional('referenceText')?.text()
  const seen = new Set<string>()
  for (const place of fields.required('requires', 'who must sign')?.filledList() ?? []) {
    const side = place.oneOf(['PLATFORM', 'PARTY'])
    if (side === undefined) continue
    if (seen.has(side)) place.refuse(`${side} stands twice`)
    seen.add(side)
  }
  fields.optional('period')?.oneOf(periods)
}

/** Without a period it is the window's end that says where the rebate is settled. */
function checkPeriod(fields: Fields): void {
  const window = fields.optional('window')
  if (window === undefined) {
    fields.required('period', `one of ${periods.join(', ')}`)?.oneOf(periods)
    return
  }
  checkWindow(window)
  fields.optional('period')?.oneOf(periods)
}

function checkBase(place: Place | undefined): void {
  const fields = place?.fields()
  if (fields === undefined) return
  fields.optional('netOfReturns')?.flag()
  for (const filter of ['include', 'exclude']) checkFilter(fields.optional(filter))
  fields.close()
}

function checkFilter(place: Place | undefined): void {
  const fields = place?.fields()
  if (fields === undefined) return
  fields.optional('gift')?.flag()
  checkNames(fields.optional('tags'))
  checkNames(fields.optional('status'))
  fields.close()
}

function checkAfterClose(fields: Fields): void {
  fields.optional('afterClose')?.oneOf(['TRUE_UP_NEXT_PERIOD'])
}

function checkNames(place: Place | undefined): void {
  for (const name of place?.filledList() ?? []) name.text()
}
