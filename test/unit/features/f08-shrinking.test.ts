import { describe, expect, test } from 'vitest'
import { discount, feesOf, linesOf } from '../../support/billed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  type FeeOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F08: list and each discount shrink by round(value × refunded ÷ NET), cumulatively; the goods take
// the rest; NET, the base of what comes later, is exactly what is left.

const sevenDays = contractOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } })
const ofList: FeeOf = { code: 'OF_LIST', formula: { type: 'SHARE', of: 'LIST', rate: '1' } }
const perUnit: FeeOf = {
  code: 'PER_UNIT',
  formula: { type: 'FIXED', amount: '1.00', per: 'UNIT' },
}
const perLine: FeeOf = {
  code: 'PER_LINE',
  grain: 'ORDER',
  formula: { type: 'FIXED', amount: '1.00', per: 'LINE' },
}

async function billed(order: Json, ...refunds: readonly Json[]): Promise<World> {
  const fees = [...commonFees, ofList, perUnit, perLine]
  const world = await openWorld({ ruleBook: bookOf(fees, sevenDays) })
  await world.send(completed('O-1', [], { order }), ...refunds, tick(at('27T10:00')))
  return world
}

const line = (lineNo: number, quantity: number, unitPrice: string): Json => ({
  lineNo,
  sku: `SKU-${lineNo}`,
  quantity,
  unitPrice,
})

describe('the order of domain.md 3.5, refunded before it is billed', () => {
  const order = {
    lines: [line(1, 1, '200.00')],
    discounts: [
      discount('MERCHANT', '10.00'),
      discount('PLATFORM', '20.00'),
      discount('PLATFORM', '5.00', 'POINTS'),
    ],
  }
  const parts = ['63.34', '63.33', '63.33']

  // biome-ignore format: the columns are a table
  const cases = [
    // refunds  goods     coupon   points  commission  list
    [0,         '165.00', '20.00', '5.00', '-9.50',    '-200.00'],
    [1,         '110.00', '13.33', '3.33', '-6.33',    '-133.33'],
    [2,         '54.99',  '6.67',  '1.67', '-3.17',    '-66.66'],
  ] as const

  test.each(cases)('%d of three', async (count, goods, coupon, points, commission, list) => {
    const refunds = parts.map((part, index) => refunded(`R-${index}`, 'O-1', [[1, part]]))
    const world = await billed(order, ...refunds.slice(0, count))
    expect(feesOf(world)).toEqual([
      `GOODS_PAYMENT ${goods}`,
      `PLATFORM_COUPON_SUBSIDY ${coupon}`,
      `BEAN_SUBSIDY ${points}`,
      `COMMISSION ${commission}`,
      `OF_LIST ${list}`,
      'PER_UNIT -1.00',
      'PER_LINE -1.00',
    ])
    // What comes later leaves nothing, whatever came before.
    await world.send(...refunds.slice(count))
    expect(feesOf(world).every((fee) => fee.endsWith(' 0.00'))).toBe(true)
  })

  test('all three: it is not billed', async () => {
    const refunds = parts.map((part, index) => refunded(`R-${index}`, 'O-1', [[1, part]]))
    const world = await billed(order, ...refunds)
    expect(world.lines()).toEqual([])
    expect(await world.statements()).toEqual([])
    await world.send(refunded('R-9', 'O-1', [[1, '1.00']]))
    expect(linesOf(world, 'R-9:refund')).toEqual(['1 COMPENSATION COMPENSATION -1.00'])
  })
})

