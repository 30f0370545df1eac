import fc from 'fast-check'
import { cents, money } from './billed.ts'
import { completed, type FeeOf, refunded } from './market.ts'
import type { Json, World } from './world.ts'

const policies = [
  'PROPORTIONAL',
  'NONE',
  'FULL_ON_FULL_REFUND',
  'FULL_ON_ANY_REFUND',
  'RETENTION',
  'UPSTREAM',
  'RETAIN_FEE',
] as const

export const grains = ['LINE', 'ORDER'] as const
const roundings = ['HALF_UP', 'HALF_EVEN', 'DOWN', 'UP'] as const

const tender = (code: string, of: string): FeeOf => ({
  code,
  sign: '+',
  posting: 'goods',
  formula: { type: 'TENDER', of },
})

const tenders: readonly FeeOf[] = [
  tender('GOODS', 'BUYER_GOODS'),
  tender('COUPON', 'PLATFORM_DISCOUNT:COUPON'),
  tender('POINTS', 'PLATFORM_DISCOUNT:POINTS'),
]

/** One fee of each policy and grain, rounded each in its own way. */
const fees: readonly FeeOf[] = policies.flatMap((policy, index) =>
  grains.map((grain, place) => ({
    code: `${policy}_${grain}`,
    sign: (index + place) % 2 === 0 ? '-' : '+',
    grain,
    rounding: roundings[(index + place) % 4],
    tax: { rate: '0.06', inclusive: true },
    reversal: { policy, ...(policy === 'RETAIN_FEE' ? { rate: '0.20', cap: '0.30' } : {}) },
    formula: { type: 'SHARE', of: 'NET', rate: `0.0${index + 3}7` },
  })),
)

/** Three tenders, and one fee of each policy and grain, rounded each in its own way. */
export const refundFees: readonly FeeOf[] = [...tenders, ...fees]

/** An order, and in what parts it is refunded. */
export interface Market {
  readonly prices: readonly number[]
  /** Hundredths of what is left to discount: merchant's, coupon, points. */
  readonly shares: readonly [number, number, number]
  /** Line and hundredths of the line's NET. */
  readonly parts: readonly (readonly [number, number])[]
}

const hundredth = fc.integer({ min: 0, max: 60 })
/** Up to four lines, three discounts, seven refunds before the last one. */
export const markets: fc.Arbitrary<Market> = fc.record({
  prices: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 4 }),
  shares: fc.tuple(hundredth, hundredth, hundredth),
  parts: fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 0, max: 100 })), { maxLength: 7 }),
})

/** OrderCompleted of `O-1`. */
export function orderOf({ prices, shares }: Market): Json {
  let left = prices.reduce((sum, price) => sum + price, 0)
  const discounts: Json[] = []
  for (const [index, [funder, kind]] of [
    ['MERCHANT', 'COUPON'],
    ['PLATFORM', 'COUPON'],
    ['PLATFORM', 'POINTS'],
  ].entries()) {
    const amount = Math.floor((left * (shares[index] as number)) / 200)
    left -= amount
    if (amount > 0) discounts.push({ funder, kind, amount: money(amount) } as Json)
  }
  return completed('O-1', prices.map(money), { order: { discounts } })
}

/** NET of each line, from its tenders. */
export function netsOf(world: World, count: number): number[] {
  const nets = Array.from({ length: count }, () => 0)
  for (const { leg, lineNo, feeType, amount } of world.lines()) {
    if (leg !== 'FORWARD' || !isTender(feeType)) continue
    nets[Number(lineNo) - 1] = (nets[Number(lineNo) - 1] as number) + cents(amount)
  }
  return nets
}

/** A refund, and what it takes of each line. */
export interface Refund {
  readonly event: Json
  readonly amounts: readonly number[]
}

/** The refunds of the parts, and last what is left of every line. */
export function refundsOf({ parts }: Market, nets: readonly number[]): Refund[] {
  const left = [...nets]
  const refunds: Refund[] = []
  const refund = (amounts: readonly number[]): void => {
    amounts.forEach((amount, line) => {
      left[line] = (left[line] as number) - amount
    })
    const named = amounts.flatMap((amount, line) =>
      amount === 0 ? [] : [[line + 1, money(amount)] as const],
    )
    if (named.length === 0) return
    refunds.push({ event: refunded(`R-${refunds.length + 1}`, 'O-1', named), amounts })
  }
  for (const [line, share] of parts) {
    const whole = nets[line] ?? 0
    const amount = Math.min(Math.ceil((whole * share) / 100), left[line] ?? 0)
    refund(nets.map((_, place) => (place === line ? amount : 0)))
  }
  refund([...left])
  return refunds
}

/** Whether the fee type is one of the three tenders. */
export function isTender(feeType: unknown): boolean {
  return tenders.some(({ code }) => code === feeType)
}
