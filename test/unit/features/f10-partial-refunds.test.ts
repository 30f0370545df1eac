import { expect, test } from 'vitest'
import { linesOf } from '../../support/billed.ts'
import { at, bookOf, completed, type FeeOf, refunded, tick } from '../../support/market.ts'
import { submitted } from '../../support/parties.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F02, F03, F08–F10: the order of 23 fee types of domain.md 3.5, refunded in three parts.

const order = { grain: 'ORDER' } as const
const passed = (code: string): FeeOf => ({
  code,
  ...order,
  source: 'PASSTHROUGH',
  reversal: { policy: 'NONE' },
})
const share = (of: string, rate: string): Json => ({ type: 'SHARE', of, rate })
const fixed = (amount: string): Json => ({ type: 'FIXED', amount, per: 'ORDER' })
const policy = (name: string): Json => ({ reversal: { policy: name } })

// biome-ignore format: the columns are a table
const fees: readonly FeeOf[] = [
  { code: 'GOODS_PAYMENT', sign: '+', formula: { type: 'TENDER', of: 'BUYER_GOODS' } },
  { code: 'PLATFORM_COUPON_SUBSIDY', sign: '+', formula: { type: 'TENDER', of: 'PLATFORM_DISCOUNT:COUPON' } },
  { code: 'BEAN_SUBSIDY', sign: '+', formula: { type: 'TENDER', of: 'PLATFORM_DISCOUNT:POINTS' } },
  { code: 'FREIGHT_INCOME', sign: '+', ...order, ...policy('UPSTREAM'), formula: share('FREIGHT', '1') },
  { code: 'COMMISSION', formula: share('NET', '0.05') },
  { code: 'CPS_FEE', formula: share('NET', '0.02') },
  { code: 'BEAN_FEE', formula: share('NET', '0.005') },
  { code: 'INSTALMENT_FEE', formula: share('NET', '0.015') },
  { code: 'WITHHOLDING', formula: share('NET', '0.0005') },
  { code: 'PAYMENT_FEE', ...order, ...policy('NONE'), formula: share('BUYER_PAID', '0.006') },
  passed('DELIVERY_FEE'), passed('WAREHOUSING_FEE'),
  { code: 'TECH_SERVICE_FEE', ...order, ...policy('NONE'), formula: fixed('0.50') },
  passed('FREIGHT_INSURANCE'), passed('PACKAGING_FEE'), passed('PICK_PACK_FEE'),
  passed('EXPRESS_FEE'), passed('INBOUND_FEE'), passed('MESSAGE_FEE'), passed('LATE_SHIP_PENALTY'),
  { code: 'PRICE_PROTECTION', ...order, ...policy('UPSTREAM'), formula: fixed('2.00') },
  { code: 'PLATFORM_REWARD', sign: '+', ...order, ...policy('FULL_ON_ANY_REFUND'), formula: fixed('1.00') },
  { code: 'WARRANTY_RETENTION', ...policy('RETENTION'), formula: share('NET', '0.1') },
]

