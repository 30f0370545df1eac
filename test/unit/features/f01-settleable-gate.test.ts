import { describe, expect, test } from 'vitest'
import { feesOf, linesOf, snapshot, status } from '../../support/billed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { signed } from '../../support/parties.ts'
import { codes } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F01, 3.2: an order is billed once, when its snapshot is known and the settleable condition holds.

const sevenDays = contractOf({
  settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 },
  rulePinnedAt: 'ORDER_PAID',
})

const opened = (contract: Json = sevenDays, fees = commonFees): Promise<World> =>
  openWorld({ ruleBook: bookOf(fees, contract) })

const placed = status('OrderPlaced', 'O-1', '2025-09-30T09:00:00.000+08:00', {
  order: snapshot(['100.00']),
})
const paid = status('OrderPaid', 'O-1', at('01T10:00'))
const done = status('OrderCompleted', 'O-1', at('20T10:00'))
const cancelled = status('OrderCancelled', 'O-1', at('21T10:00'))

const billed = ['GOODS_PAYMENT 100.00', 'COMMISSION -5.00']

describe('paid 10-01, completed 10-20, + 7 days [derived]', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // tick                                 bills
    ['2025-10-20T10:00:00.000+08:00',       []],
    ['2025-10-27T09:59:59.999+08:00',       []],
    ['2025-10-27T10:00:00.000+08:00',       billed],
    ['2025-10-27T02:00:00Z',                billed],
    ['2025-10-27T10:00:00.001+08:00',       billed],
    ['2025-11-20T00:00:00.000+08:00',       billed],
  ] as const

  test.each(cases)('a tick at %s bills %j', async (instant, fees) => {
    const world = await opened()
    await world.send(placed, paid, done, tick(instant))

    expect(feesOf(world)).toEqual(fees)
    for (const { occurredAt, eventId, statementId } of world.lines()) {
      expect(occurredAt).toBe('2025-10-27T02:00:00.000Z')
      expect(eventId).toBe('O-1:OrderCompleted')
      expect(statementId).toBe('M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01')
    }
  })
})

describe('status events come in any order, and more than once', () => {
  const orders = [
    [placed, paid, done],
    [placed, done, paid],
    [paid, placed, done],
    [paid, done, placed],
    [done, placed, paid],
    [done, paid, placed],
    [done, done, paid, placed, paid, done, placed],
    [done, paid, { ...placed, eventId: 'again' }, placed],
  ]

  test.each(orders)('order %#', async (...events) => {
    const world = await opened()
    await world.send(...events, tick(at('27T10:00')), ...events)

    expect(feesOf(world)).toEqual(billed)
    expect(world.rejections()).toEqual([])
    expect((await world.row()).party.duplicates).toBe(2 * events.length - 3)
  })
})

describe('where the clock stands when the condition is complete', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // plusDays  clock before                     billed at once
    [0,          null,                            true],
    [0,          '2025-09-01T00:00:00.000+08:00', true],
    [0,          '2025-10-20T10:00:00.000+08:00', true],
    [0,          '2025-12-01T00:00:00.000+08:00', true],
    [7,          null,                            false],
    [7,          '2025-10-27T09:59:59.999+08:00', false],
    [7,          '2025-10-27T10:00:00.000+08:00', true],
    [7,          '2025-12-01T00:00:00.000+08:00', true],
  ] as const

  test.each(cases)('+ %d days, clock at %s: billed at once is %s', async (plusDays, clock, now) => {
    const settleableWhen = { event: 'ORDER_COMPLETED', plusDays }
    const world = await opened(contractOf({ settleableWhen }))
    if (clock !== null) await world.send(tick(clock))
    await world.send(completed('O-1', ['100.00']))

    expect(feesOf(world)).toEqual(now ? billed : [])
    await world.send(tick('2025-12-02T00:00:00.000+08:00'))
    expect(feesOf(world)).toEqual(billed)
  })

  test('an order whose snapshot comes after its due instant is billed at once', async () => {
    const world = await opened()
    await world.send(paid, done, tick(at('28T00:00')))
    expect(world.lines()).toEqual([])
    await world.send(placed)

    expect(linesOf(world, 'O-1:OrderCompleted')).toHaveLength(2)
    expect(world.lines()[0]?.occurredAt).toBe('2025-10-27T02:00:00.000Z')
  })
})

