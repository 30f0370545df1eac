import type { Price } from '../fees/price.ts'
import { formulaOf } from '../fees/registry.ts'
import { type Minor, taxInside } from '../money/money.ts'
import { valueScore } from '../rulebook/match.ts'
import type { FeeType, Match, RuleBook } from '../rulebook/rule-book.ts'
import type { Evidence, SettledLine } from './line.ts'
import { priceFor, ruleOf } from './rules.ts'
import { readExact, roundExact, roundingWords, type Telling } from './telling.ts'

/** A forward line: a formula of the rule book on a base of the order. */
export function tellForward(tell: Telling, evidence: Evidence): void {
  const rule = ruleOf(tell, evidence)
  const { line } = tell
  if (rule === undefined) return
  const { feeType, schedule, ruleBook } = rule
  if (feeType.source !== 'CALCULATED' || feeType.reverseOnly) {
    tell.refuse('leg', `${feeType.code} has no forward leg that is calculated`)
  }
  if ((feeType.grain === 'LINE') !== (line.lineNo !== null)) {
    tell.refuse('lineNo', `${feeType.code} is charged per ${feeType.grain}`)
  }
  if (line.originLineId !== null) tell.refuse('originLineId', 'a forward line has none')
  checkEntry(tell, evidence)
  const { basis } = line
  if (basis === null || basis.base === null) {
    tell.refuse('base', 'is missing')
    return
  }
  const price = priceFor(tell, schedule, basis)
  if (price === undefined) return
  checkBase(tell, evidence, ruleBook, price)
  tellAmount(tell, evidence, feeType, price)
  tellTax(tell, feeType)
}

/** An order is billed as one entry by one rule book. */
function checkEntry(tell: Telling, evidence: Evidence): void {
  const { line } = tell
  for (const other of forwardOfEntry(line, evidence)) {
    if (other.ruleBookVersion === line.ruleBookVersion) continue
    const message = `is ${line.ruleBookVersion}, but ${other.ruleBookVersion} on ${other.lineId}`
    tell.refuse('ruleBookVersion', message)
  }
}

/** All forward lines that stand with a line in its entry, itself among them. */
export function forwardOfEntry(line: SettledLine, { lines }: Evidence): SettledLine[] {
  return lines.filter(
    ({ leg, statementId, entryNo }) =>
      leg === 'FORWARD' && statementId === line.statementId && entryNo === line.entryNo,
  )
}

/** The other fees of the entry name bases too, and they must agree with this one. */
function checkBase(tell: Telling, evidence: Evidence, ruleBook: RuleBook, price: Price): void {
  const { line } = tell
  if (price.formula.type === 'FIXED') return
  const entry = forwardOfEntry(line, evidence)
  const same = entry.filter(
    (other) =>
      other.lineId !== line.lineId &&
      other.lineNo === line.lineNo &&
      other.basis?.of === line.basis?.of,
  )
  const differing = same.filter((other) => other.basis?.base !== line.basis?.base)
  const [first] = differing
  if (first !== undefined && differing.length * 2 > same.length) {
    const own = tell.money(line.basis?.base ?? 0)
    const other = tell.money(first.basis?.base ?? 0)
    tell.refuse('base', `${line.basis?.of} is ${own} here, but ${other} on ${first.lineId}`)
  }
  checkPaid(tell, entry, ruleBook)
}

/** BUYER_PAID is BUYER_GOODS and FREIGHT together, where a whole order names all three. */
function checkPaid(tell: Telling, entry: readonly SettledLine[], ruleBook: RuleBook): void {
  const { line } = tell
  const of = line.basis?.of
  if (line.lineNo !== null || (of !== 'BUYER_PAID' && of !== 'FREIGHT')) return
  if (!tendersAllGoods(ruleBook, line.statementId.split('/')[2] ?? '')) return
  const whole = (base: string): Minor | undefined =>
    entry.find((other) => other.lineNo === null && other.basis?.of === base)?.basis?.base ??
    undefined
  const paid = whole('BUYER_PAID')
  const freight = whole('FREIGHT')
  if (paid === undefined || freight === undefined) return
  let goods = 0
  for (const { lineNo, basis, amount } of entry) {
    const isTender = lineNo !== null && basis?.of === 'BUYER_GOODS' && basis.base === amount
    if (isTender) goods += amount
  }
  if (goods + freight === paid) return
  const parts = `BUYER_GOODS ${tell.money(goods)} and FREIGHT ${tell.money(freight)}`
  tell.refuse('base', `BUYER_PAID ${tell.money(paid)} is not ${parts}`)
}

/** Whether every line of the mode with goods to pay for has a tender of BUYER_GOODS. */
function tendersAllGoods({ feeTypes }: RuleBook, mode: string): boolean {
  return feeTypes.some(({ schedules, sign }) => {
    const isTender = schedules.every(({ versions }) =>
      versions.every(({ formula }) => formula.type === 'TENDER' && formula.of === 'BUYER_GOODS'),
    )
    return sign === 1 && isTender && schedules.some(({ match }) => isOfMode(match, mode))
  })
}

/** Whether a match asks for nothing but the mode. */
function isOfMode({ keys, values }: Match, mode: string): boolean {
  return keys.every(
    (key, place) => key === 'mode' && values[place]?.some((value) => valueScore(value, mode) >= 0),
  )
}

