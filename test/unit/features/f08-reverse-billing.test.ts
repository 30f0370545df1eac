import { describe, expect, test } from 'vitest'
import { linesOf, snapshot, status, sumOf } from '../../support/billed.ts'
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
import { entityChanged, modeChanged } from '../../support/parties.ts'
import { codes } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F08 at its edges: what a refund is judged by, homes and versions that were frozen, large amounts.

const sevenDays = contractOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } })

async function opened(contract: Json, ...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf(commonFees, contract) })
  await world.send(...events)
  return world
}

const counts = async (world: World) => (await world.row()).party

describe('a refund is refused with a code, and judged anew when it comes again', () => {
  const far = '2031-01-01T00:00:00.000+08:00'
  // biome-ignore format: the columns are a table
  const cases = [
    // refund                                                             code
    [refunded('R-1', 'O-1', [[2, '1.00']]),                               'LINE_UNKNOWN'],
    [refunded('R-1', 'O-1', [[1, '1.001']]),                              'OUT_OF_RANGE'],
    [refunded('R-1', 'O-1', [], { freight: '1.001' }),                    'OUT_OF_RANGE'],
    [refunded('R-1', 'O-1', [], { fees: [{ feeType: 'COMMISSION', amount: '1.001' }] }), 'OUT_OF_RANGE'],
    [refunded('R-1', 'O-1', [], { fees: [{ feeType: 'COMMISSION', amount: '1.00' }] }),  'FEE_NOT_SUBMITTABLE'],
    [refunded('R-1', 'O-1', [], { fees: [{ feeType: 'NOVELTY', amount: '1.00' }] }),     'FEE_TYPE_UNKNOWN'],
    [refunded('R-1', 'O-1', [[1, '1.00']], { occurredAt: far }),          'OUT_OF_RANGE'],
  ] as const

  const after = [completed('O-1', ['100.00'])]
  const stages = [
    ['after billing', contractOf(), after, []],
    ['before billing', sevenDays, after, []],
    ['on arrival of its order', contractOf(), [], after],
  ] as const

  for (const [when, contract, before, later] of stages) {
    test.each(cases)(`${when}, %#: %j is %s`, async (refund, code) => {
      const world = await opened(contract, ...before, refund, ...later)
      const lines = linesOf(world, 'O-1:completed')
      expect(codes(world)).toEqual([`R-1:refund ${code}`])

      // The same again is a duplicate and tells nothing; with other content it is judged anew.
      await world.send({ ...refund, eventId: 'again' })
      expect(codes(world)).toHaveLength(1)
      await world.send(refunded('R-1', 'O-1', [[1, '1.00']], { eventId: 'good' }))
      expect(codes(world)).toHaveLength(1)
      expect(await counts(world)).toMatchObject({ applied: 2, duplicates: 1, rejected: 1 })
      expect(linesOf(world, 'O-1:completed')).toEqual(lines)
    })
  }
})

describe('the content of a refund is compared after decoding', () => {
  const first = refunded('R-1', 'O-1', [[1, '2.10']], { reason: 'broken' })
  const [line] = first.lines as Json[]
  // biome-ignore format: the columns are a table
  const cases = [
    // again                                             is
    [{ lines: [{ ...line, amount: '2.1' }] },            'duplicate'],
    [{ lines: [{ ...line, amount: '2.100' }] },          'duplicate'],
    [{ occurredAt: '2025-10-21T16:00:00Z' },             'duplicate'],
    [{ orderCreatedAt: '2025-10-20T02:00:00.000+00:00' }, 'duplicate'],
    [{ eventId: 'E-2', source: 'oms' },                  'duplicate'],
    [{ lines: [{ ...line, amount: '2.11' }] },           'conflict'],
    [{ lines: [{ ...line, quantity: 1 }] },              'conflict'],
    [{ reason: 'late' },                                 'conflict'],
    [{ liability: 'MERCHANT' },                          'conflict'],
    [{ orderId: 'O-2' },                                 'conflict'],
    [{ occurredAt: at('22T00:01') },                     'conflict'],
  ] as const

  test.each(cases)('%j is a %s', async (more, is) => {
    for (const events of [[completed('O-1', ['9.00']), first], [first]]) {
      const world = await opened(contractOf(), ...events, { ...first, ...more })
      const { duplicates, rejected } = await counts(world)
      expect({ duplicates, rejected }).toEqual(
        is === 'duplicate' ? { duplicates: 1, rejected: 0 } : { duplicates: 0, rejected: 1 },
      )
      if (is === 'conflict') expect(codes(world)[0]).toContain('DUPLICATE_CONFLICT')
    }
  })

  test('the same refundId of another party is another refund', async () => {
    const other = { ...completed('O-1', ['9.00']), partyId: 'M-2', eventId: 'two' }
    const world = await opened(contractOf(), completed('O-1', ['9.00']), other, first, {
      ...first,
      partyId: 'M-2',
    })
    expect(await counts(world)).toMatchObject({ applied: 4, duplicates: 0 })
  })
})

