import { describe, expect, test } from 'vitest'
import { discount, linesOf, status } from '../../support/billed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  type FeeOf,
  refunded,
} from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F07, F02 and the bases of interfaces.md section 4.

const opened = (
  fees: readonly FeeOf[] = commonFees,
  contract: Json = contractOf(),
): Promise<World> => openWorld({ ruleBook: bookOf(fees, contract) })

test('F07 [derived]: goods 190.00, commission 9.50 with 0.54 of tax inside', async () => {
  const world = await opened([
    commonFees[0] as FeeOf,
    { ...(commonFees[3] as FeeOf), tax: { rate: '0.06', inclusive: true } },
  ])
  await world.send(completed('O-1', ['190.00']), refunded('R-1', 'O-1', [[1, '95.00']]))
  const [goods, commission, , back] = world.lines()
  expect(goods).toMatchObject({ amount: '190.00', leg: 'FORWARD' })
  expect(commission).toMatchObject({
    amount: '-9.50',
    taxAmount: '-0.54',
    basis: { of: 'NET', base: '190.00', rate: '0.05', exact: '-950/1' },
    ruleId: 'fs-commission',
    ruleBookVersion: 1,
  })
  expect(back).toMatchObject({
    amount: '4.75',
    taxAmount: '0.27',
    originLineId: commission?.lineId,
  })
  const [statement] = await world.statements()
  expect(statement).toMatchObject({ taxTotal: '-0.27' })
})

describe('every base of an order, over two lines with all discounts and freight', () => {
  // List 100.00 + 50.00; merchant 15.00 → 10.00/5.00; coupon 9.00 → 6.00/3.00; freight 3.00 → 2.00/1.00.
  const order = {
    discounts: [discount('MERCHANT', '15.00'), discount('PLATFORM', '9.00')],
    freight: '3.00',
    lines: [
      { lineNo: 1, sku: 'A', quantity: 4, unitPrice: '25.00', unitCost: '20.005' },
      { lineNo: 2, sku: 'B', quantity: 1, unitPrice: '50.00', unitCost: '30.00' },
    ],
  }
  // biome-ignore format: the columns are a table
  const cases = [
    // base                       line 1     line 2    order
    ['LIST',                     '-100.00', '-50.00', '-150.00'],
    ['NET',                      '-90.00',  '-45.00', '-135.00'],
    ['PLATFORM_DISCOUNT:COUPON', '-6.00',   '-3.00',  '-9.00'],
    ['BUYER_GOODS',              '-84.00',  '-42.00', '-126.00'],
    ['FREIGHT',                  '-2.00',   '-1.00',  '-3.00'],
    ['BUYER_PAID',               '-86.00',  '-43.00', '-129.00'],
    ['COST',                     '-80.02',  '-30.00', '-110.02'],
  ] as const
  for (const [of, first, second, whole] of cases) {
    test(of, async () => {
      const formula = { type: 'SHARE', of, rate: '1' }
      const world = await opened([
        ...commonFees.slice(0, 2),
        { code: 'BY_LINE', formula },
        { code: 'BY_ORDER', grain: 'ORDER', formula },
      ])
      await world.send(completed('O-1', [], { order }))
      const lines = linesOf(world, 'O-1:completed').filter((line) => line.includes('BY_'))
      expect(lines).toEqual([
        `1 BY_LINE FORWARD ${first}`,
        `2 BY_LINE FORWARD ${second}`,
        `- BY_ORDER FORWARD ${whole}`,
      ])
    })
  }
})

describe('FIXED per ORDER, LINE and UNIT at both grains: two lines, four units', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    ['ORDER', ['1 F FORWARD -0.75', '2 F FORWARD -0.25'], ['- G FORWARD -1.00']],
    ['LINE',  ['1 F FORWARD -1.00', '2 F FORWARD -1.00'], ['- G FORWARD -2.00']],
    ['UNIT',  ['1 F FORWARD -3.00', '2 F FORWARD -1.00'], ['- G FORWARD -4.00']],
  ] as const
  for (const [per, byLine, byOrder] of cases) {
    test(per, async () => {
      const formula = { type: 'FIXED', amount: '1.00', per }
      const world = await opened([
        { code: 'F', formula },
        { code: 'G', grain: 'ORDER', formula },
      ])
      const lines = [
        { lineNo: 1, sku: 'A', quantity: 3, unitPrice: '10.00' },
        { lineNo: 2, sku: 'B', quantity: 1, unitPrice: '10.00' },
      ]
      await world.send(completed('O-1', [], { order: { lines } }))
      expect(linesOf(world, 'O-1:completed')).toEqual([...byLine, ...byOrder])
    })
  }
})

