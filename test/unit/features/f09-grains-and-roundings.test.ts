import { describe, expect, test } from 'vitest'
import { feesOf, linesOf, sumOf } from '../../support/billed.ts'
import { at, bookOf, commonFees, completed, type FeeOf, refunded } from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F09, section 4: every policy at both grains over two lines, roundings on the way back, and the
// numbers that comparable systems publish.

const goods = commonFees[0] as FeeOf
const share = (rate: string, of = 'NET'): Json => ({ type: 'SHARE', of, rate })

async function opened(fees: readonly FeeOf[], ...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf([goods, ...fees]) })
  await world.send(...events)
  return world
}

const of = (world: World, id: string): string[] =>
  linesOf(world, `${id}:refund`).filter((line) => line.includes('FEE'))

describe('a fee of 10 % on 60.00 and 40.00; 30.00 of line 1, the rest of it, then line 2', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // policy                 grain    first                     second                    third
    ['PROPORTIONAL',          'LINE',  ['1 FEE REVERSE 3.00'],   ['1 FEE REVERSE 3.00'],   ['2 FEE REVERSE 4.00']],
    ['PROPORTIONAL',          'ORDER', ['- FEE REVERSE 3.00'],   ['- FEE REVERSE 3.00'],   ['- FEE REVERSE 4.00']],
    ['RETENTION',             'LINE',  ['1 FEE REVERSE 3.00'],   ['1 FEE REVERSE 3.00'],   ['2 FEE REVERSE 4.00']],
    ['RETENTION',             'ORDER', ['- FEE REVERSE 3.00'],   ['- FEE REVERSE 3.00'],   ['- FEE REVERSE 4.00']],
    ['NONE',                  'LINE',  [],                       [],                       []],
    ['NONE',                  'ORDER', [],                       [],                       []],
    ['FULL_ON_FULL_REFUND',   'LINE',  [],                       ['1 FEE REVERSE 6.00'],   ['2 FEE REVERSE 4.00']],
    ['FULL_ON_FULL_REFUND',   'ORDER', [],                       [],                       ['- FEE REVERSE 10.00']],
    ['FULL_ON_ANY_REFUND',    'LINE',  ['1 FEE REVERSE 6.00'],   [],                       ['2 FEE REVERSE 4.00']],
    ['FULL_ON_ANY_REFUND',    'ORDER', ['- FEE REVERSE 10.00'],  [],                       []],
    ['UPSTREAM',              'LINE',  [],                       [],                       []],
    ['UPSTREAM',              'ORDER', [],                       [],                       []],
    ['RETAIN_FEE',            'LINE',  ['1 FEE REVERSE 3.00', '1 FEE RETENTION -0.60'], ['1 FEE REVERSE 3.00', '1 FEE RETENTION -0.60'], ['2 FEE REVERSE 4.00', '2 FEE RETENTION -0.30']],
    ['RETAIN_FEE',            'ORDER', ['- FEE REVERSE 3.00', '- FEE RETENTION -0.60'], ['- FEE REVERSE 3.00', '- FEE RETENTION -0.60'], ['- FEE REVERSE 4.00', '- FEE RETENTION -0.30']],
  ] as const

  test.each(cases)('%s per %s', async (policy, grain, ...expected) => {
    const more = policy === 'RETAIN_FEE' ? { rate: '0.20', cap: '1.50' } : {}
    const fee = { code: 'FEE', grain, reversal: { policy, ...more }, formula: share('0.1') }
    const world = await opened(
      [fee],
      completed('O-1', ['60.00', '40.00']),
      refunded('R-1', 'O-1', [[1, '30.00']]),
      refunded('R-2', 'O-1', [[1, '30.00']]),
      refunded('R-3', 'O-1', [[2, '40.00']]),
    )
    expect(['R-1', 'R-2', 'R-3'].map((id) => of(world, id))).toEqual(expected)
  })

  test('all in one refund: one line a charge, in the order of lines', async () => {
    const fee = { code: 'FEE', reversal: { policy: 'FULL_ON_FULL_REFUND' }, formula: share('0.1') }
    const world = await opened(
      [fee],
      completed('O-1', ['60.00', '40.00']),
      refunded('R-1', 'O-1', [
        [2, '40.00'],
        [1, '60.00'],
      ]),
    )
    expect(linesOf(world, 'R-1:refund')).toEqual([
      '1 GOODS_PAYMENT REVERSE -60.00',
      '1 FEE REVERSE 6.00',
      '2 GOODS_PAYMENT REVERSE -40.00',
      '2 FEE REVERSE 4.00',
    ])
  })
})