// biome-ignore format: the columns are a table
const table = [
  // fee                       forward    refund 1   refund 2   refund 3   sum
  ['GOODS_PAYMENT',           '165.00',  '-55.00',  '-55.01',  '-54.99',  '-165.00'],
  ['PLATFORM_COUPON_SUBSIDY', '20.00',   '-6.67',   '-6.66',   '-6.67',   '-20.00'],
  ['BEAN_SUBSIDY',            '5.00',    '-1.67',   '-1.66',   '-1.67',   '-5.00'],
  ['FREIGHT_INCOME',          '8.00',    '0.00',    '0.00',    '-8.00',   '-8.00'],
  ['COMMISSION',              '-9.50',   '3.17',    '3.16',    '3.17',    '9.50'],
  ['CPS_FEE',                 '-3.80',   '1.27',    '1.26',    '1.27',    '3.80'],
  ['BEAN_FEE',                '-0.95',   '0.32',    '0.31',    '0.32',    '0.95'],
  ['INSTALMENT_FEE',          '-2.85',   '0.95',    '0.95',    '0.95',    '2.85'],
  ['WITHHOLDING',             '-0.10',   '0.03',    '0.04',    '0.03',    '0.10'],
  ['PAYMENT_FEE',             '-1.04',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['DELIVERY_FEE',            '-6.00',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['WAREHOUSING_FEE',         '-1.20',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['TECH_SERVICE_FEE',        '-0.50',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['FREIGHT_INSURANCE',       '-0.60',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['PACKAGING_FEE',           '-0.80',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['PICK_PACK_FEE',           '-1.50',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['EXPRESS_FEE',             '-1.00',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['INBOUND_FEE',             '-0.30',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['MESSAGE_FEE',             '-0.05',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['LATE_SHIP_PENALTY',       '-5.00',   '0.00',    '0.00',    '0.00',    '0.00'],
  ['PRICE_PROTECTION',        '-2.00',   '0.00',    '0.00',    '2.00',    '2.00'],
  ['PLATFORM_REWARD',         '1.00',    '-1.00',   '0.00',    '0.00',    '-1.00'],
  ['WARRANTY_RETENTION',      '-19.00',  '6.33',    '6.34',    '6.33',    '19.00'],
] as const

test('F03 [given], F10 [derived]: an order of 23 fee types and its three refunds, to the fen', async () => {
  const world = await openWorld({ ruleBook: bookOf(fees) })
  await world.send(
    completed('O-23', ['200.00'], {
      order: {
        discounts: [
          { funder: 'MERCHANT', kind: 'COUPON', amount: '10.00' },
          { funder: 'PLATFORM', kind: 'COUPON', amount: '20.00' },
          { funder: 'PLATFORM', kind: 'POINTS', amount: '5.00' },
        ],
        freight: '8.00',
      },
    }),
  )
  for (const { code, source } of fees) {
    const amount = table.find(([fee]) => fee === code)?.[1] ?? ''
    if (source === 'PASSTHROUGH')
      await world.send(submitted(code, at('21T00:00'), { feeType: code, amount }))
  }
  await world.send(
    refunded('R-1', 'O-23', [[1, '63.34']]),
    refunded('R-2', 'O-23', [[1, '63.33']]),
    refunded('R-3', 'O-23', [[1, '63.33']], {
      freight: '8.00',
      fees: [{ feeType: 'PRICE_PROTECTION', amount: '2.00' }],
    }),
    tick('2025-11-01T00:00:00.000+08:00'),
  )
  const of = (fee: string, event?: string): string => {
    const found = world.lines().filter((line) => line.feeType === fee)
    const amounts = found.filter(({ eventId, leg }) =>
      event === undefined ? leg === 'FORWARD' || leg === 'SUBMITTED' : eventId === event,
    )
    return String(amounts[0]?.amount ?? '0.00')
  }
  const net = { forward: 0, sum: 0 }
  for (const [fee, forward, first, second, third, sum] of table) {
    expect([fee, of(fee)]).toEqual([fee, forward])
    const refunds = ['R-1:refund', 'R-2:refund', 'R-3:refund'].map((event) => of(fee, event))
    expect([fee, ...refunds]).toEqual([fee, first, second, third])
    net.forward += Math.round(Number(forward) * 100)
    net.sum += Math.round(Number(sum) * 100)
  }
  expect(net).toEqual({ forward: 14_281, sum: -16_080 })
  const [statement] = await world.statements()
  expect(statement).toMatchObject({ total: '-17.99', lineCount: 53, status: 'FINALISED' })
})

test('F08 [derived]: a commission of 10.00 over three units comes back 3.33, 3.34, 3.33', async () => {
  const world = await openWorld({ ruleBook: bookOf() })
  await world.send(completed('O-1', ['200.01']))
  for (const [index, amount] of ['66.67', '66.67', '66.67'].entries()) {
    await world.send(refunded(`R-${index}`, 'O-1', [[1, amount]]))
  }
  const back = [0, 1, 2].map((index) => linesOf(world, `R-${index}:refund`).at(-1))
  expect(back).toEqual([
    '1 COMMISSION REVERSE 3.33',
    '1 COMMISSION REVERSE 3.34',
    '1 COMMISSION REVERSE 3.33',
  ])
})