test('no tender falls below 0 where discounts of one fen each round up together', async () => {
  const kinds = [
    ['PLATFORM', 'COUPON'],
    ['PLATFORM', 'POINTS'],
  ] as const
  const discounts = kinds.map(([funder, kind]) => discount(funder, '0.01', kind))
  const order = { lines: [line(1, 1, '0.03')], discounts }
  // Of NET 0.03, 0.02 is refunded: each fen shrinks by round(0.67) = 1, so 0.01 is the buyer's.
  const first = await billed(order, refunded('R-1', 'O-1', [[1, '0.02']]))
  expect(feesOf(first)).toContain('GOODS_PAYMENT 0.01')
  // Of 0.01 refunded, each stays: round(0.33) = 0; nothing is left for the goods.
  const second = await billed(order, refunded('R-1', 'O-1', [[1, '0.01']]))
  expect(linesOf(second, 'O-1:completed').slice(0, 2)).toEqual([
    '1 PLATFORM_COUPON_SUBSIDY FORWARD 0.01',
    '1 BEAN_SUBSIDY FORWARD 0.01',
  ])
  // Two tenders of a fen each on 0.02, of which 0.01 is refunded: round(0.5) = 1 goes off both.
  const third = await billed(
    { lines: [line(1, 1, '0.02')], discounts },
    refunded('R-1', 'O-1', [[1, '0.01']]),
  )
  expect(linesOf(third, 'O-1:completed')[0]).toBe('1 GOODS_PAYMENT FORWARD 0.01')
})

describe('quantity', () => {
  const order = { lines: [line(1, 3, '10.00'), line(2, 1, '0.00'), line(3, 2, '5.00')] }
  const refund = (...lines: readonly Json[]): Json => ({ ...refunded('R-1', 'O-1', []), lines })
  const of = (lineNo: number, amount: string, quantity?: number): Json => ({
    lineNo,
    amount,
    ...(quantity === undefined ? {} : { quantity }),
  })

  // biome-ignore format: the columns are a table
  const cases = [
    // refund                       units by line                  lines  why
    [[],                            { 1: '-3.00', 2: '-1.00', 3: '-2.00' }, 3, 'nothing refunded'],
    [[of(1, '10.00', 1)],           { 1: '-2.00', 2: '-1.00', 3: '-2.00' }, 3, 'one unit less'],
    [[of(1, '10.00')],              { 1: '-3.00', 2: '-1.00', 3: '-2.00' }, 3, 'an amount alone leaves the units'],
    [[of(1, '10.00', 9)],           { 2: '-1.00', 3: '-2.00' },             3, 'no units, and 20.00 are left'],
    [[of(1, '30.00', 1)],           { 2: '-1.00', 3: '-2.00' },             2, 'refunded whole, whatever the units'],
    [[of(2, '0.00', 1)],            { 1: '-3.00', 3: '-2.00' },             2, 'a gift, by its unit'],
    [[of(2, '0.00')],               { 1: '-3.00', 2: '-1.00', 3: '-2.00' }, 3, 'a gift, by no unit'],
    [[of(1, '10.00', 1), of(1, '10.00', 1)], { 1: '-1.00', 2: '-1.00', 3: '-2.00' }, 3, 'a line named twice'],
  ] as const

  test.each(cases)('%j: %j', async (lines, units, count) => {
    const refunds = lines.length === 0 ? [] : [refund(...lines)]
    const world = await billed(order, ...refunds)
    const found = world.lines().filter(({ feeType }) => feeType === 'PER_UNIT')
    expect(Object.fromEntries(found.map(({ lineNo, amount }) => [lineNo, amount]))).toEqual(units)
    expect(feesOf(world)).toContain(`PER_LINE -${count}.00`)
  })
})

test('before billed means before the record that bills it, whatever the instants say', async () => {
  const late = { occurredAt: at('29T00:00') }
  const order = { lines: [line(1, 1, '100.00')] }
  const before = await billed(order, refunded('R-1', 'O-1', [[1, '40.00']], late))
  expect(feesOf(before)).toContain('GOODS_PAYMENT 60.00')
  expect(linesOf(before, 'R-1:refund')).toEqual([])

  const early = { occurredAt: at('21T00:00') }
  const after = await billed(order)
  await after.send(refunded('R-1', 'O-1', [[1, '40.00']], early))
  expect(linesOf(after, 'R-1:refund')[0]).toBe('1 GOODS_PAYMENT REVERSE -40.00')
})
