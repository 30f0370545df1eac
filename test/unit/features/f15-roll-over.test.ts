import { describe, expect, test } from 'vitest'
import { bookOf, commonFees, completed, contractOf, tick } from '../../support/market.ts'
import { shownStatements, statementOf } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

const local = (text: string): string => `2025-${text}:00.000+08:00`

function worldOf(overrides: Json = {}): Promise<World> {
  return openWorld({ ruleBook: bookOf(commonFees, contractOf(overrides)) })
}

const order = (orderId: string, text: string, overrides: Json = {}): Json =>
  completed(orderId, ['100.00'], {
    occurredAt: local(text),
    orderCreatedAt: local(text),
    ...overrides,
  })

describe('F15: ticks', () => {
  test('a tick at or before the clock is a duplicate and changes nothing', async () => {
    const world = await worldOf()
    await world.send(order('O-1', '10-20T10:00'), tick(local('11-01T00:00')))
    const before = [await world.statements(), world.trace().length]
    await world.send(
      tick(local('11-01T00:00')),
      { ...tick(local('11-01T00:00')), eventId: 'another' },
      tick(local('10-01T00:00')),
    )
    expect([await world.statements(), world.trace().length]).toEqual(before)
    const { broadcast, clock } = await world.row()
    expect(broadcast).toMatchObject({ duplicates: 3 })
    expect(clock).toBe(Date.parse(local('11-01T00:00')))
  })

  test('a tick bills what is due by its instant, then closes what has ended', async () => {
    const world = await worldOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } })
    await world.send(
      order('O-1', '10-24T23:59'),
      order('O-2', '10-25T00:00'),
      tick(local('12-09T00:00')),
    )
    expect(await shownStatements(world)).toEqual({
      'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 95.00',
      'E-CN/SOP/CNY/MONTHLY/2025-11-01': 'FINALISED 2 95.00',
    })
    expect(world.lines().every((line) => !('originPeriod' in line))).toBe(true)
  })

  test('orders of one tick go by due instant, then creation, then id', async () => {
    const world = await worldOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } })
    const created = (text: string): Json => ({ orderCreatedAt: local(text) })
    await world.send(
      order('O-5', '10-21T10:00'),
      order('O-4', '10-20T10:00', created('10-19T10:00')),
      order('O-3', '10-20T10:00', created('10-18T10:00')),
      order('O-2', '10-20T10:00', created('10-19T10:00')),
      order('O-1', '10-20T10:00', created('10-19T11:00')),
      tick(local('10-31T00:00')),
    )
    const goods = world.lines().filter(({ feeType }) => feeType === 'GOODS_PAYMENT')
    expect(goods.map(({ orderId }) => orderId)).toEqual(['O-3', 'O-2', 'O-4', 'O-1', 'O-5'])
  })

  test('more than one step of work: 600 orders due in 600 statements by one tick', async () => {
    const world = await worldOf({
      settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 1 },
      cycle: { kind: 'DAILY', calendar: 'CN', graceHours: 0 },
      emptyStatements: 'EMIT',
    })
    for (let number = 0; number < 600; number += 1) {
      const partyId = `M-${number}`
      await world.send(order('O-1', '10-20T10:00', { partyId, eventId: partyId }))
    }
    await world.send(tick(local('10-22T00:00')))
    const statements = await world.statements()
    const byDay = (day: string): Json[] =>
      statements.filter(({ statementId }) => String(statementId).endsWith(day))
    expect(
      byDay('2025-10-20').every(({ status, total }) => `${status} ${total}` === 'FINALISED 0.00'),
    )
    for (const [day, shown] of [
      ['2025-10-20', 'FINALISED 1 0.00'],
      ['2025-10-21', 'FINALISED 2 95.00'],
      ['2025-10-22', 'OPEN undefined 0.00'],
      ['2025-10-23', 'OPEN undefined 0.00'],
    ] as const) {
      const found = byDay(day).map(({ status, number, total }) => `${status} ${number} ${total}`)
      expect(new Set(found)).toEqual(new Set([shown]))
      expect(found).toHaveLength(600)
    }
    expect(world.lines()).toHaveLength(1200)
  })

  test('live, a tick from the future is CLOCK_AHEAD; replayed, it is not', async () => {
    const ruleBook = bookOf()
    const live = await openWorld({ ruleBook, ledger: { clock: 'live' } })
    // The world's log receives everything at the epoch.
    await live.send(tick('1970-01-01T00:01:00.000Z'), tick('1970-01-01T00:01:00.001Z'))
    expect(live.rejections().map(({ code }) => code)).toEqual(['CLOCK_AHEAD'])
    const replay = await openWorld({ ruleBook })
    await replay.send(tick('1970-01-01T00:01:00.001Z'))
    expect(replay.rejections()).toEqual([])
  })

  test('a tick beyond a calendar halts and loses nothing', async () => {
    const world = await openWorld({
      ruleBook: bookOf(),
      from: '2025-01-01T00:00:00Z',
      to: '2025-06-01T00:00:00Z',
    })
    await expect(world.send(tick('2040-01-01T00:00:00Z'))).rejects.toThrow(
      'publish more days of calendar CN',
    )
  })
})

