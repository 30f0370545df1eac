import type { Fields, Place } from '../document/place.ts'
import type { Fraction } from '../money/money.ts'
import { type Rounding, roundings } from '../money/rounding.ts'
import {
  type DoubleTerms,
  type FeeType,
  feeSources,
  type PlainPolicy,
  postings,
  type ReversalPolicy,
  type Schedule,
} from './rule-book.ts'

/** A fee type as far as it could be read: schedules refer to it even when parts of it are wrong. */
export interface FeeTypeDraft {
  readonly place: Place
  readonly code: string
  readonly sign: FeeType['sign'] | undefined
  readonly grain: FeeType['grain'] | undefined
  readonly source: FeeType['source'] | undefined
  readonly reverseOnly: boolean
  readonly reversal: ReversalPolicy | undefined
  readonly tax: Fraction | null | undefined
  readonly rounding: Rounding | undefined
  readonly posting: string | undefined
  readonly double: DoubleTerms | null | undefined
}

const policies: readonly ReversalPolicy['policy'][] = [
  'PROPORTIONAL',
  'NONE',
  'FULL_ON_FULL_REFUND',
  'FULL_ON_ANY_REFUND',
  'UPSTREAM',
  'RETAIN_FEE',
  'RETENTION',
]

/** Reads all fee types whose code can be read, in the document's order. */
export function checkFeeTypes(place: Place | undefined): readonly FeeTypeDraft[] {
  const drafts: FeeTypeDraft[] = []
  const codes = new Set<string>()
  for (const item of place?.list('code') ?? []) {
    const fields = item.fields()
    if (fields === undefined) continue
    const code = fields.uniqueId('code', codes)
    const draft = readFeeType(fields, code ?? '')
    fields.close()
    if (code === undefined) continue
    drafts.push(draft)
  }
  return drafts
}

/** The fee type of a draft without problems. */
export function compileFeeType(
  draft: FeeTypeDraft,
  index: number,
  schedules: readonly Schedule[],
): FeeType | undefined {
  const { code, sign, grain, source, reverseOnly, reversal, tax, rounding, posting } = draft
  const { double } = draft
  if (sign === undefined || grain === undefined || source === undefined) return undefined
  if (reversal === undefined || tax === undefined) return undefined
  if (rounding === undefined || posting === undefined || double === undefined) return undefined
  const parts = { index, code, sign, grain, source, reverseOnly, reversal, tax, rounding, posting }
  return { ...parts, double, schedules }
}

function readFeeType(fields: Fields, code: string): FeeTypeDraft {
  fields.optional('zh')?.text()
  const source = fields.required('source')?.oneOf(feeSources)
  return {
    place: fields.place,
    code,
    sign: readSign(fields.required('sign')),
    grain: fields.required('grain')?.oneOf(['LINE', 'ORDER']),
    source,
    reverseOnly: fields.optional('leg')?.oneOf(['REVERSE_ONLY']) !== undefined,
    reversal: readReversal(fields),
    tax: readTax(fields.optional('tax')),
    rounding: readRounding(fields.optional('rounding')),
    posting: fields.required('posting')?.oneOf(postings),
    double: readDouble(fields.optional('double'), source),
  }
}

function readSign(place: Place | undefined): FeeType['sign'] | undefined {
  const sign = place?.oneOf(['+', '-', '±'])
  if (sign === undefined) return undefined
  if (sign === '±') return 0
  return sign === '+' ? 1 : -1
}

function readReversal(fields: Fields): ReversalPolicy | undefined {
  const remedy = `every fee type needs a reversal policy, like {"policy": "PROPORTIONAL"}`
  const reversal = fields.required('reversal', remedy)?.fields()
  const policy = reversal?.required('policy', remedy)?.oneOf(policies)
  if (reversal === undefined || policy === undefined) return undefined
  const read = policy === 'RETAIN_FEE' ? readRetainFee(reversal) : plain(policy)
  reversal.close()
  return read
}

function plain(policy: PlainPolicy): ReversalPolicy {
  return { policy }
}

function readRetainFee(fields: Fields): ReversalPolicy | undefined {
  const rate = fields.required('rate', 'the share that is retained, like "0.20"')?.portion()
  const place = fields.optional('cap')
  const cap = place === undefined ? null : place.amount()
  if (rate === undefined || cap === undefined) return undefined
  return { policy: 'RETAIN_FEE', rate: rate.fraction, cap }
}

function readTax(place: Place | undefined): Fraction | null | undefined {
  if (place === undefined) return null
  const fields = place.fields()
  if (fields === undefined) return undefined
  const rate = fields.required('rate')?.rate()
  const inclusive = fields.required('inclusive', 'write true: the tax is inside the amount')
  if (inclusive?.flag() === false) {
    inclusive.refuse('exclusive tax is not available in this version: write true')
  }
  fields.close()
  return rate?.fraction
}

function readRounding(place: Place | undefined): Rounding | undefined {
  if (place === undefined) return 'HALF_UP'
  if (place.value !== 'FLOOR' && place.value !== 'CEILING') return place.oneOf(roundings)
  return place.refuse(
    `${place.value} is not symmetric, so a reversal would not cancel: ` +
      `one of ${roundings.join(', ')}`,
  )
}

function readDouble(
  place: Place | undefined,
  source: FeeType['source'] | undefined,
): DoubleTerms | null | undefined {
  if (place === undefined) return null
  const fields = place.fields()
  if (fields === undefined) return undefined
  const sourceSystem = fields.required('sourceSystem')?.id()
  const bill = fields.required('bill')?.oneOf(['OWN', 'SUBMITTED'])
  const tolerance = fields.required('tolerance')?.amount()
  fields.close()
  if (source !== undefined && source !== 'CALCULATED') {
    place.refuse(`only a CALCULATED fee type is billed twice, and this one is ${source}`)
  }
  if (sourceSystem === undefined || bill === undefined || tolerance === undefined) return undefined
  return { sourceSystem, bill, tolerance }
}
