import type { Fields, Place } from '../document/place.ts'
import {
  readValidity,
  refuseClashes,
  type StartOfDay,
  type Validity,
} from '../document/validity.ts'
import {
  type BaseFilter,
  type Condition,
  noCondition,
  type RebateFormula,
  type RebateKind,
  type RebateTerms,
  type RebateVersion,
  rebateKinds,
  rebatePeriods,
  type Side,
  type Window,
} from '../rebates/rebate.ts'
import { readMatch } from './check-match.ts'
import { readTiers } from './check-tiers.ts'
import { readWindow } from './check-window.ts'
import type { MatchedRebate } from './rule-book.ts'

const kinds = {
  SALES: readTiered,
  PURCHASE: readTiered,
  SINGLE_ITEM_PROMOTION: readPromotion,
  MARGIN_PROTECTION: readMargin,
  UNSTRUCTURED: readUnstructured,
} satisfies Record<RebateKind, (fields: Fields) => RebateTerms | undefined>

/** Reads the rebates by id; what is faulty is missing from them. */
export function checkRebates(place: Place | undefined, startOfDay: StartOfDay): MatchedRebate[] {
  const ids = new Set<string>()
  const rebates: MatchedRebate[] = []
  for (const item of place?.list('rebateId') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const rebateId = fields.uniqueId('rebateId', ids)
    const rebate = checkRebate(fields, rebateId ?? '', startOfDay)
    if (rebate !== undefined) rebates.push(rebate)
  }
  return rebates.sort((a, b) => (a.rebateId < b.rebateId ? -1 : 1))
}

function checkRebate(
  fields: Fields,
  rebateId: string,
  startOfDay: StartOfDay,
): MatchedRebate | undefined {
  fields.optional('zh')?.text()
  const direction = fields.required('direction')?.oneOf(['PARTY_TO_PLATFORM', 'PLATFORM_TO_PARTY'])
  const all = { keys: [], values: [] }
  const match = fields.has('match') ? readMatch(fields.optional('match')) : all
  const kind = fields.required('kind')?.oneOf(rebateKinds)
  const place = fields.optional('versions')
  if (kind === undefined) return undefined
  const versions =
    place === undefined
      ? checkOnly(fields, kind)
      : checkVersions(place, { fields, kind, startOfDay })
  if (direction === undefined || match === undefined) return undefined
  return { rebateId, kind, sign: direction === 'PARTY_TO_PLATFORM' ? -1 : 1, match, versions }
}

function checkOnly(fields: Fields, kind: RebateKind): RebateVersion[] {
  const terms = kinds[kind](fields)
  fields.close()
  return terms === undefined ? [] : [{ validFrom: null, validTo: null, terms }]
}

interface VersionContext {
  readonly fields: Fields
  readonly kind: RebateKind
  readonly startOfDay: StartOfDay
}

/** A version says what differs; what it leaves out stands at the rebate and holds for all. */
function checkVersions(
  place: Place,
  { fields, kind, startOfDay }: VersionContext,
): RebateVersion[] {
  const validities: Validity[] = []
  const versions: RebateVersion[] = []
  for (const item of place.filledList() ?? []) {
    const version = item.fields()?.over(fields)
    if (version === undefined) continue
    const validity = readValidity(version, startOfDay)
    const terms = kinds[kind](version)
    version.close()
    if (validity === undefined) continue
    validities.push(validity)
    const { validFrom, validTo } = validity
    if (terms !== undefined) versions.push({ validFrom, validTo, terms })
  }
  refuseClashes(validities, { what: 'rebate', gaps: true })
  return versions.sort((a, b) => (a.validFrom ?? 0) - (b.validFrom ?? 0))
}

function readTiered(fields: Fields): RebateTerms | undefined {
  const measure = fields.required('measure')?.oneOf(['AMOUNT', 'QUANTITY'])
  const method = fields.required('method')?.oneOf(['VOLUME', 'GRADUATED'])
  const read = readTiers(fields, { aboveRequired: true, whole: measure === 'QUANTITY' })
  const above = read?.above
  const formula: RebateFormula | undefined =
    measure === undefined || method === undefined || read === undefined || above === undefined
      ? undefined
      : { type: 'TIERED', measure, method, tiers: read.tiers, above }
  const skus = readNames(fields.optional('skus'))
  return termsOf(fields, { formula, skus, ...readPeriod(fields) })
}