describe('an order that does not add up', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // order                                                                code
    [{ discounts: [discount('MERCHANT', '100.01')] },                       'AMOUNTS_DO_NOT_ADD_UP'],
    [{ discounts: [discount('MERCHANT', '60.00'), discount('PLATFORM', '40.01')] }, 'AMOUNTS_DO_NOT_ADD_UP'],
    [{ discounts: [discount('PLATFORM', '1.00', 'VOUCHER')] },              'AMOUNTS_DO_NOT_ADD_UP'],
    [{ discounts: [discount('PLATFORM', '1.00', 'COUPON', 7)] },            'LINE_UNKNOWN'],
    [{ currency: 'USD' },                                                   'CURRENCY_MISMATCH'],
    [{ lines: [{ lineNo: 1, sku: 'A', quantity: 3, unitPrice: '33.335', amount: '100.00' }] }, 'AMOUNT_NOT_QUANTITY_TIMES_PRICE'],
  ] as const
  for (const [order, code] of cases) {
    test(`${JSON.stringify(order)} is ${code}`, async () => {
      const world = await opened()
      await world.send(completed('O-1', ['100.00'], { order }))
      expect(world.rejections().map((rejection) => rejection.code)).toEqual([code])
      expect(world.lines()).toEqual([])
    })
  }
})

test('F18 [derived]: SOP 200.00 at 5 % earns 10.00; FBP at cost 180.00 pays 180.00', async () => {
  const sop = { mode: ['SOP'] }
  const fees: readonly FeeOf[] = [
    { ...(commonFees[0] as FeeOf), match: sop },
    { ...(commonFees[3] as FeeOf), match: sop },
    {
      code: 'SUPPLY',
      sign: '+',
      match: { mode: ['FBP'] },
      formula: { type: 'SHARE', of: 'COST', rate: '1' },
    },
  ]
  for (const [mode, total] of [
    ['SOP', '190.00'],
    ['FBP', '180.00'],
  ] as const) {
    const world = await opened(fees, contractOf({ mode }))
    const lines = [{ lineNo: 1, sku: 'A', quantity: 1, unitPrice: '200.00', unitCost: '180.00' }]
    await world.send(completed('O-1', [], { order: { lines } }))
    const [statement] = await world.statements()
    expect(statement).toMatchObject({ mode, total })
  }
})

test('F07: schedules are those of the pinned event, not of the day on which it is due', async () => {
  const share = (rate: string): Json => ({ type: 'SHARE', of: 'NET', rate })
  const versions = [
    { validFrom: '2025-01-01', validTo: '2025-10-15', formula: share('0.05') },
    { validFrom: '2025-10-15', formula: share('0.06') },
  ]
  const book = bookOf(commonFees, contractOf({ rulePinnedAt: 'ORDER_PAID' }))
  const schedules = (book.schedules as Json[]).map((schedule) =>
    schedule.feeType === 'COMMISSION' ? { ...schedule, versions } : schedule,
  )
  const world = await openWorld({ ruleBook: { ...book, schedules } })
  await world.send(
    status('OrderPaid', 'O-1', at('14T23:59')),
    completed('O-1', ['100.00']),
    status('OrderPaid', 'O-2', at('15T00:00')),
    completed('O-2', ['100.00']),
  )
  const commissions = world.lines().filter(({ feeType }) => feeType === 'COMMISSION')
  expect(commissions.map(({ orderId, amount }) => `${orderId} ${amount}`)).toEqual([
    'O-1 -5.00',
    'O-2 -6.00',
  ])
})

test('F02: an order of 1,114 lines adds up line by line', async () => {
  const world = await opened()
  const prices = Array.from({ length: 1_114 }, (_, index) => `${(index % 90) + 1}.37`)
  const order = { discounts: [discount('MERCHANT', '111.11'), discount('PLATFORM', '77.77')] }
  await world.send(completed('O-1', prices, { order }))
  const sum = (fee: string): number =>
    world
      .lines()
      .filter(({ feeType }) => feeType === fee)
      .reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0)
  const list = prices.reduce((total, price) => total + Math.round(Number(price) * 100), 0)
  expect(sum('GOODS_PAYMENT') + sum('PLATFORM_COUPON_SUBSIDY')).toBe(list - 11_111)
  expect(sum('PLATFORM_COUPON_SUBSIDY')).toBe(7_777)
})
