import { describe, expect, test } from 'vitest'
import { bookOf, completed, contractOf, refunded, tick } from '../../support/market.ts'
import { adjusted, submitted } from '../../support/parties.ts'
import { shownStatements, statementOf } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

const local = (text: string): string => `2025-${text}:00.000+08:00`
const fees = [
  {
    code: 'GOODS_PAYMENT',
    sign: '+',
    posting: 'goods',
    formula: { type: 'TENDER', of: 'BUYER_GOODS' },
  },
  {
    code: 'COMMISSION',
    posting: 'commission',
    formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
  },
  {
    code: 'WAREHOUSING_FEE',
    source: 'PASSTHROUGH',
    reversal: { policy: 'UPSTREAM' },
  },
]

function worldOf(cycle: Json, overrides: Json = {}, book: Json = {}): Promise<World> {
  const contract = contractOf({ cycle: { calendar: 'CN', graceHours: 6, ...cycle }, ...overrides })
  return openWorld({ ruleBook: bookOf(fees, contract, book) })
}

const order = (orderId: string, text: string, price = '200.00'): Json =>
  completed(orderId, [price], { occurredAt: local(text), orderCreatedAt: local(text) })
const reversed = (externalId: string, reversalId: string, occurredAt: string): Json => ({
  type: 'FeeLineReversed',
  eventId: `${externalId}:${reversalId}`,
  occurredAt,
  partyId: 'M-1',
  sourceSystem: 'WMS',
  externalId,
  reversalId,
  amount: '0.20',
})

describe('F50: REALTIME has one statement per order and one per later fact', () => {
  test('each is named by its business key and closes by the first tick', async () => {
    const world = await worldOf({ kind: 'REALTIME' })
    await world.send(
      order('O-1', '10-20T10:00'),
      order('O-2', '10-20T11:00'),
      refunded('R-1', 'O-1', [[1, '50.00']], {
        occurredAt: local('10-21T10:00'),
        orderCreatedAt: local('10-20T10:00'),
      }),
      submitted('F-1', local('10-21T11:00')),
      reversed('F-1', 'V-1', local('10-21T12:00')),
      adjusted('A-1', local('10-21T13:00')),
    )
    const key = 'E-CN/SOP/CNY/REALTIME'
    expect(await shownStatements(world)).toEqual({
      [`${key}/O-1`]: 'OPEN 190.00',
      [`${key}/O-2`]: 'OPEN 190.00',
      [`${key}/R-1`]: 'OPEN -47.50',
      [`${key}/WMS:F-1`]: 'OPEN -1.20',
      [`${key}/WMS:F-1:V-1`]: 'OPEN 0.20',
      [`${key}/A-1`]: 'OPEN 5.00',
    })
    await world.send(tick(local('10-21T12:00')))
    expect(await shownStatements(world)).toEqual({
      [`${key}/O-1`]: 'FINALISED 1 190.00',
      [`${key}/O-2`]: 'FINALISED 2 190.00',
      [`${key}/R-1`]: 'FINALISED 3 -47.50',
      [`${key}/WMS:F-1`]: 'FINALISED 4 -1.20',
      [`${key}/WMS:F-1:V-1`]: 'FINALISED 5 0.20',
      [`${key}/A-1`]: 'OPEN 5.00',
    })
  })

  test('its period is the one instant, it has no grace, and no fact is late', async () => {
    const world = await worldOf({ kind: 'REALTIME' })
    await world.send(tick(local('12-01T00:00')), order('O-1', '10-20T10:00'))
    const open = await statementOf(world, '/O-1')
    expect(open).toMatchObject({ status: 'OPEN', lateLines: 0, cycle: 'REALTIME' })
    await world.send(tick(local('12-09T00:00')))
    const at = '2025-10-20T02:00:00.000Z'
    expect(await statementOf(world, '/O-1')).toMatchObject({
      status: 'FINALISED',
      periodStart: at,
      periodEnd: at,
      closedAt: at,
      finalisedAt: at,
      history: [
        { status: 'OPEN', at },
        { status: 'CLOSED', at },
        { status: 'FINALISED', at },
      ],
    })
    expect(world.lines().every((line) => !('originPeriod' in line))).toBe(true)
  })

  test('an order that becomes due has the due instant, and closes on the tick that bills it', async () => {
    const world = await worldOf(
      { kind: 'REALTIME' },
      { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } },
    )
    await world.send(order('O-1', '10-20T10:00'), tick(local('10-27T09:59')))
    expect(await shownStatements(world)).toEqual({})
    await world.send(tick(local('10-28T00:00')))
    expect(await statementOf(world, '/O-1')).toMatchObject({
      status: 'FINALISED',
      periodStart: '2025-10-27T02:00:00.000Z',
      closedAt: '2025-10-27T02:00:00.000Z',
    })
  })

  test('previousRoot follows the order of closing', async () => {
    const world = await worldOf({ kind: 'REALTIME' })
    await world.send(
      order('O-9', '10-20T10:00'),
      order('O-1', '10-20T11:00'),
      tick(local('10-20T12:00')),
      order('O-5', '10-20T09:00'),
      tick(local('10-20T13:00')),
    )
    const chain: Json[] = []
    for (const id of ['/O-9', '/O-1', '/O-5']) chain.push(await statementOf(world, id))
    expect(chain.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(chain.map(({ previousRoot }) => previousRoot)).toEqual([
      undefined,
      chain[0]?.root,
      chain[1]?.root,
    ])
  })

  test('EMIT has nothing to open ahead', async () => {
    const world = await worldOf({ kind: 'REALTIME' }, { emptyStatements: 'EMIT' })
    await world.send(order('O-1', '10-20T10:00'), tick(local('11-20T10:00')))
    expect(Object.keys(await shownStatements(world))).toEqual(['E-CN/SOP/CNY/REALTIME/O-1'])
  })

  test('a refund with the id of its order still has a statement of its own', async () => {
    const world = await worldOf({ kind: 'REALTIME' })
    await world.send(
      order('X-1', '10-20T10:00'),
      refunded('X-1', 'X-1', [[1, '200.00']], {
        occurredAt: local('10-21T10:00'),
        orderCreatedAt: local('10-20T10:00'),
      }),
    )
    expect(Object.values(await shownStatements(world))).toEqual(['OPEN 190.00', 'OPEN -190.00'])
  })
})

