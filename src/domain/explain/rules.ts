import { type Price, priceOf } from '../fees/price.ts'
import { formulaOf } from '../fees/registry.ts'
import { exponentOf } from '../money/currency.ts'
import type { FeeType, RuleBook, Schedule } from '../rulebook/rule-book.ts'
import type { Basis, Evidence, Figure, SettledLine } from './line.ts'
import type { Telling } from './telling.ts'

/** The rule that a line names. */
export interface NamedRule {
  readonly ruleBook: RuleBook
  readonly feeType: FeeType
  readonly schedule: Schedule
}

/** The rule that a line names; undefined, with a problem told, where it names none that fits. */
export function ruleOf(tell: Telling, { ruleBook: books }: Evidence): NamedRule | undefined {
  const { line } = tell
  const ruleBook = bookOf(tell, books)
  if (ruleBook === undefined) return undefined
  const feeType = ruleBook.feeTypeByCode.get(line.feeType)
  if (feeType === undefined) {
    tell.refuse('feeType', `${line.feeType} is not in rule book version ${ruleBook.version}`)
    return undefined
  }
  const schedule = ruleBook.schedules.find(({ scheduleId }) => scheduleId === line.ruleId)
  if (schedule === undefined) {
    const named = line.ruleId ?? 'absent'
    tell.refuse('ruleId', `${named} is no schedule of rule book version ${ruleBook.version}`)
    return undefined
  }
  if (schedule.feeType !== feeType.code) {
    tell.refuse(
      'ruleId',
      `${schedule.scheduleId} is of ${schedule.feeType}, not of ${feeType.code}`,
    )
    return undefined
  }
  const { ruleBookId, version } = ruleBook
  tell.say(`rule ${schedule.scheduleId} of rule book ${ruleBookId} version ${version}`)
  return { ruleBook, feeType, schedule }
}

/** The rule book that a line names; undefined, with a problem told, where there is none. */
export function bookOf(tell: Telling, books: Evidence['ruleBook']): RuleBook | undefined {
  const { ruleBookVersion } = tell.line
  if (ruleBookVersion === null) {
    tell.refuse('ruleBookVersion', 'is missing')
    return undefined
  }
  const ruleBook = books(ruleBookVersion)
  if (ruleBook === undefined) {
    tell.refuse('ruleBookVersion', `rule book version ${ruleBookVersion} is not at hand`)
  }
  return ruleBook
}

/**
 * The formula that a basis was computed by: of the schedule's versions the one that has its base
 * and rate. A line does not say which version was valid, but what that version says stands on it.
 */
export function priceFor(tell: Telling, schedule: Schedule, basis: Basis): Price | undefined {
  const prices = pricesOf(schedule, tell.line.currency)
  const fitting = prices.filter((price) => mismatchOf(price, basis) === undefined)
  const best = fitting.find((price) => comesOut(price, basis)) ?? fitting.at(-1)
  if (best !== undefined) return best
  const near = prices
    .map((price) => mismatchOf(price, basis))
    .filter((found) => found !== undefined)
  const closest = near.find(({ figure }) => figure !== 'of') ?? near[0]
  if (closest === undefined) tell.refuse('ruleId', `${schedule.scheduleId} has no version`)
  else tell.refuse(closest.figure, `${schedule.scheduleId} ${closest.message}`)
  return undefined
}

/** The formula of a forward line; undefined where it fits no version of its schedule. */
export function formulaTypeOf(
  line: SettledLine,
  schedule: Schedule | undefined,
): string | undefined {
  const { basis } = line
  if (basis === null || schedule === undefined) return undefined
  const prices = pricesOf(schedule, line.currency)
  return prices.find((price) => mismatchOf(price, basis) === undefined)?.formula.type
}

function pricesOf({ versions }: Schedule, currency: string): Price[] {
  return versions.map(({ formula }) => priceOf(formula, exponentOf(currency) ?? 0))
}

function comesOut(price: Price, { base, exact }: Basis): boolean {
  return formulaOf(price).exact(price, base ?? 0, 1) === exact?.replace('-', '')
}

/** The first figure of a basis that the formula does not have. */
function mismatchOf(
  price: Price,
  { of, base, rate }: Basis,
): { readonly figure: Figure; readonly message: string } | undefined {
  const { formula } = price
  if (formula.type === 'FIXED') {
    if (of !== formula.per)
      return { figure: 'of', message: `charges per ${formula.per}, not ${of}` }
    if (base === price.amount) return undefined
    return { figure: 'base', message: `charges ${formula.amount}` }
  }
  if (of !== formula.of)
    return { figure: 'of', message: `is of ${formula.of}, the line says ${of}` }
  const own = formula.type === 'TENDER' ? '1' : formula.rateText
  if (rate === own) return undefined
  return { figure: 'rate', message: `has the rate ${own}, the line says ${rate ?? 'absent'}` }
}