describe('the rounding of the fee type holds on the way back: 0.05 of 1.00 in four quarters', () => {
  // Exactly 1.25, 2.5, 3.75 and 5 fen shall be back.
  // biome-ignore format: the columns are a table
  const cases = [
    ['HALF_UP',   ['0.01', '0.02', '0.01', '0.01']],
    ['HALF_EVEN', ['0.01', '0.01', '0.02', '0.01']],
    ['DOWN',      ['0.01', '0.01', '0.01', '0.02']],
    ['UP',        ['0.02', '0.01', '0.01', '0.01']],
  ] as const

  test.each(cases)('%s', async (rounding, expected) => {
    const world = await opened(
      [{ code: 'FEE', rounding, formula: share('0.05') }],
      completed('O-1', ['1.00']),
      ...[1, 2, 3, 4].map((id) => refunded(`R-${id}`, 'O-1', [[1, '0.25']])),
    )
    const back = [1, 2, 3, 4].flatMap((id) => of(world, `R-${id}`))
    expect(back).toEqual(expected.map((amount) => `1 FEE REVERSE ${amount}`))
  })
})

test('a fee type without reversal changes nothing of those that have one', async () => {
  const world = await opened(
    [{ code: 'FEE', sign: '+', reversal: { policy: 'NONE' }, formula: share('0.1') }],
    completed('O-1', ['60.00']),
    refunded('R-1', 'O-1', [[1, '60.00']]),
  )
  expect(feesOf(world)).toEqual(['GOODS_PAYMENT 0.00', 'FEE 6.00'])
})

test('a gift is refunded by 0 without a line, and a fee on it stays', async () => {
  const fee = {
    code: 'FEE',
    reversal: { policy: 'FULL_ON_ANY_REFUND' },
    formula: { type: 'FIXED', amount: '1.00', per: 'LINE' },
  }
  const world = await opened(
    [fee],
    completed('O-1', ['10.00', '0.00']),
    refunded('R-1', 'O-1', [[2, '0.00']]),
    refunded('R-2', 'O-1', [[2, '3.00']]),
  )
  expect(linesOf(world, 'R-1:refund')).toEqual([])
  expect(linesOf(world, 'R-2:refund')).toEqual(['2 COMPENSATION COMPENSATION -3.00'])
  expect((await world.row()).party).toMatchObject({ applied: 3 })
})