describe('a cancelled order', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // events                                lines  rejected
    [[placed, paid, cancelled],               0,    []],
    [[cancelled, placed],                     0,    ['O-1:OrderPlaced ORDER_CANCELLED']],
    [[placed, done, cancelled],               0,    []],
    [[placed, done, cancelled, paid],         0,    ['O-1:OrderPaid ORDER_CANCELLED']],
    [[placed, cancelled, done],               0,    ['O-1:OrderCompleted ORDER_CANCELLED']],
    [[placed, cancelled, cancelled],          0,    []],
    [[placed, done, tick(at('27T10:00')), cancelled],
                                              2,    ['O-1:OrderCancelled NOT_ALLOWED_IN_STATE']],
  ] as const

  test.each(cases)('case %#', async (events, lines, rejected) => {
    const world = await opened()
    await world.send(...events, tick('2025-12-01T00:00:00.000+08:00'))

    expect(world.lines()).toHaveLength(lines)
    expect(codes(world)).toEqual(rejected)
    if (lines === 0) expect(await world.statements()).toEqual([])
  })

  test('rejects refunds, those that waited for it too', async () => {
    const world = await opened()
    const refund = refunded('R-1', 'O-1', [[1, '1.00']])
    await world.send(refund, cancelled, refunded('R-2', 'O-1', [[1, '1.00']]))

    expect(codes(world)).toEqual(['R-1:refund ORDER_CANCELLED', 'R-2:refund ORDER_CANCELLED'])
    expect((await world.row()).party).toMatchObject({ waiting: 0, applied: 1, rejected: 2 })
  })
})

describe('the rules are those of the pinned event', () => {
  const rates = (formulas: readonly [string, string][]): Json => {
    const book = bookOf(commonFees, sevenDays)
    const schedules = (book.schedules as Json[]).map((schedule) =>
      schedule.feeType === 'COMMISSION'
        ? {
            ...schedule,
            versions: formulas.map(([validFrom, rate], index) => ({
              validFrom,
              ...(formulas[index + 1] === undefined ? {} : { validTo: formulas[index + 1]?.[0] }),
              formula: { type: 'SHARE', of: 'NET', rate },
            })),
          }
        : schedule,
    )
    return { ...book, schedules }
  }

  // biome-ignore format: the columns are a table
  const cases = [
    // pinned          events                 commission  why
    ['ORDER_PAID',      [placed, paid, done],  '-5.00',   'paid on 10-01, under the first version'],
    ['ORDER_PAID',      [placed, done],        '-20.00',  'not paid: the completion counts'],
    ['ORDER_COMPLETED', [placed, paid, done],  '-20.00',  'completed on 10-20, under the third'],
  ] as const

  test.each(cases)('%s, %#: %s', async (rulePinnedAt, events, commission) => {
    const ruleBook = rates([
      ['2025-01-01', '0.05'],
      ['2025-10-02', '0.10'],
      ['2025-10-20', '0.20'],
      ['2025-10-21', '0.30'],
    ])
    const contract = contractOf({ ...sevenDays, rulePinnedAt })
    const contractTemplates = [{ match: { partyId: ['M-*'] }, contract }]
    const world = await openWorld({ ruleBook: { ...ruleBook, contractTemplates } })
    await world.send(...events, tick(at('27T10:00')))

    expect(feesOf(world)).toContain(`COMMISSION ${commission}`)
  })

  test('a late OrderPaid counts as long as the order is not billed, and not after', async () => {
    const ruleBook = rates([
      ['2025-01-01', '0.05'],
      ['2025-10-02', '0.10'],
    ])
    const early = await openWorld({ ruleBook })
    await early.send(placed, done, tick(at('26T00:00')), paid, tick(at('27T10:00')))
    expect(feesOf(early)).toContain('COMMISSION -5.00')

    const late = await openWorld({ ruleBook })
    await late.send(placed, done, tick(at('27T10:00')), paid)
    expect(feesOf(late)).toContain('COMMISSION -10.00')
    expect(codes(late)).toEqual([])
  })
})

describe('the due instant is fixed once; contract and schedules are looked up at billing', () => {
  const early = signed('C-1', 1, {
    validFrom: '2025-01-01',
    settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 1 },
    rulePinnedAt: 'ORDER_PAID',
    entity: 'E-HK',
  })

  test('a contract that comes later changes the entity and not the instant', async () => {
    const world = await opened()
    await world.send(placed, paid, done, early, tick(at('26T00:00')))
    expect(world.lines()).toEqual([])
    await world.send(tick(at('27T10:00')))

    expect(world.lines()[0]?.statementId).toBe('M-1/E-HK/SOP/CNY/MONTHLY/2025-10-01')
    expect(world.lines()[0]?.occurredAt).toBe('2025-10-27T02:00:00.000Z')
  })

  test('nor does an event that comes after such a contract', async () => {
    const world = await opened()
    await world.send(placed, done, early, paid, tick(at('26T00:00')))
    expect(world.lines()).toEqual([])
    await world.send(tick(at('27T10:00')), tick(at('28T10:00')))

    expect(world.lines()).toHaveLength(2)
    expect(world.lines()[0]?.occurredAt).toBe('2025-10-27T02:00:00.000Z')
  })

  test('a contract that comes before the snapshot decides the instant', async () => {
    const world = await opened()
    await world.send(paid, done, early, placed, tick(at('21T10:00')))

    expect(world.lines()[0]?.occurredAt).toBe('2025-10-21T02:00:00.000Z')
  })

  test('lines name an event even where the later contract waits for another one', async () => {
    const delivered = signed('C-1', 1, {
      validFrom: '2025-01-01',
      settleableWhen: { event: 'ORDER_DELIVERED', plusDays: 7 },
      rulePinnedAt: 'ORDER_PAID',
    })
    const world = await opened()
    await world.send(placed, paid, done, delivered, tick(at('27T10:00')))

    expect(linesOf(world, 'O-1:OrderCompleted')).toHaveLength(2)
  })
})