function tellAmount(tell: Telling, evidence: Evidence, feeType: FeeType, price: Price): void {
  const { line } = tell
  const base = line.basis?.base ?? 0
  const units = unitsOf(tell, price)
  const exact = formulaOf(price).exact(price, base, units)
  const magnitude = formulaOf(price).charge(price, base, units, feeType.rounding)
  tellFormula(tell, price, base, exact)
  const cut = cutOf(tell, feeType, exact)
  const sign = feeType.sign === -1 ? -1 : 1
  const made = cut === 0 ? exact : lessened(exact, cut)
  if (isSplit(tell, feeType, price)) {
    tell.expect('exact', line.basis?.exact ?? null, signed(exact, sign))
    checkSplit(tell, evidence, magnitude)
    return
  }
  tell.say(`rounded ${roundingWords[feeType.rounding]}: ${tell.money(magnitude - cut)}`)
  tell.say(`${feeType.code} is ${sign === 1 ? 'received' : 'paid'} by the party`)
  judge(tell, feeType, signed(made, sign), sign * (magnitude - cut))
}

/** A FIXED rule's rate is the number of orders, lines or units. */
function unitsOf(tell: Telling, { formula }: Price): number {
  if (formula.type !== 'FIXED') return 1
  const units = Number(tell.line.basis?.rate)
  if (Number.isSafeInteger(units) && units >= 0) return units
  tell.refuse('rate', 'must be the number of units')
  return 0
}

function tellFormula(tell: Telling, price: Price, base: Minor, exact: string): void {
  const { formula } = price
  const { line } = tell
  const whose = line.lineNo === null ? 'of the order' : `of order line ${line.lineNo}`
  if (formula.type === 'FIXED') {
    tell.say(
      `${formula.amount} per ${formula.per}, times ${line.basis?.rate}: ${exact} minor units`,
    )
    return
  }
  tell.say(`${formula.of} ${whose} is ${tell.money(base)}`)
  if (formula.type === 'TENDER') tell.say('all of it')
  else tell.say(`times ${formula.rateText}, within its limits: exactly ${exact} minor units`)
}

/**
 * What refunds named of an UPSTREAM fee before it was billed: it is on no line, only in the result.
 */
function cutOf(tell: Telling, { reversal }: FeeType, exact: string): Minor {
  if (reversal.policy !== 'UPSTREAM') return 0
  const full = readExact(exact)
  const left = readExact(tell.line.basis?.exact ?? null)
  if (full === undefined || left === undefined || full.denominator !== left.denominator) return 0
  const size = left.numerator < 0n ? -left.numerator : left.numerator
  const cut = full.numerator - size
  if (cut <= 0n || cut % full.denominator !== 0n) return 0
  const amount = Number(cut / full.denominator)
  tell.say(`less ${tell.money(amount)} that refunds had named of it before billing (given)`)
  return amount
}

function lessened(exact: string, cut: Minor): string {
  const [numerator, denominator] = exact.split('/') as [string, string]
  return `${BigInt(numerator) - BigInt(cut) * BigInt(denominator)}/${denominator}`
}

function signed(exact: string, sign: 1 | -1): string {
  return sign === 1 || exact.startsWith('0/') ? exact : `-${exact}`
}

/** An amount per order on a fee per line is split over the lines by LIST. */
function isSplit({ line }: Telling, { grain }: FeeType, { formula }: Price): boolean {
  return (
    formula.type === 'FIXED' && formula.per === 'ORDER' && grain === 'LINE' && line.lineNo !== null
  )
}

function checkSplit(tell: Telling, evidence: Evidence, whole: Minor): void {
  const { line } = tell
  const entry = forwardOfEntry(line, evidence)
  const shares = entry.filter(
    ({ feeType, ruleId }) => feeType === line.feeType && ruleId === line.ruleId,
  )
  const sum = shares.reduce((total, { amount }) => total + Math.abs(amount), 0)
  tell.say(
    `split over the order's lines by LIST: ${tell.money(Math.abs(line.amount))} falls on this one`,
  )
  const orderLines = new Set(entry.map(({ lineNo }) => lineNo).filter((lineNo) => lineNo !== null))
  const isWhole = shares.length === orderLines.size
  if (isWhole ? sum !== whole : sum > whole) {
    tell.refuse('amount', `the shares make ${tell.money(sum)}, not ${tell.money(whole)}`)
  }
}

/**
 * Names the figure: an exact value that agrees with the amount leaves the base, one that does not
 * is itself the touched one.
 */
export function judge(tell: Telling, { rounding }: FeeType, exact: string, amount: Minor): void {
  const { line } = tell
  const says = line.basis?.exact ?? null
  const fitsExact = says === exact
  const fitsAmount = line.amount === amount
  if (fitsExact && fitsAmount) return
  if (fitsExact) {
    tell.expectAmount('amount', line.amount, amount)
  } else if (!fitsAmount && roundExact(says, rounding) === line.amount) {
    const own = `the line says ${says} and ${tell.money(line.amount)}`
    tell.refuse('base', `gives ${exact} exactly and ${tell.money(amount)} rounded, ${own}`)
  } else {
    tell.expect('exact', says, exact)
    if (!fitsAmount) tell.expectAmount('amount', line.amount, amount)
  }
}

/** The tax that is inside the amount. */
export function tellTax(tell: Telling, { tax }: FeeType): void {
  const { line } = tell
  const inside = tax === null ? null : taxInside(line.amount, tax)
  if (inside !== null && tax !== null) {
    const rate = `${tax.numerator}/${tax.denominator}`
    tell.say(`tax of ${rate} inside ${tell.money(line.amount)}: ${tell.money(inside)}`)
  }
  tell.expectAmount('taxAmount', line.taxAmount, inside)
}
