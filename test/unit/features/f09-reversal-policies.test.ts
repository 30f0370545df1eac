import { describe, expect, test } from 'vitest'
import { discount, feesOf, linesOf } from '../../support/billed.ts'
import { at, bookOf, commonFees, completed, type FeeOf, refunded } from '../../support/market.ts'
import { submitted } from '../../support/parties.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F09 and the evaluation rules of a refund.

async function opened(fees: readonly FeeOf[], ...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf([...commonFees.slice(0, 3), ...fees]) })
  await world.send(...events)
  return world
}

const commission = (reversal: Json, more: Json = {}): FeeOf => ({
  code: 'COMMISSION',
  reversal,
  formula: { type: 'SHARE', of: 'NET', rate: '0.15' },
  ...more,
})

describe('F09: what comes back of a commission of 15.00 when 50.00 and then 50.00 of 100.00 is refunded', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // policy                                                     first                              second
    [{ policy: 'PROPORTIONAL' },                                  ['REVERSE 7.50'],                  ['REVERSE 7.50']],
    [{ policy: 'RETENTION' },                                     ['REVERSE 7.50'],                  ['REVERSE 7.50']],
    [{ policy: 'NONE' },                                          [],                                []],
    [{ policy: 'FULL_ON_FULL_REFUND' },                           [],                                ['REVERSE 15.00']],
    [{ policy: 'FULL_ON_ANY_REFUND' },                            ['REVERSE 15.00'],                 []],
    [{ policy: 'UPSTREAM' },                                      [],                                []],
    [{ policy: 'RETAIN_FEE', rate: '0.20' },                      ['REVERSE 7.50', 'RETENTION -1.50'], ['REVERSE 7.50', 'RETENTION -1.50']],
    [{ policy: 'RETAIN_FEE', rate: '0.20', cap: '2.00' },         ['REVERSE 7.50', 'RETENTION -1.50'], ['REVERSE 7.50', 'RETENTION -0.50']],
  ] as const

  for (const [reversal, first, second] of cases) {
    test(JSON.stringify(reversal), async () => {
      const world = await opened(
        [commission(reversal)],
        completed('O-1', ['100.00']),
        refunded('R-1', 'O-1', [[1, '50.00']]),
        refunded('R-2', 'O-1', [[1, '50.00']]),
      )
      const of = (event: string): string[] =>
        linesOf(world, event)
          .filter((line) => line.includes('COMMISSION'))
          .map((line) => line.split(' ').slice(2).join(' '))
      expect(of('R-1:refund')).toEqual(first)
      expect(of('R-2:refund')).toEqual(second)
    })
  }
})

test('F09 [peer]: principal −50.00, commission +7.50, retained −1.50', async () => {
  const world = await opened(
    [commission({ policy: 'RETAIN_FEE', rate: '0.20' })],
    completed('O-1', ['50.00']),
    refunded('R-1', 'O-1', [[1, '50.00']]),
  )
  expect(linesOf(world, 'R-1:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -50.00',
    '1 COMMISSION REVERSE 7.50',
    '1 COMMISSION RETENTION -1.50',
  ])
})

test('rate and cap of RETAIN_FEE hold over the lines of the order together', async () => {
  const world = await opened(
    [commission({ policy: 'RETAIN_FEE', rate: '0.20', cap: '4.00' })],
    completed('O-1', ['100.00', '60.00']),
    refunded('R-1', 'O-1', [
      [1, '100.00'],
      [2, '60.00'],
    ]),
  )
  const kept = linesOf(world, 'R-1:refund').filter((line) => line.includes('RETENTION'))
  expect(kept).toEqual(['1 COMMISSION RETENTION -3.00', '2 COMMISSION RETENTION -1.00'])
})

test('an UPSTREAM amount above what is left refuses the whole refund', async () => {
  const world = await opened(
    [commission({ policy: 'UPSTREAM' })],
    completed('O-1', ['100.00']),
    refunded('R-1', 'O-1', [[1, '10.00']], { fees: [{ feeType: 'COMMISSION', amount: '15.01' }] }),
    refunded('R-2', 'O-1', [[1, '10.00']], { fees: [{ feeType: 'COMMISSION', amount: '15.00' }] }),
  )
  expect(world.rejections().map(({ code }) => code)).toEqual(['NOT_ALLOWED_IN_STATE'])
  expect(linesOf(world, 'R-1:refund')).toEqual([])
  expect(linesOf(world, 'R-2:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -10.00',
    '1 COMMISSION REVERSE 15.00',
  ])
})

// biome-ignore format: the columns are a table
const refused = [
  // fees                                          code                    why
  [[{ feeType: 'COMMISION', amount: '1.00' }],     'FEE_TYPE_UNKNOWN',     'a fee type that is not in the rule book'],
  [[{ feeType: 'GOODS_PAYMENT', amount: '1.00' }], 'FEE_NOT_SUBMITTABLE',  'a fee without policy UPSTREAM'],
] as const

