import { describe, expect, test } from 'vitest'
import { feesOf, linesOf, sumOf } from '../../support/billed.ts'
import { exchanged } from '../../support/disputed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F12: an exchange is a reverse of what came back and a forward of what went out, linked.

const november = '2025-11-01T00:00:00.000+08:00'

/** Besides goods and 5 % commission, 6.00 of delivery per order that no refund gives back. */
const book = bookOf([
  ...commonFees,
  {
    code: 'DELIVERY_FEE',
    grain: 'ORDER',
    reversal: { policy: 'NONE' },
    formula: { type: 'FIXED', amount: '6.00', per: 'ORDER' },
  },
])

const world = () => openWorld({ ruleBook: book })

describe('[derived] a 200.00 garment is exchanged', () => {
  // biome-ignore format: a table
  const cases: [title: string, price: string, goods: string, commission: string, total: string][] = [
    ['for the same price: net fees only', '200.00', '200.00', '-10.00', '178.00'],
    ['for a dearer one',                  '250.00', '250.00', '-12.50', '225.50'],
    ['for a cheaper one',                 '150.00', '150.00', '-7.50',  '130.50'],
  ]
  test.each(cases)('%s', async (_title, price, goods, commission, total) => {
    const market = await world()
    await market.send(
      completed('O-1', ['200.00']),
      exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2'),
      completed('O-2', [price], { orderCreatedAt: at('22T10:00'), occurredAt: at('23T10:00') }),
      tick(november),
    )
    expect(market.rejections()).toEqual([])
    expect(feesOf(market)).toEqual([
      `GOODS_PAYMENT ${goods}`,
      `COMMISSION ${commission}`,
      'DELIVERY_FEE -12.00',
    ])
    const [statement] = await market.statements()
    expect(statement?.total).toBe(total)
  })
})

test('what came back is reversed line by line under the event of the exchange', async () => {
  const market = await world()
  await market.send(completed('O-1', ['200.00']), exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2'))
  expect(linesOf(market, 'X-1:exchange')).toEqual([
    '1 GOODS_PAYMENT REVERSE -200.00',
    '1 COMMISSION REVERSE 10.00',
  ])
})

test('a notice links the exchange, the order it came from, and the one it leads to', async () => {
  const market = await world()
  await market.send(completed('O-1', ['200.00']), exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2'))
  expect(market.notices()).toEqual([
    {
      noticeId: 'EXCHANGE_LINKED:X-1:1761062400000',
      kind: 'EXCHANGE_LINKED',
      partyId: 'M-1',
      at: '2025-10-21T16:00:00.000Z',
      facts: [
        { name: 'orderId', value: 'O-1' },
        { name: 'refundId', value: 'X-1:refund' },
        { name: 'newOrderId', value: 'O-2' },
      ],
    },
  ])
})

test('an exchange into another merchant is reversed at the one and billed at the other', async () => {
  const market = await world()
  await market.send(
    completed('O-1', ['200.00']),
    exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2'),
    completed('O-2', ['200.00'], { partyId: 'M-2' }),
  )
  expect(sumOf(market, ({ partyId }) => partyId === 'M-1')).toBe('-6.00')
  expect(sumOf(market, ({ partyId }) => partyId === 'M-2')).toBe('184.00')
})

test('before its order is billed an exchange lessens what will be billed', async () => {
  const waits = { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } }
  const market = await openWorld({ ruleBook: bookOf(commonFees, contractOf(waits)) })
  await market.send(
    completed('O-1', ['200.00', '50.00']),
    exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2'),
    tick(november),
  )
  expect(feesOf(market)).toEqual(['GOODS_PAYMENT 50.00', 'COMMISSION -2.50'])
})

describe('an exchange whose order is not known waits like a refund', () => {
  const order = completed('O-1', ['200.00'])
  const exchange = exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2')

  test('and is applied and linked when the order comes', async () => {
    const market = await world()
    await market.send(exchange)
    expect((await market.row()).party).toMatchObject({ waiting: 1, applied: 0 })
    expect(market.notices()).toEqual([])
    await market.send(order)
    expect((await market.row()).party).toMatchObject({ waiting: 0, applied: 2 })
    expect(market.notices().map(({ kind }) => kind)).toEqual(['EXCHANGE_LINKED'])
    expect(feesOf(market)).toEqual([])
  })

  test('and is rejected when it never comes, and then may come again', async () => {
    const market = await world()
    await market.send(exchange, tick('2025-11-30T00:00:00.000+08:00'))
    const [rejection] = market.rejections()
    expect(rejection).toMatchObject({ code: 'ORDER_UNKNOWN', type: 'ExchangeCompleted' })
    expect(market.notices()).toEqual([])
    await market.send(order, exchange)
    expect(market.notices()).toHaveLength(1)
    expect(market.rejections()).toHaveLength(1)
  })
})

describe('keys', () => {
  const exchange = exchanged('X-1', 'O-1', [[1, '200.00']], 'O-2')
  // biome-ignore format: a table
  const cases: [title: string, second: Json, codes: string[], duplicates: number][] = [
    ['the same again is a duplicate',            { ...exchange, eventId: 'again' },                        [],                     1],
    ['another new order is a conflict',          { ...exchange, newOrderId: 'O-3' },                       ['DUPLICATE_CONFLICT'], 0],
    ['its refund by itself is a duplicate',      refunded('X-1:refund', 'O-1', [[1, '200.00']]),           [],                     1],
    ['its refund otherwise is a conflict',       refunded('X-1:refund', 'O-1', [[1, '1.00']]),             ['DUPLICATE_CONFLICT'], 0],
    ['another exchange of the refund links only', exchanged('X-2', 'O-1', [[1, '200.00']], 'O-2', 'X-1:refund'), [],                0],
  ]
  test.each(cases)('%s', async (_title, second, codes, duplicates) => {
    const market = await world()
    await market.send(completed('O-1', ['200.00']), exchange)
    const before = market.lines()
    await market.send(second)
    expect(market.lines()).toEqual(before)
    expect(market.rejections().map(({ code }) => code)).toEqual(codes)
    expect((await market.row()).party.duplicates).toBe(duplicates)
  })

  test('an exchange that its refund refuses leaves nothing', async () => {
    const market = await world()
    await market.send(completed('O-1', ['200.00']), exchanged('X-1', 'O-1', [[7, '1.00']], 'O-2'))
    expect(market.rejections().map(({ code }) => code)).toEqual(['LINE_UNKNOWN'])
    expect(market.notices()).toEqual([])
    await market.send(exchange)
    expect(market.notices()).toHaveLength(1)
  })
})

test('an exchange that takes nothing back is no sound line', async () => {
  const market = await world()
  const nothing = market.send(exchanged('X-1', 'O-1', [], 'O-2'))
  await expect(nothing).rejects.toThrow('refund.lines: is empty')
})