describe('F15: a late tick changes nothing', () => {
  const events = [
    order('O-1', '09-30T23:59'),
    order('O-2', '10-15T10:00'),
    order('O-3', '10-31T23:59'),
    order('O-4', '11-01T00:00'),
  ]
  const overrides = {
    settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 3 },
    emptyStatements: 'EMIT',
    cycle: { kind: 'WEEKLY', calendar: 'CN', graceHours: 6 },
  }

  test('a tick a day, a tick an hour and one tick of all leave the same statements', async () => {
    const start = Date.parse(local('10-01T00:00'))
    const end = Date.parse(local('11-25T00:00'))
    const results: Json[][] = []
    for (const step of [3_600_000, 86_400_000, end - start]) {
      const world = await worldOf(overrides)
      await world.send(...events)
      for (let at = start + step; at <= end; at += step) {
        await world.send(tick(new Date(at).toISOString()))
      }
      results.push([...(await world.statements()), ...world.lines()])
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
    expect(results[0]?.filter(({ status }) => status === 'FINALISED').length).toBeGreaterThan(6)
  })
})

test('F15: every line is on exactly one statement, seq and entryNo without gaps', async () => {
  const world = await worldOf({ cycle: { kind: 'DAILY', calendar: 'CN', graceHours: 1 } })
  for (let number = 0; number < 40; number += 1) {
    const at = new Date(Date.parse(local('10-01T00:00')) + number * 7 * 3_600_000).toISOString()
    await world.send(completed(`O-${number}`, ['10.00', '3.33'], { occurredAt: at }))
    if (number % 4 === 0) await world.send(tick(at))
  }
  const lines = world.lines()
  expect(new Set(lines.map(({ lineId }) => lineId)).size).toBe(lines.length)
  for (const statement of await world.statements()) {
    const own = lines.filter(({ statementId }) => statementId === statement.statementId)
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1))
    expect(own).toHaveLength(Number(statement.lineCount))
    expect(own.at(-1)?.entryNo).toBe(statement.entryCount)
    const cents = own.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0)
    expect(Math.round(Number(statement.total) * 100)).toBe(cents)
    for (const line of own) {
      expect(line.partyId).toBe(statement.partyId)
      expect(line.currency).toBe(statement.currency)
    }
  }
})

test('F15: a period closes by the first tick at its end and no tick before', async () => {
  const world = await worldOf()
  await world.send(order('O-1', '10-20T10:00'), tick('2025-10-31T23:59:59.999+08:00'))
  expect(await statementOf(world, '2025-10-01')).toMatchObject({ status: 'OPEN' })
  await world.send(tick('2025-11-01T00:00:00.000+08:00'))
  expect(await statementOf(world, '2025-10-01')).toMatchObject({ status: 'FINALISED' })
})
