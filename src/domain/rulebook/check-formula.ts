import { type Fields, type Place, suggestion } from '../document/place.ts'
import { isAbove } from './check-tiers.ts'
import type { Base, Formula } from './rule-book.ts'

const bases = ['LIST', 'NET', 'BUYER_GOODS', 'FREIGHT', 'BUYER_PAID', 'COST'] as const
const discountPrefix = 'PLATFORM_DISCOUNT:'
const discountPattern = /^PLATFORM_DISCOUNT:[A-Za-z0-9._?-]{1,64}$/

/** The kind of platform discount that a base is; undefined for the other bases. */
export function discountKindOf(base: Base): string | undefined {
  return base.startsWith(discountPrefix) ? base.slice(discountPrefix.length) : undefined
}

/** Reads the base that a formula takes its share of. */
export function readBase(place: Place | undefined): Base | undefined {
  const base = place?.text()
  if (base === undefined || discountPattern.test(base)) return base
  if (bases.some((known) => known === base)) return base
  const known = [...bases, `${discountPrefix}KIND`]
  return place?.refuse(`"${base}" is no base${suggestion(base, known)}`)
}

const readers = {
  SHARE: readShare,
  FIXED: (fields: Fields) => readFixed(fields),
  TENDER: readTender,
  SHARE_OF_REVERSED: readShareOfReversed,
} satisfies Record<Formula['type'], (fields: Fields) => Formula | undefined>

/** The types of a schedule's formulas. */
export const formulaTypes = Object.keys(readers) as readonly Formula['type'][]

/** Reads the formula of a schedule; which fee type it names is checked by the caller. */
export function readFormula(place: Place | undefined): Formula | undefined {
  const fields = place?.fields()
  const type = fields?.required('type')?.oneOf(formulaTypes)
  if (fields === undefined || type === undefined) return undefined
  const formula = readers[type](fields)
  fields.close()
  return formula
}

/** Reads SHARE {of, rate, min?, max?}. */
export function readShare(fields: Fields): Extract<Formula, { type: 'SHARE' }> | undefined {
  const of = readBase(fields.required('of'))
  const rate = fields.required('rate', 'a decimal in a string, like "0.05"')?.rate()
  const min = readBound(fields, 'min')
  const max = readBound(fields, 'max')
  if (min && max && isAbove(min, max)) {
    return fields.place.at('min', min).refuse(`min ${min} is above max ${max}`)
  }
  if (of === undefined || rate === undefined || min === undefined || max === undefined) {
    return undefined
  }
  return { type: 'SHARE', of, rate: rate.fraction, rateText: rate.text, min, max }
}

/** Reads FIXED {amount, per}. */
export function readFixed(fields: Fields): Extract<Formula, { type: 'FIXED' }> | undefined {
  const amount = fields.required('amount', 'a decimal in a string, like "1.00"')?.amount()
  const per = fields.required('per')?.oneOf(['ORDER', 'LINE', 'UNIT'])
  return amount === undefined || per === undefined ? undefined : { type: 'FIXED', amount, per }
}

function readTender(fields: Fields): Formula | undefined {
  const place = fields.required('of')
  const of = readBase(place)
  if (of === undefined) return undefined
  if (of === 'NET' || of === 'BUYER_GOODS' || discountKindOf(of) !== undefined) {
    return { type: 'TENDER', of }
  }
  return place?.refuse(
    `a TENDER of ${of} is no part of NET, which the tenders of a line make up: ` +
      'use NET, BUYER_GOODS or PLATFORM_DISCOUNT:KIND, or SHARE with rate "1"',
  )
}

function readShareOfReversed(fields: Fields): Formula | undefined {
  const of = fields.required('of', 'the fee type whose reversal is charged for')?.id()
  const rate = fields.required('rate', 'a decimal in a string, like "0.20"')?.rate()
  const cap = readBound(fields, 'cap')
  if (of === undefined || rate === undefined || cap === undefined) return undefined
  return { type: 'SHARE_OF_REVERSED', of, rate: rate.fraction, rateText: rate.text, cap }
}

/** An amount that bounds another; null when absent. */
function readBound(fields: Fields, key: string): string | null | undefined {
  const place = fields.optional(key)
  return place === undefined ? null : place.amount()
}
