import { describe, expect, test } from 'vitest'
import { feeReversed, feesOf, linesOf } from '../../support/billed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { submitted } from '../../support/parties.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F06: where two paths compute one fee they are compared, people are told, and one path is billed.

const november = '2025-11-01T00:00:00.000+08:00'
const [goods] = commonFees

function market(double: Json, contract: Json = {}, fee: Json = {}): Promise<World> {
  const commission = {
    code: 'COMMISSION',
    posting: 'commission',
    formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
    double: { sourceSystem: 'ERP', bill: 'OWN', tolerance: '0', ...double },
    ...fee,
  }
  return openWorld({ ruleBook: bookOf([goods, commission] as never, contractOf(contract)) })
}

/** The other system's opinion of the commission of O-1. */
function opinion(amount: string, overrides: Json = {}): Json {
  const of = { sourceSystem: 'ERP', feeType: 'COMMISSION', amount }
  const order = { orderId: 'O-1', orderCreatedAt: at('20T10:00') }
  return submitted('X-1', at('21T00:00'), { ...of, ...order, ...overrides })
}

/** The facts of the mismatches, as `name=value`. */
function mismatches(world: World): string[] {
  return world
    .notices()
    .filter(({ kind }) => kind === 'DUAL_BILLING_MISMATCH')
    .map(({ facts }) => (facts as Json[]).map(({ name, value }) => `${name}=${value}`).join(' '))
}

const order = completed('O-1', ['190.00'])
const told = (own: string, said: string, tolerance: string, bill: string): string =>
  `orderId=O-1 feeType=COMMISSION own=${own} submitted=${said} tolerance=${tolerance} billed=${bill}`

describe('[derived] own 9.50 against submitted', () => {
  // biome-ignore format: a table
  const cases: [said: string, tolerance: string, bill: string, billed: string, isTold: boolean][] = [
    ['-9.51', '0',    'OWN',       '-9.50', true],
    ['-9.51', '0',    'SUBMITTED', '-9.51', true],
    ['-9.50', '0',    'OWN',       '-9.50', false],
    ['-9.50', '0',    'SUBMITTED', '-9.50', false],
    ['-9.51', '0.01', 'OWN',       '-9.50', false],
    ['-9.51', '0.01', 'SUBMITTED', '-9.51', false],
    ['-9.52', '0.01', 'OWN',       '-9.50', true],
    ['-9.49', '0',    'SUBMITTED', '-9.49', true],
    ['0.00',  '0',    'OWN',       '-9.50', true],
  ]
  const orders: [string, (said: Json) => Json[]][] = [
    ['before billing', (said) => [said, order]],
    ['after billing', (said) => [order, said]],
  ]
  describe.each(orders)('%s', (_when, inOrder) => {
    test.each(cases)(
      '%s, tolerance %s: %s is billed',
      async (said, tolerance, bill, billed, isTold) => {
        const world = await market({ bill, tolerance })
        await world.send(...inOrder(opinion(said)), tick(november))
        expect(world.rejections()).toEqual([])
        expect(feesOf(world).sort()).toEqual([`COMMISSION ${billed}`, 'GOODS_PAYMENT 190.00'])
        expect(mismatches(world)).toEqual(isTold ? [told('-9.50', said, tolerance, bill)] : [])
      },
    )
  })
})

test('a notice says the same whichever path came first', async () => {
  const notices = async (events: Json[]): Promise<unknown> => {
    const world = await market({})
    await world.send(...events)
    return world.notices()
  }
  const said = opinion('-9.51')
  expect(await notices([order, said])).toEqual(await notices([said, order]))
})

test('with OWN the submitted line is evidence: on no statement, and nothing to reverse', async () => {
  const world = await market({})
  await world.send(order, opinion('-9.51'))
  expect(linesOf(world, 'X-1:fee')).toEqual([])
  await world.send(feeReversed('X-1', 'V-1', '9.51', { sourceSystem: 'ERP' }))
  expect(world.rejections().map(({ code }) => code)).toEqual(['NOT_ALLOWED_IN_STATE'])
})

test('with SUBMITTED the own charge is not billed, so a refund reverses nothing of it', async () => {
  const world = await market({ bill: 'SUBMITTED' })
  await world.send(order, opinion('-9.50'), refunded('R-1', 'O-1', [[1, '190.00']]))
  expect(linesOf(world, 'X-1:fee')).toEqual(['- COMMISSION SUBMITTED -9.50'])
  expect(linesOf(world, 'R-1:refund')).toEqual(['1 GOODS_PAYMENT REVERSE -190.00'])
  await world.send(feeReversed('X-1', 'V-1', '9.50', { sourceSystem: 'ERP' }))
  expect(feesOf(world)).toEqual(['GOODS_PAYMENT 0.00', 'COMMISSION 0.00'])
})

