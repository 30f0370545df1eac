import { describe, expect, test } from 'vitest'
import { discount, feesOf, linesOf } from '../../support/billed.ts'
import { chargebackClosed, chargebackOpened, rateOf } from '../../support/disputed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F25: an order in another currency is converted line by line, by the rate that the authority had
// published when the order became settleable; its refunds go by the same rate.

const november = '2025-11-01T00:00:00.000+08:00'
const fx = {
  source: 'boc',
  at: 'SETTLEABLE_DATE',
  fallback: 'PREVIOUS_PUBLISHED',
  maxStaleDays: 3,
  deviationAlert: '0.03',
}

const fees = [
  ...commonFees,
  {
    code: 'FREIGHT_INCOME',
    sign: '+',
    grain: 'ORDER',
    reversal: { policy: 'UPSTREAM' },
    formula: { type: 'SHARE', of: 'FREIGHT', rate: '1' },
  },
]

function market(currency = 'CNY', terms: Json = {}, contract: Json = {}): Promise<World> {
  const overrides = { fx: { ...fx, ...terms } }
  return openWorld({ ruleBook: bookOf(fees, contractOf({ currency, ...contract }), overrides) })
}

const inUsd = (prices: string[], order: Json = {}): Json =>
  completed('O-1', prices, { order: { currency: 'USD', ...order } })

describe('an order of one line', () => {
  // biome-ignore format: a table
  const cases: [from: string, price: string, into: string, rate: string, goods: string, commission: string][] = [
    ['USD', '100.00',  'CNY', '7.1234',      '712.34',   '-35.62'],
    ['USD', '100.00',  'INR', '82.42135',    '8242.14',  '-412.11'],
    ['USD', '99.99',   'CNY', '7.1234',      '712.27',   '-35.61'],
    ['USD', '0.01',    'CNY', '7.1234',      '0.07',     '0.00'],
    ['JPY', '1000',    'CNY', '0.0481',      '48.10',    '-2.41'],
    ['CNY', '48.10',   'JPY', '20.790020790', '1000',    '-50'],
    ['USD', '10.00',   'KWD', '0.30725',     '3.073',    '-0.154'],
    ['KWD', '1.005',   'USD', '3.25',        '3.27',     '-0.16'],
  ]
  test.each(cases)(
    '%s %s in %s at %s is %s',
    async (from, price, into, rate, goods, commission) => {
      const world = await market(into)
      const order = completed('O-1', [price], { order: { currency: from } })
      await world.send(rateOf(`${from}/${into}`, rate, at('20T09:00')), order)
      expect(world.rejections()).toEqual([])
      const amountOf = (code: string): unknown =>
        world.lines().find(({ feeType }) => feeType === code)?.amount
      expect(amountOf('GOODS_PAYMENT')).toBe(goods)
      if (Number(commission) !== 0) expect(amountOf('COMMISSION')).toBe(commission)
      expect(new Set(world.lines().map(({ currency }) => currency))).toEqual(new Set([into]))
    },
  )
})

test('tenders of a converted line still make up its NET, and all refunds take all of it', async () => {
  const world = await market()
  const discounts = [
    discount('MERCHANT', '10.01'),
    discount('PLATFORM', '20.03'),
    discount('PLATFORM', '5.07', 'POINTS'),
  ]
  await world.send(
    rateOf('USD/CNY', '7.1234', at('20T09:00')),
    inUsd(['200.00'], { discounts, freight: '8.00' }),
  )
  const net = 1353.37 // 189.99 × 7.1234
  const tenders = ['GOODS_PAYMENT', 'PLATFORM_COUPON_SUBSIDY', 'BEAN_SUBSIDY']
  const sum = feesOf(world)
    .map((fee) => fee.split(' ') as [string, string])
    .filter(([code]) => tenders.includes(code))
    .reduce((total, [, amount]) => total + Math.round(Number(amount) * 100), 0)
  expect(sum).toBe(Math.round(net * 100))
  const freightParts = { freight: '2.67' }
  await world.send(
    refunded('R-1', 'O-1', [[1, '63.33']], freightParts),
    rateOf('USD/CNY', '7.9', at('22T09:00')),
    refunded('R-2', 'O-1', [[1, '63.33']], freightParts),
    refunded('R-3', 'O-1', [[1, '63.33']], { freight: '2.66' }),
  )
  expect(world.rejections()).toEqual([])
  expect(feesOf(world).map((fee) => fee.split(' ')[1])).toEqual([
    '0.00',
    '0.00',
    '0.00',
    '0.00',
    '0.00',
  ])
})