describe('what is frozen at billing', () => {
  test('mode and entity: the reverse lines stand on a statement of the old ones', async () => {
    const world = await opened(
      contractOf(),
      completed('O-1', ['100.00']),
      modeChanged('C-1', 'FBP', at('21T00:00')),
      entityChanged('C-2', 'E-HK', at('21T00:00')),
      refunded('R-1', 'O-1', [[1, '50.00']]),
    )
    const ids = new Set(world.lines().map(({ statementId }) => statementId))
    expect([...ids]).toEqual(['M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01'])
  })

  test('a refund in the month after goes there, and points at the line it reverses', async () => {
    const world = await opened(
      contractOf(),
      completed('O-1', ['100.00']),
      tick('2025-11-01T00:00:00.000+08:00'),
      refunded('R-1', 'O-1', [[1, '50.00']], { occurredAt: at('30T00:00') }),
    )
    const [goods, , reverse] = world.lines()
    expect(reverse).toMatchObject({
      statementId: 'M-1/E-CN/SOP/CNY/MONTHLY/2025-11-01',
      originPeriod: '2025-10-01',
      lateReason: 'PERIOD_CLOSED',
      originLineId: goods?.lineId,
      ruleId: 'fs-goods_payment',
      ruleBookVersion: 1,
      sku: 'SKU-1',
    })
  })
})

describe('liability for what exceeds a line', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // liability    what the party bears
    [undefined,     '-2.00'],
    ['MERCHANT',    '-2.00'],
    ['PLATFORM',    '0.00'],
    ['GUIDE',       '0.00'],
  ] as const
  for (const contract of [contractOf(), sevenDays]) {
    test.each(cases)('%s', async (liability, borne) => {
      const refund = refunded('R-1', 'O-1', [[1, '12.00']], liability ? { liability } : {})
      const world = await opened(contract, completed('O-1', ['10.00', '5.00']), refund)
      await world.send(tick(at('27T10:00')))
      expect(sumOf(world, ({ feeType }) => feeType === 'COMPENSATION')).toBe(borne)
      // The line itself is gone, the other one is not.
      expect(sumOf(world, ({ feeType }) => feeType === 'GOODS_PAYMENT')).toBe('5.00')
    })
  }

  test('each further refund of a line that is gone exceeds it whole', async () => {
    const more = [1, 2].map((id) => refunded(`R-${id}`, 'O-1', [[1, '10.00']]))
    const world = await opened(contractOf(), completed('O-1', ['10.00']), ...more)
    expect(linesOf(world, 'R-2:refund')).toEqual(['1 COMPENSATION COMPENSATION -10.00'])
  })
})

