import { describe, expect, test } from 'vitest'
import { discount } from '../../support/billed.ts'
import { at, bookOf, commonFees, completed, type FeeOf, refunded } from '../../support/market.ts'
import { submitted } from '../../support/parties.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F55: every line says what its amount was computed of, with the exact value before rounding.

async function basisOf(fee: FeeOf, order: Json, ...events: readonly Json[]): Promise<Json[]> {
  const world = await openWorld({ ruleBook: bookOf([...commonFees.slice(0, 3), fee]) })
  await world.send(completed('O-1', ['190.01'], { order }), ...events)
  return world
    .lines()
    .filter(({ feeType }) => feeType === fee.code)
    .map(({ amount, basis }) => ({ amount, ...(basis as Json) }))
}

describe('forward lines', () => {
  const share = (rate: string, more: Json = {}): Json => ({
    type: 'SHARE',
    of: 'NET',
    rate,
    ...more,
  })
  const fixed = (per: string): Json => ({ type: 'FIXED', amount: '1.50', per })

  // biome-ignore format: the columns are a table
  const cases = [
    // fee                                                amount    of      base      rate     exact (fen)
    [{ formula: share('0.05') },                         '-9.50',  'NET',  '190.01', '0.05',  '-19001/20'],
    [{ formula: share('0.05'), sign: '+' },              '9.50',   'NET',  '190.01', '0.05',  '19001/20'],
    [{ formula: share('0.05'), rounding: 'UP' },         '-9.51',  'NET',  '190.01', '0.05',  '-19001/20'],
    [{ formula: share('0.05', { min: '10.00' }) },       '-10.00', 'NET',  '190.01', '0.05',  '-1000/1'],
    [{ formula: share('0.05', { max: '9.00' }) },        '-9.00',  'NET',  '190.01', '0.05',  '-900/1'],
    // 9.5005: a limit of 9.50 holds it whatever way it would have been rounded.
    [{ formula: share('0.05', { max: '9.50' }) },        '-9.50',  'NET',  '190.01', '0.05',  '-950/1'],
    [{ formula: share('0.05', { max: '9.50' }), rounding: 'UP' },   '-9.50', 'NET', '190.01', '0.05', '-950/1'],
    // 9.4967 under a minimum of 9.50, which rounds to 9.50 or 9.49.
    [{ formula: share('0.04998', { min: '9.50' }) },     '-9.50',  'NET',  '190.01', '0.04998', '-950/1'],
    [{ formula: share('0.04998', { min: '9.50' }), rounding: 'DOWN' }, '-9.50', 'NET', '190.01', '0.04998', '-950/1'],
    [{ formula: fixed('ORDER') },                        '-1.50',  'ORDER', '1.50',  '1',     '-150/1'],
    [{ formula: fixed('LINE') },                         '-1.50',  'LINE',  '1.50',  '1',     '-150/1'],
    [{ formula: fixed('UNIT') },                         '-1.50',  'UNIT',  '1.50',  '1',     '-150/1'],
    [{ formula: { type: 'SHARE', of: 'BUYER_PAID', rate: '0.006' } }, '-1.13', 'BUYER_PAID', '188.01', '0.006', '-56403/500'],
  ] as const

  test.each(cases)('%j: %s', async (fee, amount, of, base, rate, exact) => {
    const order = { freight: '8.00', discounts: [discount('PLATFORM', '10.00')] }
    expect(await basisOf({ code: 'FEE', ...fee }, order)).toEqual([
      { amount, of, base, rate, exact },
    ])
  })

  test('a tender is its base', async () => {
    const world = await openWorld({ ruleBook: bookOf() })
    await world.send(completed('O-1', ['190.01']))
    expect(world.lines()[0]?.basis).toEqual({
      of: 'BUYER_GOODS',
      base: '190.01',
      rate: '1',
      exact: '19001/1',
    })
  })
})

describe('reverse lines say what shall be back in all, before rounding', () => {
  const formula = { type: 'SHARE', of: 'NET', rate: '0.05' }
  const refunds = [refunded('R-1', 'O-1', [[1, '63.34']]), refunded('R-2', 'O-1', [[1, '126.67']])]

  test('in proportion', async () => {
    const [, first, second] = await basisOf({ code: 'FEE', formula }, {}, ...refunds)
    expect(first).toEqual({ amount: '3.17', of: 'NET', base: '63.34', exact: '6017300/19001' })
    expect(second).toEqual({ amount: '6.33', of: 'NET', base: '190.01', exact: '950/1' })
  })

  test('kept of what came back', async () => {
    const fee = { code: 'FEE', formula, reversal: { policy: 'RETAIN_FEE', rate: '0.20' } }
    const lines = await basisOf(fee, {}, ...refunds)
    expect(lines[2]).toEqual({ amount: '-0.63', of: 'FEE', base: '3.17', exact: '-317/5' })
    expect(lines[4]).toEqual({ amount: '-1.27', of: 'FEE', base: '9.50', exact: '-190/1' })
  })

  test('a share of what was reversed', async () => {
    const world = await openWorld({
      ruleBook: bookOf([
        ...commonFees,
        {
          code: 'ADMIN',
          leg: 'REVERSE_ONLY',
          grain: 'ORDER',
          reversal: { policy: 'NONE' },
          formula: { type: 'SHARE_OF_REVERSED', of: 'COMMISSION', rate: '0.2', cap: '1.00' },
        },
      ]),
    })
    await world.send(completed('O-1', ['190.01']), ...refunds)
    const bases = world.lines().filter(({ feeType }) => feeType === 'ADMIN')
    expect(bases.map(({ amount, basis }) => ({ amount, basis }))).toEqual([
      { amount: '-0.63', basis: { of: 'COMMISSION', base: '3.17', rate: '0.2', exact: '-317/5' } },
      { amount: '-1.00', basis: { of: 'COMMISSION', base: '6.33', rate: '0.2', exact: '-100/1' } },
    ])
  })
})

test('lines that were given and not computed have no basis', async () => {
  const fee: FeeOf = { code: 'WAREHOUSING_FEE', source: 'PULLED', reversal: { policy: 'NONE' } }
  const world = await openWorld({ ruleBook: bookOf([fee]) })
  await world.send(submitted('X-1', at('21T00:00')))
  expect(world.lines()[0]).not.toHaveProperty('basis')
})
