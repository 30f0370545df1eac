import { parseDecimal, toFraction } from '../../src/domain/money/decimal.ts'
import type { RebateMethod, TieredFormula } from '../../src/domain/rebates/rebate.ts'
import { settleRebate } from '../../src/domain/rebates/settle.ts'
import { bookOf, contractOf, tick } from './market.ts'
import type { Json } from './world.ts'

/** Tiers as `from rate`, e.g. `1000 0.02`. */
export type TierText = readonly string[]

/** 2 % from 1000, 3 % from 2000, 5 % from 5000. */
export const requiredTiers: TierText = ['1000 0.02', '2000 0.03', '5000 0.05']

/** What a method makes of a base in CNY, both as printed. */
export function rebateOn(
  base: string,
  method: RebateMethod,
  tiers: TierText,
  options: { readonly measure?: 'AMOUNT' | 'QUANTITY'; readonly stopsAt?: string } = {},
): string {
  const { measure = 'AMOUNT', stopsAt } = options
  const value = decimal(stopsAt ?? '1000000')
  const formula: TieredFormula = {
    type: 'TIERED',
    measure,
    method,
    tiers: tiers.map((text) => {
      const [from = '', rate = ''] = text.split(' ')
      return { from: decimal(from), rate: toFraction(decimal(rate)), rateText: rate }
    }),
    above: { value, stops: stopsAt !== undefined },
  }
  const amount = Number(base)
  const settled = settleRebate(
    formula,
    { net: Math.round(amount * 100), quantity: amount, cost: 0 },
    2,
  )
  return (settled.amount / 100).toFixed(2)
}

function decimal(text: string): { readonly unscaled: number; readonly scale: number } {
  const read = parseDecimal(text)
  if (read === undefined) throw new Error(`${text} is no decimal`)
  return read
}

/** What applies above the last tier; the last rate goes on where nothing else is said. */
export function above(value: string, then = 'LAST_RATE'): Json {
  return { value, then }
}

/** A monthly 达到返 on sales net of returns, from party to platform. */
export function salesRebate(overrides: Json = {}): Json {
  return {
    rebateId: 'rb-sales',
    kind: 'SALES',
    direction: 'PARTY_TO_PLATFORM',
    measure: 'AMOUNT',
    method: 'VOLUME',
    period: 'MONTH',
    base: { netOfReturns: true },
    tiers: [
      { from: '1000', rate: '0.02' },
      { from: '2000', rate: '0.03' },
      { from: '5000', rate: '0.05' },
    ],
    above: above('10000'),
    afterClose: 'TRUE_UP_NEXT_PERIOD',
    ...overrides,
  }
}

/** The goods alone, and these rebates. */
export function rebateBook(rebates: readonly Json[], contract: Json = {}): Json {
  const goods = {
    code: 'GOODS_PAYMENT',
    sign: '+',
    posting: 'goods',
    formula: { type: 'TENDER', of: 'NET' },
  }
  return bookOf([goods], contractOf(contract), { rebates })
}

/** The first instant after October 2025, and after the months that follow. */
export const endOf = {
  october: tick('2025-11-01T00:00:00.000+08:00'),
  november: tick('2025-12-01T00:00:00.000+08:00'),
  december: tick('2026-01-01T00:00:00.000+08:00'),
}
