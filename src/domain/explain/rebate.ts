import { exponentOf } from '../money/currency.ts'
import type { Minor } from '../money/money.ts'
import type { MeasuredFormula, Rebate } from '../rebates/rebate.ts'
import { type SettledRebate, settleRebate } from '../rebates/settle.ts'
import type { Basis, Evidence } from './line.ts'
import { bookOf } from './rules.ts'
import { readExact, roundExact, type Telling } from './telling.ts'

/** A rebate: what its method makes of the base, less what was settled for the period before. */
export function tellRebate(tell: Telling, { ruleBook: books }: Evidence): void {
  const { line } = tell
  tell.expect('feeType', line.feeType, 'REBATE')
  const ruleBook = bookOf(tell, books)
  if (ruleBook === undefined) return
  const rebate = ruleBook.rebates.find(({ rebateId }) => rebateId === line.ruleId)
  if (rebate === undefined) {
    const named = line.ruleId ?? 'absent'
    tell.refuse('ruleId', `${named} is no rebate of rule book version ${ruleBook.version}`)
    return
  }
  const { ruleBookId, version } = ruleBook
  tell.say(`rebate ${rebate.rebateId} of rule book ${ruleBookId} version ${version}`)
  if (rebate.kind === 'UNSTRUCTURED') tellAgreed(tell)
  else if (line.basis === null) tell.refuse('base', 'is missing')
  else tellMeasured(tell, rebate, line.basis)
}

function tellAgreed(tell: Telling): void {
  const { line } = tell
  tell.isComputed = false
  tell.say(
    `given: event ${line.eventId ?? '(none)'} agreed on a change of ${tell.money(line.amount)}`,
  )
  if (line.basis !== null) tell.refuse('base', 'a line that was given has no basis')
}

function tellMeasured(tell: Telling, rebate: Rebate, basis: Basis): void {
  const exponent = exponentOf(tell.line.currency) ?? 0
  const base = basis.base ?? 0
  const formulas = rebate.versions.flatMap(({ terms }) => {
    return terms.formula.type === 'AGREED' ? [] : [terms.formula]
  })
  if (formulas.every(({ type }) => type === 'MARGIN')) {
    tellMargin(tell, basis)
    return
  }
  // A line does not say which version was valid, but what that version says stands on it.
  const results = formulas.map((formula) => resultOf(formula, base, exponent))
  const fitting = results.filter(({ of, rate }) => of === basis.of && rate === basis.rate)
  const best = fitting.find((result) => settledBefore(result, rebate, basis) !== undefined)
  if (best === undefined) {
    tell.refuse(
      fitting.length === 0 ? 'rate' : 'exact',
      `no version of ${rebate.rebateId} makes this of its base`,
    )
    return
  }
  const before = settledBefore(best, rebate, basis) as Minor
  const signed = rebate.sign * best.amount
  tell.say(`${tell.money(base)} of ${best.of} counted: exactly ${best.exact} minor units`)
  tell.say(`rounded to the nearest, with its sign: ${tell.money(signed)}`)
  if (before !== 0) tell.say(`settled for the period before: ${tell.money(before)}`)
  tell.expectAmount('amount', tell.line.amount, signed - before)
}

/** The cost is on no line, so the gap is taken as it stands. */
function tellMargin(tell: Telling, { base, exact }: Basis): void {
  tell.isComputed = false
  tell.say(`sales of ${tell.money(base ?? 0)}; the gap to the margin is taken as given`)
  tell.say(`exactly ${exact ?? 'absent'} minor units less what was settled before`)
  const rounded = roundExact(exact, 'HALF_UP')
  // A difference of a rounded amount may lie a whole unit beside its own rounding.
  if (rounded !== undefined && Math.abs(rounded - tell.line.amount) <= 1) return
  tell.refuse('amount', `is not ${exact ?? 'absent'} minor units, rounded`)
}

function resultOf(formula: MeasuredFormula, base: Minor, exponent: number): SettledRebate {
  const quantity = base / 10 ** exponent
  return settleRebate(formula, { net: base, quantity: Math.floor(quantity), cost: 0 }, exponent)
}

/** What the exact value leaves off the whole rebate; undefined where that is no amount. */
function settledBefore(
  { exact }: SettledRebate,
  { sign }: Rebate,
  basis: Basis,
): Minor | undefined {
  const [whole, line] = [readExact(exact), readExact(basis.exact)]
  if (whole === undefined || line === undefined) return undefined
  const difference =
    BigInt(sign) * whole.numerator * line.denominator - line.numerator * whole.denominator
  const denominator = whole.denominator * line.denominator
  if (difference % denominator !== 0n) return undefined
  return Number(difference / denominator) + 0
}
