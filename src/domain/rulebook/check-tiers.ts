import type { Fields, Place, WrittenRate } from '../document/place.ts'
import { type Decimal, parseDecimal } from '../money/decimal.ts'
import type { Above, Tier } from '../rebates/rebate.ts'

interface TierDraft {
  readonly place: Place
  readonly from: string
  readonly to: string | undefined
  readonly rate: WrittenRate | undefined
}

/** Tiers as they are applied; without `above` the last rate goes on. */
export interface Tiers {
  readonly tiers: readonly Tier[]
  readonly above: Above | undefined
}

/** How the tiers of a rebate and of a guide's TIERED formula differ. */
export interface TierRules {
  /** Rebates must say what happens above the last tier; guides mean LAST_RATE. */
  readonly aboveRequired: boolean
  /** Quantities are whole, so a tier starts with a whole unit. */
  readonly whole: boolean
}

/** Reads `tiers [{from, to?, rate}]` and `above {value, then}`: rising, without overlap or gap. */
export function readTiers(fields: Fields, rules: TierRules): Tiers | undefined {
  const places = fields.required('tiers')?.filledList()
  const tiers = places?.map((place) => readTier(place, rules))
  const above = readAbove(fields, rules)
  if (tiers === undefined) return undefined
  for (const [index, tier] of tiers.entries()) {
    const next = tiers[index + 1]
    if (tier !== undefined && next !== undefined) checkNeighbours(tier, next)
  }
  const last = tiers.at(-1)
  if (last !== undefined) checkLast(last, above?.text, fields)
  return {
    tiers: tiers.flatMap(compileTier),
    above: above && { value: above.value, stops: above.stops },
  }
}

function compileTier(draft: TierDraft | undefined): Tier[] {
  const from = draft === undefined ? undefined : parseDecimal(draft.from)
  if (from === undefined || draft?.rate === undefined) return []
  return [{ from, rate: draft.rate.fraction, rateText: draft.rate.text }]
}

/** Whether one sound decimal is larger than another, compared exactly. */
export function isAbove(a: string, b: string): boolean {
  return scaled(a) > scaled(b)
}

function readTier(place: Place, rules: TierRules): TierDraft | undefined {
  const fields = place.fields()
  if (fields === undefined) return undefined
  const from = readBound(fields.required('from'), rules)
  const end = fields.optional('to')
  const to = end === undefined ? undefined : readBound(end, rules)
  const rate = fields.required('rate', 'a decimal in a string, like "0.05"')?.rate()
  fields.close()
  if (from === undefined || (end !== undefined && to === undefined)) return undefined
  return { place, from, to, rate }
}

function readBound(place: Place | undefined, { whole }: TierRules): string | undefined {
  const written = place?.decimal()
  if (written === undefined) return undefined
  const { unscaled, scale } = written.value
  if (!whole || unscaled % 10 ** scale === 0) return written.text
  return place?.refuse(`${written.text} is no whole quantity`)
}

interface WrittenAbove extends Above {
  readonly text: string
}

function readAbove(fields: Fields, rules: TierRules): WrittenAbove | undefined {
  const remedy =
    'say what applies above the last tier, like {"value": "10000", "then": "LAST_RATE"}'
  const place = rules.aboveRequired ? fields.required('above', remedy) : fields.optional('above')
  const above = place?.fields()
  if (above === undefined) return undefined
  const text = readBound(above.required('value'), rules)
  const then = above.required('then')?.oneOf(['LAST_RATE', 'STOP'])
  above.close()
  const value: Decimal | undefined = text === undefined ? undefined : parseDecimal(text)
  if (text === undefined || value === undefined) return undefined
  return { text, value, stops: then === 'STOP' }
}

function checkNeighbours(tier: TierDraft, next: TierDraft): void {
  if (!isAbove(next.from, tier.from)) {
    next.place.refuse(`tiers must rise: from ${next.from} is not above from ${tier.from}`)
    return
  }
  if (tier.to === undefined || sameValue(tier.to, next.from)) return
  const fault = isAbove(tier.to, next.from) ? 'tiers overlap' : 'tiers leave a gap'
  next.place.refuse(`${fault}: the tier before ends at ${tier.to}, this one starts at ${next.from}`)
}

function checkLast(last: TierDraft, above: string | undefined, fields: Fields): void {
  if (last.to !== undefined && !isAbove(last.to, last.from)) {
    last.place.refuse(`tiers must rise: to ${last.to} is not above from ${last.from}`)
  }
  if (above === undefined) {
    if (last.to === undefined || fields.has('above')) return
    last.place.refuse(`ends at ${last.to}, where no tier follows: remove "to" or say "above"`)
    return
  }
  if (isAbove(last.from, above)) {
    fields.place
      .at('above', above)
      .refuse(`value ${above} is below the last tier, from ${last.from}`)
  } else if (last.to !== undefined && !sameValue(last.to, above)) {
    last.place.refuse(`ends at ${last.to}, but above.value is ${above}: they must be equal`)
  }
}

function sameValue(a: string, b: string): boolean {
  return scaled(a) === scaled(b)
}

/** A decimal that was read before, in units of 10^−9. */
function scaled(text: string): bigint {
  const { unscaled, scale } = parseDecimal(text) ?? { unscaled: 0, scale: 0 }
  return BigInt(unscaled) * 10n ** BigInt(9 - scale)
}