test('[scenario] 50.00 refunded later goes by the rate of the order', async () => {
  const world = await market()
  await world.send(
    rateOf('USD/CNY', '7.1234', at('20T09:00')),
    inUsd(['100.00']),
    rateOf('USD/CNY', '7.3000', at('21T09:00')),
    refunded('R-1', 'O-1', [[1, '50.00']]),
  )
  expect(linesOf(world, 'R-1:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -356.17',
    '1 COMMISSION REVERSE 17.81',
  ])
})

test('a refund above the order is a compensation by the rate of the order', async () => {
  const world = await market()
  await world.send(rateOf('USD/CNY', '7.1234', at('20T09:00')), inUsd(['100.00']))
  await world.send(refunded('R-1', 'O-1', [[1, '110.00']]))
  expect(linesOf(world, 'R-1:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -712.34',
    '1 COMMISSION REVERSE 35.62',
    '1 COMPENSATION COMPENSATION -71.23',
  ])
})

describe('which rate', () => {
  const waits = { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 2 } }
  // biome-ignore format: a table
  const cases: [title: string, rates: [string, string][], terms: Json, goods: string | null][] = [
    ['the last by the settleable instant', [['7.0', '20T09:00'], ['7.1', '22T10:00'], ['7.2', '22T10:01']], {},  '710.00'],
    ['not that of the order\'s day',        [['7.0', '20T09:00'], ['7.1', '21T09:00']],                     {},  '710.00'],
    ['whichever came first in the log',    [['7.1', '21T09:00'], ['7.0', '20T09:00']],                     {},  '710.00'],
    ['three days old',                     [['7.0', '19T00:00']],                                          {},  '700.00'],
    ['more than three days old',           [['7.0', '18T23:59']],                                          {},  null],
    ['none published by then',             [['7.0', '22T10:01']],                                          {},  null],
    ['none of the authority',              [],                                                             {},  null],
    ['as old as it may be',                [['7.0', '01T00:00']],                { maxStaleDays: 21 },           '700.00'],
    ['without fallback: of the day',       [['7.0', '22T00:00']],                { fallback: undefined },        '700.00'],
    ['without fallback: of the day before', [['7.0', '21T23:59']],               { fallback: undefined },        null],
    ['of another source',                  [['7.0', '22T00:00']],                { source: 'ecb' },              null],
  ]
  test.each(cases)('%s', async (_title, rates, terms, goods) => {
    const defined = Object.fromEntries(Object.entries({ ...fx, ...terms }).filter(([, v]) => v))
    const ruleBook = bookOf(fees, contractOf(waits), { fx: defined })
    const world = await openWorld({ ruleBook })
    for (const [rate, day] of rates) await world.send(rateOf('USD/CNY', rate, at(day)))
    await world.send(inUsd(['100.00']), tick(november))
    const codes = world.rejections().map(({ code }) => code)
    expect(codes).toEqual(goods === null ? ['CURRENCY_MISMATCH'] : [])
    expect(feesOf(world)[0]).toBe(goods === null ? undefined : `GOODS_PAYMENT ${goods}`)
  })

  test('an order that was rejected for want of a rate may come again', async () => {
    const world = await market()
    await world.send(inUsd(['100.00']), rateOf('USD/CNY', '7.0', at('20T09:00')))
    await world.send(inUsd(['100.00']))
    expect(world.rejections().map(({ code }) => code)).toEqual(['CURRENCY_MISMATCH'])
    expect(feesOf(world)[0]).toBe('GOODS_PAYMENT 700.00')
  })

  test('without fx in the rule book another currency is CURRENCY_MISMATCH', async () => {
    const world = await openWorld({ ruleBook: bookOf(fees) })
    await world.send(rateOf('USD/CNY', '7.0', at('20T09:00')), inUsd(['100.00']))
    expect(world.rejections().map(({ code }) => code)).toEqual(['CURRENCY_MISMATCH'])
  })
})

test('an order that is too large in the other currency is out of range', async () => {
  const world = await market('INR')
  await world.send(rateOf('USD/INR', '1000', at('20T09:00')), inUsd(['40000000000000.00']))
  expect(world.rejections().map(({ code }) => code)).toEqual(['OUT_OF_RANGE'])
})

