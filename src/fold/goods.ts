import type { Goods } from '../domain/billing/order.ts'
import { basesOf, type OrderBases } from '../domain/billing/order-bases.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import type { Instant } from '../domain/calendar/calendar.ts'
import { exponentOf } from '../domain/money/currency.ts'
import { timesPrice } from '../domain/money/decimal.ts'
import { maxAmount } from '../domain/money/money.ts'
import type { Agreement } from '../domain/parties/agreement.ts'
import { valueScore, versionAt } from '../domain/rulebook/match.ts'
import type { Match, RuleBook } from '../domain/rulebook/rule-book.ts'
import type { OrderLine, OrderSnapshot } from './events.ts'

/** The snapshot as billing needs it, or why it cannot be billed by anybody. */
export function readGoods(snapshot: OrderSnapshot): Goods | Refusal {
  const { currency } = snapshot
  const exponent = exponentOf(currency) ?? 0
  const lines = rising(snapshot.lines)
  const list: number[] = []
  let sum = 0
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place] as OrderLine
    if (place > 0 && lines[place - 1]?.lineNo === line.lineNo) {
      return refuse('SCHEMA_INVALID', `order.lines: lineNo ${line.lineNo} occurs twice`)
    }
    const amount = lineAmount(line, exponent)
    if (typeof amount !== 'number') return amount
    list.push(amount)
    sum += amount
  }
  if (sum > maxAmount) return refuse('OUT_OF_RANGE', 'order.lines: the order is too large')
  const goods: Goods = {
    currency,
    lineNo: lines.map(({ lineNo }) => lineNo),
    sku: lines.map(({ sku }) => sku),
    skuType: lines.map(({ skuType }) => skuType),
    category: lines.map(({ category }) => category),
    quantity: lines.map(({ quantity }) => quantity),
    list,
    unitCost: lines.map(({ unitCost }) => unitCost),
    gift: lines.map(({ gift }) => gift === true),
    discounts: snapshot.discounts,
    freight: snapshot.freight ?? 0,
    guideId: snapshot.guideId,
    channel: snapshot.channel,
    tags: snapshot.tags,
  }
  return checkDiscounts(goods, exponent) ?? goods
}

/** The lines by rising `lineNo`, which is how most orders have them. */
function rising(lines: readonly OrderLine[]): readonly OrderLine[] {
  for (let place = 1; place < lines.length; place += 1) {
    if ((lines[place - 1] as OrderLine).lineNo < (lines[place] as OrderLine).lineNo) continue
    return [...lines].sort((a, b) => a.lineNo - b.lineNo)
  }
  return lines
}

function lineAmount(line: OrderLine, exponent: number): number | Refusal {
  const { lineNo, amount } = line
  const computed = timesPrice(line.quantity, line.unitPrice, exponent)
  if (computed === undefined) {
    return refuse('OUT_OF_RANGE', `order.lines[${lineNo}].unitPrice: the line is too large`)
  }
  const { unitCost } = line
  if (unitCost !== null && timesPrice(line.quantity, unitCost, exponent) === undefined) {
    return refuse('OUT_OF_RANGE', `order.lines[${lineNo}].unitCost: the line is too large`)
  }
  if (amount === null || amount === computed) return computed
  const why = `order.lines[${lineNo}].amount: is not quantity × unitPrice, rounded`
  return refuse('AMOUNT_NOT_QUANTITY_TIMES_PRICE', why)
}

function checkDiscounts(goods: Goods, exponent: number): Refusal | undefined {
  for (const { lineNo } of goods.discounts) {
    if (lineNo === null || goods.lineNo.includes(lineNo)) continue
    return refuse('LINE_UNKNOWN', `order.discounts: the order has no line ${lineNo}`)
  }
  const { discounts, list } = goods
  // Without discounts both bases are LIST itself.
  const { net, buyerGoods } =
    discounts.length > 0 ? basesOf(goods, exponent) : { net: list, buyerGoods: list }
  for (let place = 0; place < goods.lineNo.length; place += 1) {
    const line = goods.lineNo[place]
    if ((net[place] as number) < 0) {
      return refuse('AMOUNTS_DO_NOT_ADD_UP', `order.lines[${line}]: NET is below 0`)
    }
    if ((buyerGoods[place] as number) < 0) {
      return refuse('AMOUNTS_DO_NOT_ADD_UP', `order.lines[${line}]: BUYER_GOODS is below 0`)
    }
  }
  return undefined
}

/**
 * Whether a party with this agreement can have the order: its currency, and a tender for every
 * discount.
 */
export function checkAgreed(
  goods: Goods,
  { terms, mode }: Agreement,
  ruleBook: RuleBook,
  at: Instant,
): Refusal | undefined {
  if (goods.currency !== terms.currency && ruleBook.fx === null) {
    const why = `order.currency: ${goods.currency}, but the contract is in ${terms.currency}`
    return refuse('CURRENCY_MISMATCH', why)
  }
  if (goods.discounts.every(({ funder, amount }) => funder === 'MERCHANT' || amount === 0)) {
    return undefined
  }
  if (isTendered(ruleBook, mode, at, 'NET')) return undefined
  const kinds = [...platformKinds(basesOf(goods, 0))]
  const uncovered = kinds.find((base) => !isTendered(ruleBook, mode, at, base))
  if (uncovered === undefined) return undefined
  const why = `order.discounts: no TENDER fee of mode ${mode} covers ${uncovered}`
  return refuse('AMOUNTS_DO_NOT_ADD_UP', why)
}

function* platformKinds({ platform }: OrderBases): Generator<string> {
  for (const [base, column] of platform) if (column.some((amount) => amount > 0)) yield base
}

/** Whether a TENDER fee of a mode covers the base at an instant. */
function isTendered({ feeTypes }: RuleBook, mode: string, at: Instant, base: string): boolean {
  for (const { schedules } of feeTypes) {
    for (const schedule of schedules) {
      const formula = schedule.versions[versionAt(schedule, at)]?.formula
      if (formula?.type !== 'TENDER' || formula.of !== base) continue
      if (matchesMode(schedule.match, mode)) return true
    }
  }
  return false
}

function matchesMode({ keys, values }: Match, mode: string): boolean {
  const modes = values[keys.indexOf('mode')]
  return modes === undefined || modes.some((value) => valueScore(value, mode) >= 0)
}