describe('numbers of comparable systems', () => {
  const commission = (rate: string): FeeOf => ({ code: 'COMMISSION', formula: share(rate) })

  test('Dokan: two sellers of 15.00 and 20.00 at 10 %: commission 3.50, vendors 31.50', async () => {
    const second = { ...completed('O-1', ['20.00']), partyId: 'M-2', eventId: 'O-1:two' }
    const world = await opened([commission('0.10')], completed('O-1', ['15.00']), second)
    expect(sumOf(world, ({ feeType }) => feeType === 'COMMISSION')).toBe('-3.50')
    expect(sumOf(world)).toBe('31.50')
  })

  test('tezgah: 10 % on 100.00 of 120.00: 110.00 and 10.00; refund 60.00: 55.00 and 5.00', async () => {
    const world = await opened(
      [{ ...commission('0.10'), match: { sku: ['SKU-1'] } }],
      completed('O-1', ['100.00', '20.00']),
    )
    expect(sumOf(world)).toBe('110.00')
    const refund = refunded('R-1', 'O-1', [
      [1, '50.00'],
      [2, '10.00'],
    ])
    await world.send(refund)
    expect(feesOf(world, 'R-1:refund')).toEqual(['GOODS_PAYMENT -60.00', 'COMMISSION 5.00'])
  })

  test('tezgah: 10 % then 15 %, the first refunded at its own rate: 90.00 and 10.00 back', async () => {
    const book = bookOf([goods, commission('0.10')])
    const schedules = (book.schedules as Json[]).map((schedule) =>
      schedule.feeType === 'COMMISSION'
        ? {
            ...schedule,
            versions: [
              { validFrom: '2025-01-01', validTo: '2025-10-21', formula: share('0.10') },
              { validFrom: '2025-10-21', formula: share('0.15') },
            ],
          }
        : schedule,
    )
    const world = await openWorld({ ruleBook: { ...book, schedules } })
    await world.send(
      completed('O-1', ['100.00']),
      completed('O-2', ['100.00'], { occurredAt: at('21T10:00') }),
      refunded('R-1', 'O-1', [[1, '100.00']]),
    )
    expect(feesOf(world, 'O-2:completed')).toEqual(['GOODS_PAYMENT 100.00', 'COMMISSION -15.00'])
    expect(feesOf(world, 'R-1:refund')).toEqual(['GOODS_PAYMENT -100.00', 'COMMISSION 10.00'])
  })

  test('tezgah: a fixed fee of 8.00 over two halves of an order stays 8.00', async () => {
    const fee = { code: 'FEE', formula: { type: 'FIXED', amount: '8.00', per: 'ORDER' } }
    const world = await opened([fee], completed('O-1', ['50.00', '50.00']))
    expect(of(world, 'O-1')).toEqual([])
    expect(sumOf(world, ({ feeType }) => feeType === 'FEE')).toBe('-8.00')
  })

  test('Square: 20.00 less 2.00 and 0.88 is 17.12; refund of 15.00 gives 1.50 back', async () => {
    const processing: FeeOf = {
      code: 'PROCESSING',
      grain: 'ORDER',
      reversal: { policy: 'NONE' },
      formula: { type: 'FIXED', amount: '0.88', per: 'ORDER' },
    }
    const world = await opened([commission('0.10'), processing], completed('O-1', ['20.00']))
    expect(sumOf(world)).toBe('17.12')
    await world.send(refunded('R-1', 'O-1', [[1, '15.00']]))
    expect(feesOf(world, 'R-1:refund')).toEqual(['GOODS_PAYMENT -15.00', 'COMMISSION 1.50'])
  })

  test('Adyen: 60 + 30 − 9.72 − 2 = 78.28', async () => {
    const world = await opened(
      [
        {
          code: 'MARKUP',
          grain: 'ORDER',
          match: { channel: ['A'] },
          formula: { type: 'FIXED', amount: '9.72', per: 'ORDER' },
        },
        {
          code: 'FEE',
          grain: 'ORDER',
          match: { channel: ['B'] },
          formula: { type: 'FIXED', amount: '2', per: 'ORDER' },
        },
      ],
      completed('O-1', ['60.00'], { order: { channel: 'A' } }),
      completed('O-2', ['30.00'], { order: { channel: 'B' } }),
    )
    expect(sumOf(world)).toBe('78.28')
  })

  test('Razorpay: 1,000.00 with a fee of 29.00 and tax of 5.22 credits 965.78', async () => {
    const fee = { ...commission('0.03422'), tax: { rate: '0.18', inclusive: true } }
    const world = await opened([fee], completed('O-1', ['1000.00']))
    expect(sumOf(world)).toBe('965.78')
    expect(world.lines()[1]).toMatchObject({ amount: '-34.22', taxAmount: '-5.22' })
  })

  // Lago's credit notes: what is credited of an invoice, and the tax of it.
  // biome-ignore format: the columns are a table
  const credits = [
    // gross      rate      credited   tax
    ['250.00',    '0.25',   '241.66',  '48.33'],
    ['200.00',    '0.25',   '193.34',  '38.67'],
    ['36.99',     '0.2333', '31.71',   '6.00'],
  ] as const

  test.each(credits)(
    'Lago: of %s with tax of %s, %s is credited with %s of tax',
    async (gross, rate, credited, tax) => {
      const fee = { code: 'FEE', tax: { rate, inclusive: true }, formula: share('1') }
      const world = await opened(
        [fee],
        completed('O-1', [gross]),
        refunded('R-1', 'O-1', [[1, credited]]),
      )
      const back = world.lines().find(({ leg, feeType }) => leg === 'REVERSE' && feeType === 'FEE')
      expect(back).toMatchObject({ amount: credited, taxAmount: tax })
    },
  )
})

test('F02: an order of 1,114 lines, refunded whole in one refund, leaves nothing', async () => {
  const policies = ['PROPORTIONAL', 'RETENTION', 'FULL_ON_FULL_REFUND', 'FULL_ON_ANY_REFUND']
  const fees: FeeOf[] = policies.map((policy, index) => ({
    code: `FEE_${policy}`,
    reversal: { policy },
    formula: share(`0.0${index + 1}`),
  }))
  const retained = { policy: 'RETAIN_FEE', rate: '0.2', cap: '10.00' }
  fees.push({ code: 'RETAINED', reversal: retained, formula: share('0.07') })
  fees.push({ code: 'BOX', formula: { type: 'FIXED', amount: '100.00', per: 'ORDER' } })
  const prices = Array.from({ length: 1_114 }, (_, index) => `${(index % 90) + 1}.37`)
  const discounts = [{ funder: 'MERCHANT', kind: 'COUPON', amount: '111.11' }]
  const world = await opened(fees, completed('O-1', prices, { order: { discounts } }))
  expect(sumOf(world, ({ feeType }) => feeType === 'BOX')).toBe('-100.00')
  const nets = world
    .lines()
    .filter(({ feeType }) => feeType === 'GOODS_PAYMENT')
    .map(({ lineNo, amount }) => [Number(lineNo), String(amount)] as const)
  const before = performance.now()
  await world.send(refunded('R-1', 'O-1', nets))
  expect(performance.now() - before).toBeLessThan(5_000)
  expect(sumOf(world)).toBe('-10.00')
})
