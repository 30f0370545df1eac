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
  tick,
} from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F08: refunds before the order is billed, before it is known, and after it is gone.

const sevenDays = contractOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } })
const fees: readonly FeeOf[] = [
  ...commonFees,
  {
    code: 'TECH',
    grain: 'ORDER',
    reversal: { policy: 'NONE' },
    formula: { type: 'FIXED', amount: '0.50', per: 'ORDER' },
  },
]

async function folded(...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf(fees, sevenDays) })
  await world.send(...events)
  return world
}

const due = tick(at('27T10:00'))

test('a partial refund shrinks list and discounts, and the goods take the rest', async () => {
  const order = { discounts: [discount('PLATFORM', '3.33')] }
  const world = await folded(
    completed('O-1', ['100.00'], { order }),
    refunded('R-1', 'O-1', [[1, '50.00']]),
    due,
    refunded('R-2', 'O-1', [[1, '50.00']]),
  )
  // round(3.33 × 50 ÷ 100) = 1.67 goes off the coupon; 50.00 − 1.66 is the buyer's.
  expect(linesOf(world, 'O-1:completed')).toEqual([
    '1 GOODS_PAYMENT FORWARD 48.34',
    '1 PLATFORM_COUPON_SUBSIDY FORWARD 1.66',
    '1 COMMISSION FORWARD -2.50',
    '- TECH FORWARD -0.50',
  ])
  expect(linesOf(world, 'R-1:refund')).toEqual([])
  expect(linesOf(world, 'R-2:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -48.34',
    '1 PLATFORM_COUPON_SUBSIDY REVERSE -1.66',
    '1 COMMISSION REVERSE 2.50',
  ])
})

describe('what disappears before billing', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // prices             refunds                                             billed                                              why
    [['60.00', '40.00'], [[[2, '40.00']]],                                    ['1 GOODS_PAYMENT 60.00', '1 COMMISSION -3.00', '- TECH -0.50'], 'a line refunded whole'],
    [['80.00'],          [[[1, '30.00']], [[1, '50.00']]],                    [],                                                 'an order refunded whole, not even its fixed fee'],
    [['0.00'],           [],                                                  ['- TECH -0.50'],                                   'nothing: an order of gifts is billed'],
  ] as const
  for (const [prices, refunds, billed, why] of cases) {
    test(why, async () => {
      const world = await folded(
        completed('O-1', prices),
        ...refunds.map((lines, index) => refunded(`R-${index}`, 'O-1', lines)),
        due,
      )
      expect(linesOf(world, 'O-1:completed').map((line) => line.replace('FORWARD ', ''))).toEqual(
        billed,
      )
    })
  }
})

test('a gift refunded by quantity disappears, one refunded by none of it stays', async () => {
  const refund = (id: string, orderId: string, quantity: number): Json => ({
    ...refunded(id, orderId, []),
    lines: [{ lineNo: 1, amount: '0.00', quantity }],
  })
  const world = await folded(
    completed('O-1', ['0.00']),
    completed('O-2', ['0.00']),
    refund('R-1', 'O-1', 1),
    refund('R-2', 'O-2', 0),
    due,
  )
  expect(linesOf(world, 'O-1:completed')).toEqual([])
  expect(linesOf(world, 'O-2:completed')).toEqual(['- TECH FORWARD -0.50'])
})

test('what exceeds the order before billing is a COMPENSATION at once', async () => {
  const world = await folded(completed('O-1', ['10.00']), refunded('R-1', 'O-1', [[1, '12.00']]))
  expect(linesOf(world, 'R-1:refund')).toEqual(['1 COMPENSATION COMPENSATION -2.00'])
})

describe('a refund that came before its order', () => {
  const early = refunded('R-1', 'O-1', [[1, '40.00']], { occurredAt: at('10T00:00') })
  const row = async (world: World) => (await world.row()).party

  test('waits, is applied when the goods are known, and is a duplicate meanwhile', async () => {
    const world = await folded(early, { ...early, eventId: 'again' })
    expect(await row(world)).toEqual({ applied: 0, duplicates: 1, waiting: 1, rejected: 0 })
    await world.send(status('OrderPaid', 'O-1', at('20T10:00')))
    expect(await row(world)).toMatchObject({ applied: 1, waiting: 1 })
    await world.send(completed('O-1', ['100.00']), due)
    expect(await row(world)).toMatchObject({ applied: 3, waiting: 0 })
    expect(linesOf(world, 'O-1:completed')[0]).toBe('1 GOODS_PAYMENT FORWARD 60.00')
  })

  // 30 days × 24 h from its occurredAt, as no clock was there: 11-09 00:00.
  // biome-ignore format: the columns are a table
  const cases = [
    ['2025-11-08T23:59:59.999+08:00', { waiting: 1, rejected: 0 }],
    ['2025-11-09T00:00:00.000+08:00', { waiting: 0, rejected: 1 }],
  ] as const
  for (const [instant, counts] of cases) {
    test(`is given up at the first tick that reaches its time: ${instant}`, async () => {
      const world = await folded(early, tick(instant))
      expect(await row(world)).toMatchObject(counts)
      expect(world.rejections().map(({ code }) => code)).toEqual(
        counts.rejected === 1 ? ['ORDER_UNKNOWN'] : [],
      )
    })
  }

  test('is rejected when the order has no such line, and leaves no key', async () => {
    const wrong = refunded('R-1', 'O-1', [[9, '1.00']])
    const world = await folded(wrong, completed('O-1', ['100.00']))
    expect(world.rejections()).toMatchObject([{ code: 'LINE_UNKNOWN', eventId: 'R-1:refund' }])
    await world.send(refunded('R-1', 'O-1', [[1, '1.00']]))
    expect(await row(world)).toMatchObject({ applied: 2, waiting: 0, rejected: 1 })
  })

  test('is rejected when the order is cancelled', async () => {
    const world = await folded(early, status('OrderCancelled', 'O-1', at('11T00:00')))
    expect(world.rejections()).toMatchObject([{ code: 'ORDER_CANCELLED', eventId: 'R-1:refund' }])
  })
})

test('another orderCreatedAt names another order', async () => {
  const world = await folded(
    completed('O-1', ['100.00']),
    refunded('R-1', 'O-1', [[1, '1.00']], { orderCreatedAt: at('19T10:00') }),
  )
  expect((await world.row()).party).toMatchObject({ applied: 1, waiting: 1 })
})