// A quarter of orders and refunds, one every 31 hours, from 1 July to 30 September.
function quarter(): Json[] {
  const events: Json[] = []
  const start = Date.parse('2025-07-01T00:00:00+08:00')
  const end = Date.parse('2025-10-01T00:00:00+08:00')
  let number = 0
  for (let at = start; at < end; at += 31 * 3_600_000) {
    number += 1
    const occurredAt = new Date(at).toISOString()
    events.push(
      completed(`O-${number}`, [`${number}.37`], { occurredAt, orderCreatedAt: occurredAt }),
    )
    if (number % 3 === 0) {
      const later = Math.min(at + 11 * 86_400_000, end - 1)
      events.push(
        refunded(`R-${number}`, `O-${number}`, [[1, `${number - 1}.11`]], {
          occurredAt: new Date(later).toISOString(),
          orderCreatedAt: occurredAt,
        }),
      )
    }
    if (number % 5 === 0) events.push(tick(occurredAt))
  }
  events.push(tick('2025-11-01T00:00:00+08:00'))
  return events
}

describe('F50: one event stream, every calendar, the same totals over a quarter', () => {
  const cycles: readonly Json[] = [
    { kind: 'MONTHLY' },
    { kind: 'REALTIME' },
    { kind: 'DAILY' },
    { kind: 'WEEKLY' },
    { kind: 'BIWEEKLY' },
    { kind: 'MONTHLY', cutoffDay: 17 },
    { kind: 'CUSTOM', starts: ['2025-06-20', '2025-07-31', '2025-09-02', '2025-10-10'] },
  ]

  const totals = async (world: World): Promise<Record<string, number>> => {
    const sums: Record<string, number> = {}
    for (const { totals: rows } of await world.statements()) {
      for (const row of rows as Json[]) {
        const feeType = String(row.feeType)
        sums[feeType] = Math.round((sums[feeType] ?? 0) + Number(row.net) * 100)
      }
    }
    return sums
  }

  for (const cycle of cycles) {
    test(`${JSON.stringify(cycle)} has the totals of calendar months`, async () => {
      const monthly = await worldOf({ kind: 'MONTHLY' })
      const other = await worldOf(cycle)
      const events = quarter()
      await monthly.send(...events)
      await other.send(...events)
      expect(await totals(other)).toEqual(await totals(monthly))
      expect(other.lines().length).toBe(monthly.lines().length)
      const open = (await other.statements()).filter(({ status }) => status !== 'FINALISED')
      expect(open).toEqual([])
    })
  }
})