describe('several lines of an order', () => {
  const two = completed('O-1', ['100.00', '90.00'])

  test('are compared one by one where the other system names lines', async () => {
    const world = await market({})
    await world.send(
      two,
      opinion('-5.00', { lineNo: 1 }),
      opinion('-4.60', { lineNo: 2, externalId: 'X-2', eventId: 'X-2' }),
    )
    expect(mismatches(world)).toEqual([
      'orderId=O-1 feeType=COMMISSION lineNo=2 own=-4.50 submitted=-4.60 tolerance=0 billed=OWN',
    ])
  })

  test('are compared as a whole where it does not', async () => {
    const world = await market({})
    await world.send(two, opinion('-9.50'), tick(november))
    expect(mismatches(world)).toEqual([])
  })

  test('submitted parts of one fee count together', async () => {
    const world = await market({})
    const rest = opinion('-4.50', { externalId: 'X-2', eventId: 'X-2' })
    await world.send(opinion('-5.00'), rest, two, tick(november))
    expect(mismatches(world)).toEqual([])
  })
})

describe('a path that is missing when the statement closes is told of', () => {
  // biome-ignore format: a table
  const cases: [title: string, bill: string, events: Json[], facts: string][] = [
    ['submitted, OWN',        'OWN',       [order],            'lineNo=1 own=-9.50 tolerance=0 billed=OWN'],
    ['submitted, SUBMITTED',  'SUBMITTED', [order],            'lineNo=1 own=-9.50 tolerance=0 billed=SUBMITTED'],
    ['own, OWN',              'OWN',       [opinion('-9.50')], 'submitted=-9.50 tolerance=0 billed=OWN'],
    ['own, SUBMITTED',        'SUBMITTED', [opinion('-9.50')], 'submitted=-9.50 tolerance=0 billed=SUBMITTED'],
  ]
  test.each(cases)('%s', async (_title, bill, events, facts) => {
    const world = await market({ bill })
    await world.send(...events, tick(at('31T00:00')))
    expect(mismatches(world)).toEqual([])
    await world.send(tick(november), tick('2025-12-01T00:00:00.000+08:00'))
    expect(mismatches(world)).toEqual([`orderId=O-1 feeType=COMMISSION ${facts}`])
    expect(world.notices()[0]).toMatchObject({ at: '2025-10-31T16:00:00.000Z', partyId: 'M-1' })
  })

  test('whether or not a late tick bills the order before', async () => {
    const waits = { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 20 } }
    for (const ticks of [[november, '2025-11-30T00:00:00+08:00'], ['2025-11-30T00:00:00+08:00']]) {
      const world = await market({}, waits)
      await world.send(opinion('-9.50'), order, ...ticks.map(tick))
      const facts = 'submitted=-9.50 tolerance=0 billed=OWN'
      expect(mismatches(world)).toEqual([`orderId=O-1 feeType=COMMISSION ${facts}`])
    }
  })
})

describe('what is no second opinion', () => {
  // biome-ignore format: a table
  const cases: [title: string, said: Json][] = [
    ['of another system',       opinion('-9.50', { sourceSystem: 'WMS' })],
    ['of a fee without double', opinion('9.50', { feeType: 'GOODS_PAYMENT' })],
    ['of no order',             withoutOrder(opinion('-9.50'))],
  ]
  test.each(cases)('%s', async (_title, said) => {
    const world = await market({})
    await world.send(order, said)
    expect(world.rejections().map(({ code }) => code)).toEqual(['FEE_NOT_SUBMITTABLE'])
    expect(mismatches(world)).toEqual([])
  })
})

test('a fee of the whole order is compared, whatever line the other system names', async () => {
  const world = await market({ bill: 'SUBMITTED' }, {}, { grain: 'ORDER' })
  await world.send(order, opinion('-9.51', { lineNo: 1 }))
  expect(mismatches(world)).toEqual([told('-9.50', '-9.51', '0', 'SUBMITTED')])
})

test('an UPSTREAM fee that is submitted before its order can be named by a refund', async () => {
  const world = await market({ bill: 'SUBMITTED' }, {}, { reversal: { policy: 'UPSTREAM' } })
  const fees = [{ feeType: 'COMMISSION', amount: '9.51' }]
  await world.send(opinion('-9.51'), order, refunded('R-1', 'O-1', [[1, '190.00']], { fees }))
  expect(world.rejections()).toEqual([])
  expect(mismatches(world)).toHaveLength(1)
  expect(feesOf(world).sort()).toEqual(['COMMISSION 0.00', 'GOODS_PAYMENT 0.00'])
})

test('a duplicate opinion is not compared again', async () => {
  const world = await market({})
  await world.send(order, opinion('-9.51'), opinion('-9.51', { eventId: 'again' }))
  expect(mismatches(world)).toHaveLength(1)
})

test('live state and reloaded state come to the same', async () => {
  const traceOf = async (reload: boolean): Promise<string[]> => {
    const fees = [
      goods,
      { code: 'COMMISSION', formula: { type: 'SHARE', of: 'NET', rate: '0.05' } },
    ]
    const double = { sourceSystem: 'ERP', bill: 'OWN', tolerance: '0' }
    const ruleBook = bookOf([fees[0], { ...fees[1], double }] as never)
    const world = await openWorld({ ruleBook, reload })
    await world.send(opinion('-9.51'), opinion('-1.00', { externalId: 'X-2', eventId: 'X-2' }))
    await world.send(order, opinion('-0.50', { externalId: 'X-3', eventId: 'X-3' }), tick(november))
    return world.trace()
  }
  expect(await traceOf(true)).toEqual(await traceOf(false))
})

function withoutOrder({ orderId: _id, orderCreatedAt: _at, ...event }: Json): Json {
  return event
}
