import type { Bill } from '../../domain/billing/forward.ts'
import type { Billed, Order } from '../../domain/billing/order.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { type Decimal, timesPrice } from '../../domain/money/decimal.ts'
import { type Minor, shareOf } from '../../domain/money/money.ts'
import { orderEvents } from '../../domain/parties/contract.ts'
import { counts } from '../../domain/rebates/filter.ts'
import type { RebateTerms } from '../../domain/rebates/rebate.ts'
import { matchesLine } from '../../domain/rulebook/match.ts'
import type { MatchedRebate } from '../../domain/rulebook/rule-book.ts'
import { keyText, type Statement } from '../../domain/statements/statement.ts'
import { orderKey } from '../agenda.ts'
import type { FoldContext } from '../context.ts'
import { costKey } from '../fact-keys.ts'
import type { CountedOrder, CountedShare } from '../rows/rebate-rows.ts'
import { addTo, placeOf, takeFrom } from './accounts.ts'
import type { Cause } from './cliff-warning.ts'
import { costs, countedOrders } from './tables.ts'

/** Counts an order that is being billed towards the rebates that its lines match. */
export function countSale(
  context: FoldContext,
  order: Order,
  bill: Bill,
  statement: Statement,
): void {
  const shares: CountedShare[] = []
  const cost = costsOf(context, bill, order.partyId)
  const key = keyText(statement)
  for (const rebate of bill.ruleBook.rebates) {
    if (rebate.kind === 'PURCHASE' || rebate.kind === 'UNSTRUCTURED') continue
    const place = placeOf(context, rebate, statement)
    if (place === undefined) continue
    const lines = linesOf(order, bill, rebate, place.terms, cost)
    if (lines.length === 0) continue
    addTo(context, key, rebate.rebateId, place, sumOf(lines, bill, cost))
    shares.push({ rebateId: rebate.rebateId, day: place.day, lines })
  }
  if (shares.length === 0) return
  const { quantity } = bill.bases
  context.state.put(countedOrders, orderKey(order.createdAt, order.orderId, order.partyId), {
    key,
    shares,
    quantity: [...quantity],
    cost: cost.map((amount) => amount ?? 0),
    returned: quantity.map(() => 0),
  })
}

/** Takes what a refund returned off the rebates that the order counted towards. */
export function countReturn(
  context: FoldContext,
  order: Order,
  billed: Billed,
  { before, units, cause }: Returned,
): void {
  const { state } = context
  const id = orderKey(order.createdAt, order.orderId, order.partyId)
  const counted = state.get(countedOrders, id)
  if (counted === undefined) return
  const of = { key: counted.key, currency: billed.currency }
  const back = billed.lines.net.map((_, line) => returnOf(billed, counted, line, before, units))
  for (const { rebateId, day, lines } of counted.shares) {
    const base = { net: 0, quantity: 0, cost: 0 }
    for (const line of lines) {
      const { net, quantity, cost } = back[line] as Back
      base.net += net
      base.quantity += quantity
      base.cost += cost
    }
    const isNothing = base.net === 0 && base.quantity === 0 && base.cost === 0
    if (!isNothing) takeFrom(context, of, { rebateId, day }, base, cause)
  }
  back.forEach(({ quantity }, line) => {
    counted.returned[line] = (counted.returned[line] as number) + quantity
  })
  state.put(countedOrders, id, counted)
}

/** What a refund did, by place of the line. */
export interface Returned {
  /** What was reversed of the lines' NET before it. */
  readonly before: readonly Minor[]
  /** Units that it names; 0: it names none. */
  readonly units: readonly number[]
  /** The refund. */
  readonly cause: Cause
}

interface Back {
  readonly net: Minor
  readonly quantity: number
  readonly cost: Minor
}

function returnOf(
  { lines }: Billed,
  counted: CountedOrder,
  line: number,
  before: readonly Minor[],
  units: readonly number[],
): Back {
  const net = lines.net[line] as Minor
  const [was, is] = [before[line] as Minor, lines.reversed[line] as Minor]
  const left = (counted.quantity[line] as number) - (counted.returned[line] as number)
  const named = units[line] as number
  // A refund of money alone returns no goods, until it takes the last of their price.
  const quantity = named === 0 ? (is === net && is > was ? left : 0) : Math.min(named, left)
  const whole = counted.cost[line] as Minor
  const cost = net === 0 ? 0 : shareOf(whole, is, net) - shareOf(whole, was, net)
  return { net: is - was, quantity, cost }
}

function linesOf(
  order: Order,
  bill: Bill,
  { match }: MatchedRebate,
  terms: RebateTerms,
  cost: readonly (Minor | null)[],
): number[] {
  const { goods, bases, facts, occurredAt } = bill
  const { filter, formula, window } = terms
  if (window !== null && (occurredAt < window.from || occurredAt >= window.to)) return []
  const status = statusOf(order)
  return [...goods.lineNo.keys()].filter((line) => {
    const isKnown = formula.type !== 'MARGIN' || cost[line] !== null
    const gift = goods.gift[line] as boolean
    return (
      bases.gone[line] !== true &&
      isKnown &&
      isNamed(terms, goods.sku[line] as string) &&
      counts(filter, { gift, tags: goods.tags, status }) &&
      matchesLine(match, facts, goods, line)
    )
  })
}

function isNamed({ skus }: RebateTerms, sku: string): boolean {
  return skus === null || skus.includes(sku)
}

/** The furthest state that the order has reached, like COMPLETED. */
function statusOf({ facts }: Order): string {
  const furthest = facts.findLastIndex((fact) => fact !== null)
  return (orderEvents[furthest] ?? '').slice('ORDER_'.length)
}

/** By place of the line; null: not known. */
function costsOf(context: FoldContext, bill: Bill, partyId: string): (Minor | null)[] {
  const { goods, bases, ruleBook } = bill
  const isAsked = ruleBook.rebates.some(({ kind }) => kind === 'MARGIN_PROTECTION')
  const exponent = exponentOf(goods.currency) ?? 0
  return goods.unitCost.map((own, line) => {
    const sku = goods.sku[line] as string
    const unitCost = own ?? (isAsked ? published(context, bill, partyId, sku) : null)
    if (unitCost === null) return null
    return timesPrice(bases.quantity[line] as number, unitCost, exponent) ?? null
  })
}

/** The published cost that is valid at the settleable instant. */
function published(
  { state }: FoldContext,
  { goods, occurredAt }: Bill,
  partyId: string,
  sku: string,
): Decimal | null {
  const rows = state.get(costs, costKey(partyId, sku)) ?? []
  const valid = rows.findLast(({ validFrom }) => validFrom <= occurredAt)
  return valid?.currency === goods.currency ? valid.unitCost : null
}

function sumOf(lines: readonly number[], { bases }: Bill, cost: readonly (Minor | null)[]): Back {
  const base = { net: 0, quantity: 0, cost: 0 }
  for (const line of lines) {
    base.net += bases.net[line] as Minor
    base.quantity += bases.quantity[line] as number
    base.cost += cost[line] ?? 0
  }
  return base
}
