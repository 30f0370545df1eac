import { describe, expect, test } from 'vitest'
import { feeReversed, linesOf, snapshot, status } from '../../support/billed.ts'
import { at, bookOf, commonFees, completed, type FeeOf, refunded } from '../../support/market.ts'
import { adjusted, submitted } from '../../support/parties.ts'
import { codes } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F11: a business key occurs once, for ever; the same content is a duplicate, another a conflict.

const fees: readonly FeeOf[] = [
  ...commonFees,
  { code: 'WAREHOUSING_FEE', grain: 'ORDER', source: 'PULLED', reversal: { policy: 'NONE' } },
]

async function opened(...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf(fees) })
  await world.send(...events)
  return world
}

const order = completed('O-1', ['100.00'])
const refund = refunded('R-1', 'O-1', [[1, '10.00']])
const fee = submitted('X-1', at('21T00:00'), { quantity: -4, unitPrice: '0.30' })
const reversal = feeReversed('X-1', 'V-1', '0.20')
const adjustment = adjusted('A-1', at('21T00:00'))
const facts = { order, refund, fee, reversal, adjustment }
const all = Object.values(facts)

describe('each fact five times, under other event ids and sources, makes its lines once', () => {
  const plain = ['1 GOODS_PAYMENT FORWARD 100.00', '1 COMMISSION FORWARD -5.00']

  test('the lines', async () => {
    const copies = all.flatMap((event) =>
      [1, 2, 3, 4].map((copy) => ({
        ...event,
        eventId: `${event.eventId}:${copy}`,
        source: `s${copy}`,
      })),
    )
    const world = await opened(...all, ...copies)

    expect(linesOf(world, 'O-1:completed')).toEqual(plain)
    expect(world.lines()).toHaveLength(7)
    expect((await world.row()).party).toEqual({
      applied: 5,
      duplicates: 20,
      waiting: 0,
      rejected: 0,
    })
  })
})

describe('content is compared after decoding', () => {
  const [line] = (order.order as Json).lines as Json[]
  const lines = (more: Json): Json => ({
    order: { ...(order.order as Json), lines: [{ ...line, ...more }] },
  })

  // biome-ignore format: the columns are a table
  const cases = [
    // fact          again                                        is
    ['order',      lines({ unitPrice: '100' }),                   'duplicate'],
    ['order',      lines({ unitPrice: '100.000' }),               'duplicate'],
    ['order',      { occurredAt: '2025-10-20T02:00:00Z' },        'duplicate'],
    ['order',      lines({ unitPrice: '100.01' }),                'conflict'],
    ['order',      lines({ sku: 'SKU-2' }),                       'conflict'],
    ['order',      { occurredAt: at('20T10:01') },                'conflict'],
    ['fee',        { amount: '-1.2' },                            'duplicate'],
    ['fee',        { unitPrice: '0.3' },                          'duplicate'],
    ['fee',        { amount: '-1.50', quantity: 5 },              'conflict'],
    ['fee',        { description: 'twice' },                      'conflict'],
    ['reversal',   { amount: '0.2' },                             'duplicate'],
    ['reversal',   { amount: '0.21' },                            'conflict'],
    ['adjustment', { amount: '5.0' },                             'duplicate'],
    ['adjustment', { amount: '5.01' },                            'conflict'],
    ['adjustment', { reason: 'another' },                         'conflict'],
  ] as const

  test.each(cases)('%s with %j is a %s', async (name, more, is) => {
    const world = await opened(...all, { ...facts[name], ...more, eventId: 'again' })

    expect(codes(world)).toEqual(is === 'duplicate' ? [] : ['again DUPLICATE_CONFLICT'])
    expect((await world.row()).party.duplicates).toBe(is === 'duplicate' ? 1 : 0)
    expect(world.lines()).toHaveLength(7)
  })
})

describe('an order is its party, its id and its creation', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    [{ orderCreatedAt: at('20T09:59') }],
    [{ partyId: 'M-2' }],
    [{ orderId: 'O-2' }],
  ] as const

  test.each(cases)('%j is another order', async (more) => {
    const world = await opened(order, { ...order, ...more, eventId: 'other' })
    expect(world.lines()).toHaveLength(4)
    expect(linesOf(world, 'other')).toEqual(linesOf(world, 'O-1:completed'))
  })
})

describe('the first snapshot that arrives counts', () => {
  const placed = (prices: readonly string[]): Json =>
    status('OrderPlaced', 'O-1', at('01T10:00'), { order: snapshot(prices) })

  test('the same one again is no conflict, whichever event brings it', async () => {
    const world = await opened(placed(['100.00']), order)
    expect(codes(world)).toEqual([])
    expect(world.lines()).toHaveLength(2)
  })

  test('a different one rejects the whole event that brings it, before billing and after', async () => {
    const before = await opened(placed(['99.00']), order)
    expect(codes(before)).toEqual(['O-1:completed DUPLICATE_CONFLICT'])
    expect(before.lines()).toEqual([])
    await before.send(status('OrderCompleted', 'O-1', at('20T10:00'), { eventId: 'bare' }))
    expect(linesOf(before, 'bare')[0]).toBe('1 GOODS_PAYMENT FORWARD 99.00')

    const after = await opened(order, placed(['99.00']))
    expect(codes(after)).toEqual(['O-1:OrderPlaced DUPLICATE_CONFLICT'])
    expect(after.lines()).toHaveLength(2)
  })
})

test('a rejected event leaves no key: corrected, it is applied; repeated, it tells nothing', async () => {
  const wrong = { ...fee, feeType: 'WAREHOUSE_FEE' }
  const world = await opened(wrong, { ...wrong, eventId: 'again' }, fee)

  expect(codes(world)).toEqual(['X-1:fee FEE_TYPE_UNKNOWN'])
  expect((await world.row()).party).toEqual({ applied: 1, duplicates: 1, waiting: 0, rejected: 1 })
  // Now the key is taken, which is another code: so it is told once more.
  await world.send({ ...wrong, eventId: 'third' })
  expect(codes(world)).toEqual(['X-1:fee FEE_TYPE_UNKNOWN', 'third DUPLICATE_CONFLICT'])
})

test('equal content under different keys is legal', async () => {
  const world = await opened(
    order,
    completed('O-2', ['100.00']),
    refund,
    refunded('R-2', 'O-1', [[1, '10.00']]),
  )
  expect(world.lines()).toHaveLength(8)
})
