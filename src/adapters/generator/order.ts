import { largestRemainder } from '../../domain/money/allocate.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import type { Chance } from './chance.ts'
import { drawMerchant, drawProduct, maySupply, merchantId } from './merchants.ts'

/** An order as drawn: what its events print, and what its refunds reckon with. */
export interface Order {
  readonly orderId: string
  readonly partyId: string
  readonly createdAt: number
  /** The snapshot as printed. */
  readonly snapshot: OrderJson
  readonly lines: readonly PricedLine[]
  /** Minor units; 0: none. */
  readonly freight: number
}

/** A line with what a refund of it may take. */
export interface PricedLine {
  readonly lineNo: number
  readonly quantity: number
  /** Minor units: the list amount less the merchant's discounts. */
  readonly net: number
}

export interface OrderJson {
  readonly currency: string
  readonly lines: readonly LineJson[]
  readonly discounts?: readonly DiscountJson[]
  readonly freight?: string
  readonly guideId?: string
  readonly channel: string
  readonly buyerRef?: string
  readonly tags?: readonly string[]
}

interface LineJson {
  readonly lineNo: number
  readonly sku: string
  readonly spu: string
  readonly skuType: string
  readonly category: string
  readonly quantity: number
  readonly unitPrice: string
  readonly gift?: true
  readonly unitCost?: string
}

interface DiscountJson {
  readonly funder: 'MERCHANT' | 'PLATFORM'
  readonly kind: 'COUPON' | 'POINTS'
  readonly amount: string
  readonly lineNo?: number
}

interface DrawnLine {
  readonly json: LineJson
  readonly list: number
}

interface DrawnDiscount {
  readonly json: DiscountJson
  readonly amount: number
}

/** Place, time and demands of an order to draw. */
export interface OrderRequest {
  readonly number: number
  readonly createdAt: number
  readonly merchants: number
  /** A refund of freight needs an order that has some. */
  readonly withFreight: boolean
}

export function drawOrder(chance: Chance, request: OrderRequest): Order {
  const merchant = drawMerchant(chance, request.merchants)
  const lines = drawLines(chance, merchant)
  const merchantCoupon = drawMerchantCoupon(chance, lines)
  const discounts = [
    ...merchantCoupon,
    ...(maySupply(merchant) ? [] : drawPlatformDiscounts(chance, lines)),
  ]
  const hasFreight = request.withFreight || chance.hit(3_000)
  const freight = hasFreight ? chance.pick([600, 800, 1_000, 1_200, 1_500, 2_200]) : 0
  return {
    orderId: `O-${String(request.number).padStart(7, '0')}`,
    partyId: merchantId(merchant),
    createdAt: request.createdAt,
    snapshot: {
      currency: 'CNY',
      lines: lines.map(({ json }) => json),
      ...(discounts.length === 0 ? {} : { discounts: discounts.map(({ json }) => json) }),
      ...(freight === 0 ? {} : { freight: yuan(freight) }),
      ...drawContext(chance),
    },
    lines: priced(lines, merchantCoupon),
    freight,
  }
}

function drawContext(chance: Chance): Pick<OrderJson, 'guideId' | 'channel' | 'buyerRef' | 'tags'> {
  const guideId = `G-${String(chance.between(1, 60)).padStart(3, '0')}`
  const buyerRef = `B-${String(chance.below(9_000)).padStart(4, '0')}`
  const tags = chance.weighted<readonly string[]>([
    [86, []],
    [11, ['618']],
    [2, ['618', 'live']],
    [1, ['test']],
  ])
  return {
    ...(chance.hit(1_500) ? { guideId } : {}),
    channel: chance.pick(['alipay', 'wechat', 'unionpay']),
    ...(chance.hit(4_000) ? { buyerRef } : {}),
    ...(tags.length === 0 ? {} : { tags }),
  }
}

function drawLines(chance: Chance, merchant: number): DrawnLine[] {
  const count = chance.weighted([
    [62, 1],
    [24, 2],
    [10, 3],
    [4, 5],
  ])
  const lines: DrawnLine[] = []
  for (let lineNo = 1; lineNo <= count; lineNo += 1) {
    lines.push(drawLine(chance, merchant, lineNo))
  }
  if (chance.hit(600)) lines.push(drawGift(chance, merchant, count + 1))
  return lines
}

function drawLine(chance: Chance, merchant: number, lineNo: number): DrawnLine {
  const product = drawProduct(chance, merchant)
  const quantity = chance.weighted([
    [72, 1],
    [18, 2],
    [7, 3],
    [3, 6],
  ])
  const { sku, spu, skuType, category, unitPrice, unitCost } = product
  return {
    json: {
      lineNo,
      sku,
      spu,
      skuType,
      category,
      quantity,
      unitPrice: yuan(unitPrice),
      ...(maySupply(merchant) ? { unitCost: yuan(unitCost) } : {}),
    },
    list: quantity * unitPrice,
  }
}

function drawGift(chance: Chance, merchant: number, lineNo: number): DrawnLine {
  const { sku, spu, skuType, category } = drawProduct(chance, merchant)
  const quantity = chance.between(1, 2)
  const json = { lineNo, sku, spu, skuType, category, quantity, unitPrice: '0.00', gift: true }
  return { json: { ...json, gift: true }, list: 0 }
}

/** At most one, on the order or on its first line, so that the net never comes near 0. */
function drawMerchantCoupon(chance: Chance, lines: readonly DrawnLine[]): DrawnDiscount[] {
  if (!chance.hit(2_200)) return []
  const onLine = chance.hit(3_500)
  const base = onLine ? (lines[0] as DrawnLine).list : listOf(lines)
  const amount = Math.trunc((base * chance.between(3, 18)) / 100)
  const json = { funder: 'MERCHANT', kind: 'COUPON', amount: yuan(amount) } as const
  return [{ json: onLine ? { ...json, lineNo: 1 } : json, amount }]
}

function drawPlatformDiscounts(chance: Chance, lines: readonly DrawnLine[]): DrawnDiscount[] {
  const list = listOf(lines)
  const discounts: DrawnDiscount[] = []
  if (chance.hit(1_800)) {
    const amount = Math.trunc((list * chance.between(2, 12)) / 100)
    discounts.push({ json: { funder: 'PLATFORM', kind: 'COUPON', amount: yuan(amount) }, amount })
  }
  if (chance.hit(1_500)) {
    const amount = Math.trunc((list * chance.between(1, 5)) / 100)
    discounts.push({ json: { funder: 'PLATFORM', kind: 'POINTS', amount: yuan(amount) }, amount })
  }
  return discounts
}

function listOf(lines: readonly DrawnLine[]): number {
  let sum = 0
  for (const { list } of lines) sum += list
  return sum
}

/** The net of each line, split as the rules say: by list amount, largest remainder. */
function priced(lines: readonly DrawnLine[], coupons: readonly DrawnDiscount[]): PricedLine[] {
  const nets = lines.map(({ list }) => list)
  for (const { json, amount } of coupons) {
    const shares =
      json.lineNo === undefined
        ? largestRemainder(
            amount,
            lines.map(({ list }) => list),
          )
        : lines.map((line) => (line.json.lineNo === json.lineNo ? amount : 0))
    for (const [index, share] of shares.entries()) nets[index] = (nets[index] as number) - share
  }
  return lines.map(({ json: { lineNo, quantity } }, index) => {
    return { lineNo, quantity, net: nets[index] as number }
  })
}

/** Minor units of the marketplace's one currency as events print them. */
export function yuan(minor: number): string {
  return formatMinor(minor, 'CNY')
}