describe('F50: days of 23 and 25 hours, through the fold', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // completed                  statement
    ['2025-03-30T00:00:00.000Z', '2025-03-30'],
    ['2025-03-30T22:59:59.999Z', '2025-03-30'],
    ['2025-03-30T23:00:00.000Z', '2025-03-31'],
    ['2025-10-25T22:59:59.999Z', '2025-10-25'],
    ['2025-10-25T23:00:00.000Z', '2025-10-26'],
    ['2025-10-26T23:59:59.999Z', '2025-10-26'],
    ['2025-10-27T00:00:00.000Z', '2025-10-27'],
  ] as const

  for (const [occurredAt, period] of cases) {
    test(`${occurredAt} is on London’s ${period}`, async () => {
      const calendars = { CN: { zone: 'Europe/London', weekStart: 'MON' } }
      const world = await worldOf({ kind: 'DAILY', graceHours: 0 }, {}, { calendars })
      await world.send(completed('O-1', ['1.00'], { occurredAt }))
      expect(Object.keys(await shownStatements(world))).toEqual([`E-CN/SOP/CNY/DAILY/${period}`])
    })
  }

  test('the short day closes after 23 hours, the long one after 25', async () => {
    const calendars = { CN: { zone: 'Europe/London', weekStart: 'MON' } }
    const world = await worldOf({ kind: 'DAILY', graceHours: 0 }, {}, { calendars })
    await world.send(
      completed('O-1', ['1.00'], { occurredAt: '2025-03-30T12:00:00Z' }),
      completed('O-2', ['1.00'], { occurredAt: '2025-10-26T12:00:00Z' }),
      tick('2025-03-30T22:59:59.999Z'),
    )
    expect(await statementOf(world, '2025-03-30')).toMatchObject({ status: 'OPEN' })
    await world.send(tick('2025-03-30T23:00:00Z'))
    expect(await statementOf(world, '2025-03-30')).toMatchObject({ status: 'FINALISED' })
    await world.send(tick('2025-10-26T23:59:59.999Z'))
    expect(await statementOf(world, '2025-10-26')).toMatchObject({ status: 'OPEN' })
    await world.send(tick('2025-10-27T00:00:00Z'))
    expect(await statementOf(world, '2025-10-26')).toMatchObject({ status: 'FINALISED' })
  })
})

test('F50: an instant before the first CUSTOM day is OUT_OF_RANGE', async () => {
  const world = await worldOf({ kind: 'CUSTOM', starts: ['2025-10-01', '2025-11-01'] })
  await world.send(
    order('O-1', '09-30T10:00'),
    order('O-2', '10-01T00:00'),
    order('O-3', '11-01T00:00'),
  )
  expect(world.rejections().map(({ eventId, code }) => [eventId, code])).toEqual([
    ['O-1:completed', 'OUT_OF_RANGE'],
    ['O-3:completed', 'OUT_OF_RANGE'],
  ])
  expect(Object.keys(await shownStatements(world))).toEqual(['E-CN/SOP/CNY/CUSTOM/2025-10-01'])
})