describe('before the order is billed', () => {
  const waits = { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 2 } }

  test('a refund lessens it in its own currency, and what is left is converted', async () => {
    const world = await market('CNY', {}, waits)
    await world.send(
      rateOf('USD/CNY', '7.0', at('20T09:00')),
      inUsd(['100.00', '50.00'], { freight: '8.00' }),
      refunded('R-1', 'O-1', [[1, '33.33']], { freight: '3.00' }),
      rateOf('USD/CNY', '7.1', at('21T09:00')),
      tick(at('23T00:00')),
      refunded(
        'R-2',
        'O-1',
        [
          [1, '66.67'],
          [2, '50.00'],
        ],
        { freight: '5.00' },
      ),
    )
    expect(world.rejections()).toEqual([])
    expect(feesOf(world, 'O-1:completed')).toEqual([
      'GOODS_PAYMENT 828.36',
      'COMMISSION -41.42',
      'FREIGHT_INCOME 35.50',
    ])
    expect(feesOf(world).map((fee) => fee.split(' ')[1])).toEqual(['0.00', '0.00', '0.00'])
  })

  test('what a refund takes beyond it is a compensation by the rate of that day', async () => {
    const world = await market('CNY', {}, waits)
    await world.send(
      rateOf('USD/CNY', '7.0', at('20T09:00')),
      inUsd(['100.00']),
      refunded('R-1', 'O-1', [[1, '110.00']], { occurredAt: at('21T00:00') }),
    )
    expect(linesOf(world, 'R-1:refund')).toEqual(['1 COMPENSATION COMPENSATION -70.00'])
  })
})

describe('a chargeback is in the currency of its order', () => {
  const rate = rateOf('USD/CNY', '7.1234', at('20T09:00'))
  // biome-ignore format: a table
  const cases: [title: string, won: Json[], left: string][] = [
    ['taken',       [],                                                    '-712.34'],
    ['won',         [chargebackClosed('CB', 'WON')],                       '0.00'],
    ['half of it',  [chargebackClosed('CB', 'WON', { amount: '50.00' })],  '-356.17'],
  ]
  test.each(cases)('%s', async (_title, won, left) => {
    const world = await market()
    const later = rateOf('USD/CNY', '7.3', at('21T09:00'))
    await world.send(rate, inUsd(['100.00']), later, chargebackOpened('CB'), ...won)
    expect(feesOf(world)).toContain(`CHARGEBACK ${left}`)
    expect(feesOf(world)).toContain('CHARGEBACK_FEE -106.85')
  })
})

describe('publishing', () => {
  // biome-ignore format: a table
  const cases: [before: string, rate: string, isTold: boolean][] = [
    ['7.00', '7.21',    false],
    ['7.00', '7.2101',  true],
    ['7.00', '6.79',    false],
    ['7.00', '6.789',   true],
  ]
  test.each(cases)('%s, then %s: told of %s', async (before, rate, isTold) => {
    const world = await market()
    await world.send(
      rateOf('USD/CNY', before, at('20T09:00')),
      rateOf('USD/CNY', rate, at('21T09:00')),
    )
    const facts = [
      { name: 'pair', value: 'USD/CNY' },
      { name: 'previous', value: before },
      { name: 'rate', value: rate },
    ]
    const kind = 'FX_RATE_DEVIATES'
    expect(world.notices()).toMatchObject(
      isTold ? [{ kind, at: '2025-10-21T01:00:00.000Z', facts }] : [],
    )
  })

  test('the same rate again is a duplicate, another of the same instant a conflict', async () => {
    const world = await market()
    const first = rateOf('USD/CNY', '7.10', at('20T09:00'))
    await world.send(first, { ...first, eventId: 'again', rate: '7.1' })
    expect((await world.row()).broadcast.duplicates).toBe(1)
    await world.send({ ...first, eventId: 'other', rate: '7.2' })
    expect(world.rejections().map(({ code }) => code)).toEqual(['DUPLICATE_CONFLICT'])
    await world.send({ ...first, eventId: 'by-another', source: 'ecb', rate: '7.2' })
    expect(world.rejections()).toHaveLength(1)
  })

  test.each(['USD', 'USD/USD', 'USD/XXY', 'USD/CNY/JPY', 'usd/cny'])(
    '%s is no pair',
    async (pair) => {
      const world = await market()
      await expect(world.send(rateOf(pair, '7.1', at('20T09:00')))).rejects.toThrow('pair: ')
    },
  )

  test('is applied, so nothing says that fx is not', async () => {
    expect((await market()).notices()).toEqual([])
  })
})

test('live state and reloaded state come to the same', async () => {
  const traceOf = async (reload: boolean): Promise<string[]> => {
    const world = await openWorld({ ruleBook: bookOf(fees, contractOf(), { fx }), reload })
    await world.send(
      rateOf('USD/CNY', '7.1234', at('20T09:00')),
      inUsd(['100.00', '33.33'], { freight: '8.00' }),
      rateOf('USD/CNY', '7.9', at('21T09:00')),
      refunded('R-1', 'O-1', [[1, '33.33']], { freight: '3.00' }),
      chargebackOpened('CB'),
      refunded('R-2', 'O-1', [[2, '33.33']], { freight: '5.00' }),
      chargebackClosed('CB', 'WON', { amount: '99.99' }),
      tick(november),
    )
    return world.trace()
  }
  expect(await traceOf(true)).toEqual(await traceOf(false))
})