for (const [fees, code, why] of refused) {
  test(`a refund naming ${why} is ${code}`, async () => {
    const world = await opened(
      [commission({ policy: 'NONE' })],
      completed('O-1', ['100.00']),
      refunded('R-1', 'O-1', [[1, '1.00']], { fees }),
    )
    expect(world.rejections().map((rejection) => rejection.code)).toEqual([code])
  })
}

test('a refund gives back a submitted line of the order that it names', async () => {
  const world = await opened(
    [
      commission({ policy: 'NONE' }),
      {
        code: 'DELIVERY_FEE',
        grain: 'ORDER',
        source: 'PASSTHROUGH',
        reversal: { policy: 'UPSTREAM' },
      },
    ],
    completed('O-1', ['100.00']),
    {
      ...submitted('X-1', at('21T00:00'), { feeType: 'DELIVERY_FEE', amount: '-6.00' }),
      orderId: 'O-1',
      orderCreatedAt: at('20T10:00'),
    },
    refunded('R-1', 'O-1', [[1, '1.00']], { fees: [{ feeType: 'DELIVERY_FEE', amount: '4.00' }] }),
  )
  expect(linesOf(world, 'R-1:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -1.00',
    '- DELIVERY_FEE REVERSE 4.00',
  ])
})

test('REFUND_ADMIN_FEE: one line a refund, the lesser of the cap and 20 % of the commission', async () => {
  const admin: FeeOf = {
    code: 'REFUND_ADMIN_FEE',
    grain: 'ORDER',
    leg: 'REVERSE_ONLY',
    reversal: { policy: 'NONE' },
    formula: { type: 'SHARE_OF_REVERSED', of: 'COMMISSION', rate: '0.20', cap: '2.00' },
  }
  const world = await opened(
    [admin, commission({ policy: 'PROPORTIONAL' })],
    completed('O-1', ['100.00', '50.00']),
    refunded('R-1', 'O-1', [[1, '50.00']]),
    refunded('R-2', 'O-1', [
      [1, '50.00'],
      [2, '50.00'],
    ]),
  )
  const of = (event: string): string[] => linesOf(world, event).slice(-1)
  expect(of('R-1:refund')).toEqual(['- REFUND_ADMIN_FEE REVERSE -1.50'])
  expect(of('R-2:refund')).toEqual(['- REFUND_ADMIN_FEE REVERSE -2.00'])
})

describe('a refund above what is left of its line', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    ['MERCHANT', ['1 GOODS_PAYMENT REVERSE -10.00', '1 COMPENSATION COMPENSATION -2.00']],
    ['PLATFORM', ['1 GOODS_PAYMENT REVERSE -10.00']],
  ] as const
  for (const [liability, lines] of cases) {
    test(`is a COMPENSATION of the liable side: ${liability}`, async () => {
      const world = await opened(
        [commission({ policy: 'NONE' })],
        completed('O-1', ['10.00']),
        refunded('R-1', 'O-1', [[1, '12.00']], { liability }),
      )
      expect(linesOf(world, 'R-1:refund')).toEqual(lines)
    })
  }
})

test('Dokan: a refund of 50 of 100 with shares 80/20 gives back 40 and 10', async () => {
  const world = await opened(
    [{ code: 'COMMISSION', formula: { type: 'SHARE', of: 'NET', rate: '0.20' } }],
    completed('O-1', ['100.00']),
    refunded('R-1', 'O-1', [[1, '50.00']]),
  )
  expect(feesOf(world, 'R-1:refund')).toEqual(['GOODS_PAYMENT -50.00', 'COMMISSION 10.00'])
})

test('tezgah: a fixed fee of 8.00 refunded in two halves stays 8.00', async () => {
  const world = await opened(
    [{ code: 'FEE', grain: 'ORDER', formula: { type: 'FIXED', amount: '8.00', per: 'ORDER' } }],
    completed('O-1', ['100.00']),
    refunded('R-1', 'O-1', [[1, '50.00']]),
    refunded('R-2', 'O-1', [[1, '50.00']]),
  )
  expect(feesOf(world)).toEqual(['GOODS_PAYMENT 0.00', 'FEE 0.00'])
})

test('the tenders of a refund make up the refund, line by line', async () => {
  const world = await opened(
    [commission({ policy: 'NONE' })],
    completed('O-1', ['100.00', '50.00'], {
      order: { discounts: [discount('PLATFORM', '20.00'), discount('PLATFORM', '5.00', 'POINTS')] },
    }),
    refunded('R-1', 'O-1', [[1, '33.33']]),
  )
  expect(linesOf(world, 'R-1:refund')).toEqual([
    '1 GOODS_PAYMENT REVERSE -27.78',
    '1 PLATFORM_COUPON_SUBSIDY REVERSE -4.44',
    '1 BEAN_SUBSIDY REVERSE -1.11',
  ])
})