function readPromotion(fields: Fields): RebateTerms | undefined {
  const skus = readNames(fields.required('skus', 'the goods that are promoted'))
  const why = 'the two instants between which sales count'
  const window = readWindow(fields.required('window', why)) ?? null
  const perUnit = fields.optional('perUnit')
  const rate = fields.optional('rate')
  const amount = perUnit?.decimal()
  const share = rate?.rate()
  if ((perUnit === undefined) === (rate === undefined)) {
    fields.place.refuse('needs either perUnit, an amount, or rate, a share of the sales')
  }
  const period = fields.optional('period')?.oneOf(rebatePeriods) ?? null
  const formula: RebateFormula | undefined =
    amount === undefined
      ? share && { type: 'SHARE', rate: share.fraction, rateText: share.text }
      : { type: 'PER_UNIT', amount: amount.value, text: amount.text }
  return termsOf(fields, { formula, skus, window, period })
}

function readMargin(fields: Fields): RebateTerms | undefined {
  const skus = readNames(fields.optional('skus'))
  const target = fields.required('targetMargin', 'a share, like "0.10"')?.portion()
  fields.optional('marginBase')?.oneOf(['NET_SALES'])
  const formula: RebateFormula | undefined = target && {
    type: 'MARGIN',
    target: target.fraction,
    targetText: target.text,
  }
  return termsOf(fields, { formula, skus, ...readPeriod(fields) })
}

function readUnstructured(fields: Fields): RebateTerms | undefined {
  fields.optional('referenceText')?.text()
  const requires: Side[] = []
  for (const place of fields.required('requires', 'who must sign')?.filledList() ?? []) {
    const side = place.oneOf(['PLATFORM', 'PARTY'])
    if (side === undefined) continue
    if (requires.includes(side)) place.refuse(`${side} stands twice`)
    requires.push(side)
  }
  const period = fields.optional('period')?.oneOf(rebatePeriods) ?? null
  return {
    formula: { type: 'AGREED', requires },
    skus: null,
    window: null,
    period,
    filter: { include: noCondition, exclude: noCondition },
    netOfReturns: false,
    truesUp: false,
  }
}

interface Particulars {
  readonly formula: RebateFormula | undefined
  readonly skus: readonly string[] | null
  readonly window: Window | null
  readonly period: RebateTerms['period']
}

function termsOf(
  fields: Fields,
  { formula, skus, window, period }: Particulars,
): RebateTerms | undefined {
  const { filter, netOfReturns } = readBase(fields.optional('base'))
  const truesUp = fields.optional('afterClose')?.oneOf(['TRUE_UP_NEXT_PERIOD']) !== undefined
  if (formula === undefined) return undefined
  // The margin is of net sales, whatever the base says of returns.
  const net = netOfReturns ?? formula.type === 'MARGIN'
  return { formula, skus, window, period, filter, netOfReturns: net, truesUp }
}

/** Without a period it is the window's end that says where the rebate is settled. */
function readPeriod(fields: Fields): Pick<Particulars, 'window' | 'period'> {
  const window = fields.optional('window')
  if (window === undefined) {
    const period = fields.required('period', `one of ${rebatePeriods.join(', ')}`)
    return { window: null, period: period?.oneOf(rebatePeriods) ?? null }
  }
  return {
    window: readWindow(window) ?? null,
    period: fields.optional('period')?.oneOf(rebatePeriods) ?? null,
  }
}

interface Base {
  readonly filter: BaseFilter
  /** Undefined: not said. */
  readonly netOfReturns: boolean | undefined
}

function readBase(place: Place | undefined): Base {
  const fields = place?.fields()
  if (fields === undefined) {
    return { filter: { include: noCondition, exclude: noCondition }, netOfReturns: undefined }
  }
  const netOfReturns = fields.optional('netOfReturns')?.flag()
  const include = readCondition(fields.optional('include'))
  const exclude = readCondition(fields.optional('exclude'))
  fields.close()
  return { filter: { include, exclude }, netOfReturns }
}

function readCondition(place: Place | undefined): Condition {
  const fields = place?.fields()
  if (fields === undefined) return noCondition
  const gift = fields.optional('gift')?.flag() ?? null
  const tags = readNames(fields.optional('tags'))
  const status = readNames(fields.optional('status'))
  fields.close()
  return { gift, tags, status }
}

function readNames(place: Place | undefined): readonly string[] | null {
  if (place === undefined) return null
  return (place.filledList() ?? []).flatMap((name) => name.text() ?? [])
}
