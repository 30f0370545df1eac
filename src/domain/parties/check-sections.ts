import type { Fields, Place } from '../document/place.ts'
import { exponentOf } from '../money/currency.ts'
import { toMinor } from '../money/decimal.ts'
import type { Minor } from '../money/money.ts'
import {
  type ApprovalItem,
  type ApprovalRule,
  approvalItems,
  type Confirmation,
  type NegativeStep,
  negativeSteps,
  orderEvents,
  type PayoutTerms,
  type Terms,
} from './contract.ts'

const notYetApplied: Readonly<
  Record<string, (fields: Fields, currency: string | undefined) => void>
> = {
  advance: checkAdvance,
  deposit: checkDeposit,
  retention: checkRetention,
  lateFee: checkLateFee,
}

const maxDays = 36_600

/** The parts of terms that say what becomes of a closed statement. */
export type Sections = Pick<Terms, 'confirmation' | 'payout' | 'approval' | 'notApplied'>

/** Reads the terms' sections, and names those that this version does not apply. */
export function readSections(fields: Fields, currency: string | undefined): Sections {
  const confirmation = section(fields, 'confirmation', readConfirmation)
  const payout = section(fields, 'payout', (inner) => readPayout(inner, currency))
  const approval = section(fields, 'approval', (inner) => readApproval(inner, currency))
  const notApplied: string[] = []
  for (const [name, check] of Object.entries(notYetApplied)) {
    if (!fields.has(name)) continue
    section(fields, name, (inner) => check(inner, currency))
    notApplied.push(name)
  }
  return {
    confirmation: confirmation ?? null,
    payout: payout ?? null,
    approval: approval ?? [],
    notApplied,
  }
}

function section<Value>(
  fields: Fields,
  name: string,
  read: (inner: Fields) => Value,
): Value | undefined {
  const inner = fields.optional(name)?.fields()
  if (inner === undefined) return undefined
  const value = read(inner)
  inner.close()
  return value
}

function readConfirmation(fields: Fields): Confirmation {
  const required = fields.required('required')?.flag() ?? false
  const autoConfirmDays = fields.optional('autoConfirmDays')?.integer(0, maxDays) ?? null
  return { required, autoConfirmDays }
}

function readPayout(fields: Fields, currency: string | undefined): PayoutTerms {
  return {
    termDays: fields.optional('termDays')?.integer(0, maxDays) ?? 0,
    dayKind: fields.optional('dayKind')?.oneOf(['CALENDAR', 'WORKDAY']) ?? 'CALENDAR',
    minimum: readAmount(fields.optional('minimum'), currency) ?? 0,
    negative: readNegative(fields.optional('negative')),
    carryMaxPeriods: fields.optional('carryMaxPeriods')?.integer(0) ?? null,
  }
}

function readNegative(place: Place | undefined): readonly NegativeStep[] {
  if (place === undefined) return ['CARRY_FORWARD']
  if (!Array.isArray(place.value)) {
    const word = place.oneOf(negativeSteps)
    return word === undefined ? [] : [word]
  }
  const steps: NegativeStep[] = []
  for (const step of place.filledList() ?? []) {
    const word = step.oneOf(negativeSteps)
    if (word === undefined) continue
    if (steps.includes(word)) step.refuse(`${word} stands twice`)
    steps.push(word)
  }
  return steps
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
  readAmount(fields.required('required'), currency)
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

function readApproval(fields: Fields, currency: string | undefined): readonly ApprovalRule[] {
  fields.optional('flow')?.text()
  const rules: ApprovalRule[] = []
  for (const place of fields.optional('rules')?.list() ?? []) {
    const rule = place.fields()
    if (rule === undefined) continue
    const item = readItem(rule.required('item'))
    const from = readAmount(rule.optional('from'), currency) ?? 0
    const levels = readLevels(rule.required('levels'))
    rule.close()
    if (item !== undefined) rules.push({ item, from, levels })
  }
  return rules
}

/** The kind of item, whatever the case of its letters. */
function readItem(place: Place | undefined): ApprovalItem | undefined {
  const word = place?.text()
  const item = approvalItems.find((known) => known === word?.toUpperCase())
  if (word !== undefined && item === undefined) {
    place?.refuse(`"${word}" is nothing that is approved: one of ${approvalItems.join(', ')}`)
  }
  return item
}

/** The levels by name in order; a number n means levels named 1 to n. */
function readLevels(place: Place | undefined): readonly string[] {
  if (typeof place?.value === 'number') {
    const count = place.integer(1, 20) ?? 0
    return Array.from({ length: count }, (_none, index) => String(index + 1))
  }
  return (place?.filledList() ?? []).flatMap((level) => level.id() ?? [])
}

/** An amount in the contract's currency. */
function readAmount(place: Place | undefined, currency: string | undefined): Minor | undefined {
  const written = place?.decimal()
  const exponent = currency === undefined ? undefined : exponentOf(currency)
  if (written === undefined || exponent === undefined) return undefined
  const amount = toMinor(written.value, exponent)
  if (amount !== undefined) return amount
  return place?.refuse(`${written.text} is no amount in ${currency}: at most ${exponent} decimals`)
}
