import { largestRemainder } from '../money/allocate.ts'
import { timesPrice } from '../money/decimal.ts'
import { type Minor, shareOf } from '../money/money.ts'
import type { Base } from '../rulebook/rule-book.ts'
import { type Conversion, convert } from './conversion.ts'
import type { Goods, GoodsDiscount, RefundedBefore } from './order.ts'

const noColumns: ReadonlyMap<Base, Minor[]> = new Map()

/**
 * What fees are computed of, per order line and summed. Columns are by place of the line in
 * `goods`; a line that was refunded whole before billing is `gone` and counts nowhere.
 */
export class OrderBases {
  readonly gone: boolean[]
  readonly list: Minor[]
  readonly net: Minor[]
  readonly buyerGoods: Minor[]
  readonly quantity: number[]
  /** Columns by `PLATFORM_DISCOUNT:KIND`; most orders have none. */
  platform: ReadonlyMap<Base, Minor[]> = noColumns
  /** Set where the columns were converted: freight and costs are to be, too. */
  conversion: Conversion | null = null
  private readonly goods: Goods
  private readonly exponent: number
  /** By amount: all that is split is asked for line by line. */
  private splits: Map<Minor, readonly Minor[]> | undefined

  constructor(goods: Goods, exponent: number) {
    this.goods = goods
    this.exponent = exponent
    // Copies have the size of the order; columns that grow by `push` take room for 17 lines each.
    this.gone = goods.list.map(() => false)
    this.list = goods.list.slice()
    this.net = goods.list.slice()
    this.buyerGoods = goods.list.slice()
    this.quantity = goods.quantity.slice()
  }

  /** A base of one line, or with −1 of the whole order. */
  of(base: Base, line: number): Minor {
    switch (base) {
      case 'LIST':
        return pick(this.list, line)
      case 'NET':
        return pick(this.net, line)
      case 'BUYER_GOODS':
        return pick(this.buyerGoods, line)
      case 'FREIGHT':
        return this.freight(line)
      case 'BUYER_PAID':
        return pick(this.buyerGoods, line) + this.freight(line)
      case 'COST':
        return line < 0 ? this.costOfAll() : this.cost(line)
      default:
        return pick(this.platform.get(base), line)
    }
  }

  private freight(line: number): Minor {
    const { conversion } = this
    const freight =
      conversion === null ? this.goods.freight : convert(this.goods.freight, conversion)
    return line < 0 || freight === 0 ? freight : this.split(freight, line)
  }

  /** What falls on a line of an amount of the whole order: split by LIST over the lines left. */
  split(amount: Minor, line: number): Minor {
    let shares = this.splits?.get(amount)
    if (shares === undefined) {
      shares = largestRemainder(amount, this.weights())
      this.splits ??= new Map()
      this.splits.set(amount, shares)
    }
    return shares[line] as Minor
  }

  private weights(): readonly Minor[] {
    if (this.list.some((amount) => amount > 0)) return this.list
    // Where only gifts are left the first of them bears it, never a line that is gone.
    const first = this.gone.indexOf(false)
    return this.list.map((_, line) => (line === first ? 1 : 0))
  }

  private cost(line: number): Minor {
    const unitCost = this.goods.unitCost[line]
    if (unitCost === null || unitCost === undefined) return 0
    const cost = timesPrice(this.quantity[line] as number, unitCost, this.exponent) ?? 0
    return this.conversion === null ? cost : convert(cost, this.conversion)
  }

  private costOfAll(): Minor {
    let sum = 0
    for (let line = 0; line < this.list.length; line += 1) sum += this.cost(line)
    return sum
  }
}

function pick(column: readonly Minor[] | undefined, line: number): Minor {
  if (column === undefined) return 0
  if (line >= 0) return column[line] as Minor
  let sum = 0
  for (let place = 0; place < column.length; place += 1) sum += column[place] as Minor
  return sum
}

/** The bases of an order as it was placed. */
export function basesOf(goods: Goods, exponent: number): OrderBases {
  const bases = new OrderBases(goods, exponent)
  for (const discount of goods.discounts) takeDiscount(bases, goods, discount)
  return bases
}

function takeDiscount(bases: OrderBases, goods: Goods, discount: GoodsDiscount): void {
  const shares =
    discount.lineNo === null
      ? largestRemainder(discount.amount, goods.list)
      : goods.lineNo.map((lineNo) => (lineNo === discount.lineNo ? discount.amount : 0))
  const platform = discount.funder === 'PLATFORM' ? platformColumn(bases, discount.kind) : undefined
  for (let line = 0; line < shares.length; line += 1) {
    const share = shares[line] as Minor
    bases.buyerGoods[line] = (bases.buyerGoods[line] as Minor) - share
    if (platform === undefined) bases.net[line] = (bases.net[line] as Minor) - share
    else platform[line] = (platform[line] as Minor) + share
  }
}

function platformColumn(bases: OrderBases, kind: string): Minor[] {
  const base = `PLATFORM_DISCOUNT:${kind}`
  const known = bases.platform.get(base)
  if (known !== undefined) return known
  const column = bases.list.map(() => 0)
  bases.platform = new Map([...bases.platform, [base, column]])
  return column
}

/**
 * The bases of what is left to bill after refunds: list and platform discounts shrink by
 * round(value × refunded ÷ NET), BUYER_GOODS takes the rest, NET is exactly what is left.
 */
export function basesLeft(goods: Goods, exponent: number, refunded: RefundedBefore): OrderBases {
  const bases = basesOf(goods, exponent)
  if (refunded.amount.length === 0) return bases
  for (let line = 0; line < bases.net.length; line += 1) shrink(bases, line, refunded)
  return bases
}

function shrink(bases: OrderBases, line: number, refunded: RefundedBefore): void {
  const amount = refunded.amount[line] as Minor
  const quantity = refunded.quantity[line] as number
  const net = bases.net[line] as Minor
  const placed = bases.quantity[line] as number
  if (amount === 0 && quantity === 0) return
  if (net === 0 ? quantity >= placed : amount === net) {
    remove(bases, line)
    return
  }
  bases.quantity[line] = Math.max(placed - quantity, 0)
  if (amount === 0) return
  bases.list[line] = less(bases.list[line] as Minor, amount, net)
  bases.net[line] = net - amount
  let buyerGoods = net - amount
  for (const column of bases.platform.values()) {
    column[line] = less(column[line] as Minor, amount, net)
    buyerGoods -= column[line] as Minor
  }
  bases.buyerGoods[line] = takeBack(bases, line, buyerGoods)
}

/** Discounts that rounded up together may exceed NET by some units: no tender may fall below 0. */
function takeBack(bases: OrderBases, line: number, buyerGoods: Minor): Minor {
  let missing = -buyerGoods
  for (const column of bases.platform.values()) {
    if (missing <= 0) break
    const taken = Math.min(missing, column[line] as Minor)
    column[line] = (column[line] as Minor) - taken
    missing -= taken
  }
  return Math.max(buyerGoods, 0)
}

function less(value: Minor, refunded: Minor, net: Minor): Minor {
  return value - shareOf(value, refunded, net)
}

function remove(bases: OrderBases, line: number): void {
  bases.gone[line] = true
  bases.list[line] = 0
  bases.net[line] = 0
  bases.buyerGoods[line] = 0
  bases.quantity[line] = 0
  for (const column of bases.platform.values()) column[line] = 0
}