describe('amounts near the end of the range', () => {
  const huge = '30000000000000.00'

  test('an order and its whole refund stand on one statement', async () => {
    const world = await opened(
      contractOf(),
      completed('O-1', [huge], { order: {} }),
      refunded('R-1', 'O-1', [[1, huge]]),
    )
    expect(codes(world)).toEqual([])
    expect(linesOf(world, 'R-1:refund')).toEqual([
      '1 GOODS_PAYMENT REVERSE -30000000000000.00',
      '1 COMMISSION REVERSE 1500000000000.00',
    ])
  })

  test('a refund whose sums would overflow is refused and changes nothing', async () => {
    const world = await opened(
      contractOf(),
      completed('O-1', [huge]),
      completed('O-2', [huge]),
      refunded('R-1', 'O-1', [[1, huge]]),
      refunded('R-2', 'O-1', [[1, '1.00']]),
    )
    expect(codes(world)).toEqual(['R-1:refund OUT_OF_RANGE'])
    expect(linesOf(world, 'R-2:refund')[0]).toBe('1 GOODS_PAYMENT REVERSE -1.00')
  })

  test('a share of what was reversed that leaves the range is refused', async () => {
    const admin: FeeOf = {
      code: 'ADMIN',
      grain: 'ORDER',
      leg: 'REVERSE_ONLY',
      reversal: { policy: 'NONE' },
      formula: { type: 'SHARE_OF_REVERSED', of: 'COMMISSION', rate: '1000000' },
    }
    const world = await openWorld({ ruleBook: bookOf([...commonFees, admin]) })
    await world.send(completed('O-1', [huge]), refunded('R-1', 'O-1', [[1, huge]]))
    expect(codes(world)).toEqual(['R-1:refund OUT_OF_RANGE'])
  })

  test('a waiting refund that would leave the order no room lets the order be refused', async () => {
    const room = '44000000000000.00'
    const early = refunded('R-1', 'O-1', [[1, '45035996273704.96']])
    const fee = (contract: Json): Promise<World> =>
      openWorld({ ruleBook: bookOf(commonFees.slice(0, 1), contract) })
    const world = await fee(contractOf())
    await world.send(completed('O-0', [room]), early, completed('O-1', ['20000000000000.00']))
    expect(codes(world)).toEqual(['O-1:completed OUT_OF_RANGE'])
    expect(await counts(world)).toMatchObject({ applied: 1, waiting: 1, rejected: 1 })
  })
})

describe.each([
  ['JPY', '1000', ['333', '333', '334'], ['17', '16', '17'], '50'],
  ['KWD', '10.000', ['3.333', '3.333', '3.334'], ['0.167', '0.166', '0.167'], '0.500'],
] as const)('in %s the minor unit is the currency’s', (currency, price, parts, back, whole) => {
  test(`5 % of ${price} is ${whole}, in parts ${back.join(', ')}`, async () => {
    const world = await opened(
      contractOf({ currency }),
      completed('O-1', [price], { order: { ...snapshot([price]), currency } }),
      ...parts.map((part, index) => refunded(`R-${index}`, 'O-1', [[1, part]])),
    )
    const fees = world.lines().filter(({ feeType }) => feeType === 'COMMISSION')
    expect(fees.map(({ amount }) => amount)).toEqual([`-${whole}`, ...back])
  })
})

test('a refund waits as long from the clock as from its own instant, whichever is later', async () => {
  const early = refunded('R-1', 'O-1', [[1, '1.00']], { occurredAt: at('10T00:00') })
  const world = await opened(
    contractOf({ refundWaitDays: 2 }),
    tick(at('15T00:00')),
    early,
    tick('2025-10-16T23:59:59.999+08:00'),
  )
  expect(await counts(world)).toMatchObject({ waiting: 1 })
  await world.send(tick(at('17T00:00')), { ...early, eventId: 'again' })
  expect(codes(world)).toEqual(['R-1:refund ORDER_UNKNOWN'])
  // It waits anew, and its second end is a duplicate of the first.
  expect(await counts(world)).toMatchObject({ waiting: 1, rejected: 1 })
  await world.send(tick(at('19T00:00')))
  expect(await counts(world)).toMatchObject({ waiting: 0, rejected: 1, duplicates: 1 })
  expect(codes(world)).toHaveLength(1)
})

test('an order known by name alone does not end the waiting', async () => {
  const early = refunded('R-1', 'O-1', [[1, '40.00']])
  const paid = status('OrderPaid', 'O-1', at('11T00:00'))
  const world = await opened(contractOf(), early, paid, tick('2025-12-01T00:00:00.000+08:00'))
  expect(codes(world)).toEqual(['R-1:refund ORDER_UNKNOWN'])
  await world.send(completed('O-1', ['100.00']))
  expect(linesOf(world, 'O-1:completed')[0]).toBe('1 GOODS_PAYMENT FORWARD 100.00')
})

test('a refund outside the calendar does not wait for its order', async () => {
  const far = { occurredAt: '2031-01-01T00:00:00.000+08:00' }
  const world = await opened(contractOf(), refunded('R-1', 'O-1', [[1, '1.00']], far))
  expect(codes(world)).toEqual(['R-1:refund OUT_OF_RANGE'])
  expect(await counts(world)).toMatchObject({ waiting: 0 })
})