test('settleable at ORDER_DELIVERED is not settleable at completion', async () => {
  const settleableWhen = { event: 'ORDER_DELIVERED', plusDays: 0 }
  const world = await opened(contractOf({ settleableWhen, rulePinnedAt: 'ORDER_PAID' }))
  await world.send(placed, paid, done, tick(at('30T00:00')))
  expect(world.lines()).toEqual([])
  await world.send(status('OrderDelivered', 'O-1', at('05T10:00')))

  expect(linesOf(world, 'O-1:OrderDelivered')).toHaveLength(2)
  expect(world.lines()[0]?.occurredAt).toBe('2025-10-05T02:00:00.000Z')
})

describe('an order that cannot be billed is rejected whole, and judged anew', () => {
  const huge = '45035996273704.96'

  test('when the sums of the statement would overflow, nothing of it stays', async () => {
    const world = await opened(contractOf())
    const second = completed('O-2', [huge], { occurredAt: at('20T11:00') })
    const refund = refunded('R-2', 'O-2', [[1, '1.00']])
    await world.send(completed('O-1', [huge]), refund, second, second)

    expect(codes(world)).toEqual(['O-2:completed OUT_OF_RANGE'])
    expect((await world.row()).party).toMatchObject({ applied: 1, waiting: 1, duplicates: 1 })
    // In the next month there is room.
    const later = { ...second, occurredAt: '2025-11-02T00:00:00.000+08:00' }
    await world.send(later)
    expect(codes(world)).toEqual(['O-2:completed OUT_OF_RANGE'])
    expect((await world.row()).party).toMatchObject({ applied: 3, waiting: 0 })
  })

  // biome-ignore format: the columns are a table
  const beyond = [
    // formula                                                     line
    [{ type: 'SHARE', of: 'NET', rate: '3' },                      { unitPrice: huge }],
    [{ type: 'SHARE', of: 'NET', rate: '1.000000001' },            { unitPrice: huge }],
    [{ type: 'SHARE', of: 'NET', rate: '1000000' },                { unitPrice: huge }],
    [{ type: 'FIXED', amount: '1000000.00', per: 'UNIT' },         { quantity: 2_000_000_000 }],
    [{ type: 'FIXED', amount: '45035996273704.96', per: 'UNIT' },  { quantity: 2_000_000_000 }],
    [{ type: 'SHARE', of: 'COST', rate: '1' },                     { unitCost: huge, quantity: 3 }],
  ] as const

  test.each(beyond)('a fee %j beyond 2^52 is OUT_OF_RANGE, not a crash', async (formula, line) => {
    const fees = [{ code: 'FEE', formula }]
    for (const plusDays of [0, 1]) {
      const settleableWhen = { event: 'ORDER_COMPLETED', plusDays }
      const world = await opened(contractOf({ settleableWhen }), fees)
      const order = {
        currency: 'CNY',
        lines: [{ lineNo: 1, sku: 'A', quantity: 1, unitPrice: '0.01', ...line }],
      }
      await world.send(completed('O-1', [], { order }), tick(at('30T00:00')))

      expect(codes(world)).toEqual(['O-1:completed OUT_OF_RANGE'])
      expect(world.lines()).toEqual([])
    }
  })

  test('a rejected snapshot leaves no trace, whatever it said', async () => {
    const events = [
      status('OrderPaid', 'O-1', at('01T10:00')),
      completed('O-1', ['1.00', '2.00', '3.00'], { occurredAt: '2026-12-31T10:00:00.000+08:00' }),
      completed('O-1', ['5.00'], { eventId: 'again' }),
    ]
    const traces = []
    for (const reload of [false, true]) {
      const world = await openWorld({ ruleBook: bookOf(), reload, to: '2026-11-15T00:00:00Z' })
      await world.send(...events)
      traces.push(world.trace())
    }
    expect(traces[0]).toEqual(traces[1])
  })

  test('a mode without a tender for its discount is refused at billing too', async () => {
    const fees = commonFees.map((fee) =>
      fee.code === 'PLATFORM_COUPON_SUBSIDY' ? { ...fee, match: { mode: ['SOP'] } } : fee,
    )
    const change = {
      type: 'PartyModeChanged',
      eventId: 'C-1',
      occurredAt: at('02T00:00'),
      partyId: 'M-1',
      changeId: 'C-1',
      mode: 'FBP',
      validFrom: at('10T00:00'),
    }
    const order = snapshot(['100.00'], {
      discounts: [{ funder: 'PLATFORM', kind: 'COUPON', amount: '10.00' }],
    })
    const world = await opened(contractOf(), fees)
    await world.send(change, { ...placed, order }, done)

    expect(codes(world)).toEqual(['O-1:OrderCompleted AMOUNTS_DO_NOT_ADD_UP'])
    expect(world.lines()).toEqual([])
  })
})
