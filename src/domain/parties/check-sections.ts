import type { Fields, Place } from '../document/place.ts'
import { exponentOf } from '../money/currency.ts'
import { toMinor } from '../money/decimal.ts'
import { orderEvents } from './contract.ts'

const sections: Readonly<Record<string, (fields: Fields, currency: string | undefined) => void>> = {
  confirmation: checkConfirmation,
  payout: checkPayout,
  advance: checkAdvance,
  deposit: checkDeposit,
  retention: checkRetention,
  lateFee: checkLateFee,
  approval: checkApproval,
}

const maxDays = 36_600
const negatives = ['CARRY_FORWARD', 'OFFSET_DEPOSIT', 'COLLECT'] as const

/** Checks the terms' sections and returns the names of those that this version does not apply. */
export function checkSections(fields: Fields, currency: string | undefined): readonly string[] {
  const present: string[] = []
  for (const [name, check] of Object.entries(sections)) {
    const place = fields.optional(name)
    if (place === undefined) continue
    present.push(name)
    const section = place.fields()
    if (section === undefined) continue
    check(section, currency)
    section.close()
  }
  return present
}

function checkConfirmation(fields: Fields): void {
  fields.required('required')?.flag()
  fields.optional('autoConfirmDays')?.integer(0, maxDays)
}

function checkPayout(fields: Fields, currency: string | undefined): void {
  fields.optional('termDays')?.integer(0, maxDays)
  fields.optional('dayKind')?.oneOf(['CALENDAR', 'WORKDAY'])
  checkAmount(fields.optional('minimum'), currency)
  checkNegative(fields.optional('negative'))
  fields.optional('carryMaxPeriods')?.integer(0)
}

function checkNegative(place: Place | undefined): void {
  if (place === undefined) return
  if (!Array.isArray(place.value)) {
    place.oneOf(negatives)
    return
  }
  const seen = new Set<string>()
  for (const step of place.filledList() ?? []) {
    const word = step.oneOf(negatives)
    if (word === undefined) continue
    if (seen.has(word)) step.refuse(`${word} stands twice`)
    seen.add(word)
  }
}

function checkAdvance(fields: Fields): void {
  for (const place of fields.required('stages')?.filledList() ?? []) {
    const stage = place.fields()
    stage?.required('event')?.oneOf(orderEvents)
    stage?.required('rate')?.portion()
    stage?.close()
  }
}

function checkDeposit(fields: Fields, currency: string | undefined): void {
  checkAmount(fields.required('required'), currency)
  fields.optional('offsetNegative')?.flag()
}

function checkRetention(fields: Fields): void {
  fields.required('basis')?.oneOf(['NET_SALES'])
  fields.required('rate')?.portion()
  fields.required('releaseAfter')?.integer(0, maxDays)
  fields.required('trigger')?.oneOf(['STATEMENT_CLOSED', 'TERMINATION'])
}

function checkLateFee(fields: Fields): void {
  fields.required('ratePerDay')?.rate()
  fields.optional('dayCount')?.text()
  fields.optional('startsOn')?.text()
  fields.optional('capRatio')?.rate()
}

function checkApproval(fields: Fields, currency: string | undefined): void {
  fields.optional('flow')?.text()
  for (const place of fields.optional('rules')?.list() ?? []) {
    const rule = place.fields()
    if (rule === undefined) continue
    rule.required('item')?.text()
    checkAmount(rule.optional('from'), currency)
    checkLevels(rule.required('levels'))
    rule.close()
  }
}

/** The levels by name in order, or how many there are. */
function checkLevels(place: Place | undefined): void {
  if (typeof place?.value === 'number') {
    place.integer(1)
    return
  }
  for (const level of place?.filledList() ?? []) level.id()
}

/** An amount in the contract's currency. */
function checkAmount(place: Place | undefined, currency: string | undefined): void {
  const written = place?.decimal()
  const exponent = currency === undefined ? undefined : exponentOf(currency)
  if (written === undefined || exponent === undefined) return
  if (toMinor(written.value, exponent) !== undefined) return
  place?.refuse(`${written.text} is no amount in ${currency}: at most ${exponent} decimals`)
}
