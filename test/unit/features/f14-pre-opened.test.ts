import { describe, expect, test } from 'vitest'
import { bookOf, commonFees, completed, contractOf, tick } from '../../support/market.ts'
import { adjusted, modeChanged, signed, terminated } from '../../support/parties.ts'
import { shownStatements, statementOf } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

const local = (text: string): string => `2025-${text}:00.000+08:00`
const emit = bookOf(commonFees, contractOf({ emptyStatements: 'EMIT' }))
const skip = bookOf(commonFees, contractOf({ emptyStatements: 'SKIP' }))

async function shownAfter(ruleBook: Json, ...events: Json[]): Promise<Record<string, string>> {
  const world = await openWorld({ ruleBook })
  await world.send(...events)
  return shownStatements(world)
}

const order = (orderId: string, occurredAt: string): Json =>
  completed(orderId, ['100.00'], { occurredAt, orderCreatedAt: occurredAt })

// biome-ignore format: the columns are a table
const boundaries = [
  // completed                        statement       [derived]
  ['2025-10-31T23:59:59.999+08:00', '2025-10-01'],
  ['2025-11-01T00:00:00.000+08:00', '2025-11-01'],
  ['2025-10-31T15:59:59.999Z',      '2025-10-01'],
  ['2025-10-31T16:00:00.000Z',      '2025-11-01'],
] as const

describe('F14: the instant decides the period, in the zone of the party', () => {
  for (const [occurredAt, period] of boundaries) {
    test(`${occurredAt} is on the statement of ${period}`, async () => {
      const shown = await shownAfter(skip, order('O-1', occurredAt))
      expect(shown).toEqual({ [`E-CN/SOP/CNY/MONTHLY/${period}`]: 'OPEN 95.00' })
    })
  }
})

describe('F14: EMIT keeps the statements of the clock’s period and of the next one open', () => {
  const october = 'E-CN/SOP/CNY/MONTHLY/2025-10-01'
  const november = 'E-CN/SOP/CNY/MONTHLY/2025-11-01'
  const december = 'E-CN/SOP/CNY/MONTHLY/2025-12-01'
  const january = 'E-CN/SOP/CNY/MONTHLY/2026-01-01'
  const february = 'E-CN/SOP/CNY/MONTHLY/2026-02-01'

  test('from the first accepted event on, after the first tick', async () => {
    const shown = await shownAfter(
      emit,
      tick(local('10-05T00:00')),
      order('O-1', local('10-20T10:00')),
    )
    expect(shown).toEqual({ [october]: 'OPEN 95.00', [november]: 'OPEN 0.00' })
  })

  test('from the first accepted event on, before any tick', async () => {
    const shown = await shownAfter(emit, order('O-1', local('10-20T10:00')))
    expect(shown).toEqual({ [october]: 'OPEN 95.00', [november]: 'OPEN 0.00' })
  })

  test('not from a rejected event on', async () => {
    const cancelled = { ...order('O-1', local('10-20T10:00')), partyId: 'X-1' }
    expect(await shownAfter(emit, tick(local('10-05T00:00')), cancelled)).toEqual({})
  })

  test('each tick into a period opens the one after it', async () => {
    const shown = await shownAfter(
      emit,
      tick(local('10-05T00:00')),
      order('O-1', local('10-20T10:00')),
      tick(local('11-01T00:00')),
    )
    expect(shown).toEqual({
      [october]: 'FINALISED 1 95.00',
      [november]: 'OPEN 0.00',
      [december]: 'OPEN 0.00',
    })
  })

  const jumped = {
    [october]: 'FINALISED 1 95.00',
    [november]: 'FINALISED 2 0.00',
    [december]: 'FINALISED 3 0.00',
    [january]: 'OPEN 0.00',
    [february]: 'OPEN 0.00',
  }

  // biome-ignore format: the columns are a table
  const ways = [
    ['one tick that jumps two periods',        ['10-05T00:00'], ['12-31T24:00']],
    ['one tick, the first of all',             [],              ['12-31T24:00']],
    ['a tick at every start of a month',       ['10-05T00:00'], ['11-01T00:00', '12-01T00:00', '12-31T24:00']],
    ['every tick, the first one after October', [],             ['11-01T00:00', '12-01T00:00', '12-31T24:00']],
  ] as const

  for (const [way, before, after] of ways) {
    test(`zero statements are closed with numbers and roots: ${way}`, async () => {
      const at = (text: string): string =>
        text === '12-31T24:00' ? '2026-01-01T00:00:00.000+08:00' : local(text)
      const world = await openWorld({ ruleBook: emit })
      await world.send(...before.map((text) => tick(at(text))))
      await world.send(order('O-1', local('10-20T10:00')))
      await world.send(...after.map((text) => tick(at(text))))
      expect(await shownStatements(world)).toEqual(jumped)
    })
  }

  test('the first tick opens from the earliest event on, in whatever order they came', async () => {
    const orders = [order('O-1', local('11-05T10:00')), order('O-2', local('08-05T10:00'))]
    for (const events of [orders, [...orders].reverse()]) {
      const shown = await shownAfter(emit, ...events, tick(local('12-10T00:00')))
      expect(Object.entries(shown).map(([id, text]) => `${id.slice(-10)} ${text}`)).toEqual([
        '2025-08-01 FINALISED 1 95.00',
        '2025-09-01 FINALISED 2 0.00',
        '2025-10-01 FINALISED 3 0.00',
        '2025-11-01 FINALISED 4 95.00',
        '2025-12-01 OPEN 0.00',
        '2026-01-01 OPEN 0.00',
      ])
    }
  })

  test('an empty statement has the root of nothing and continues the chain', async () => {
    const world = await openWorld({ ruleBook: emit })
    await world.send(order('O-1', local('10-20T10:00')), tick('2026-01-01T00:00:00+08:00'))
    const first = await statementOf(world, '2025-10-01')
    const second = await statementOf(world, '2025-11-01')
    const third = await statementOf(world, '2025-12-01')
    const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(first.previousRoot).toBeUndefined()
    expect(second.root).toBe(nothing)
    expect(second.previousRoot).toBe(first.root)
    expect(third.previousRoot).toBe(nothing)
    expect(second.lineCount).toBe(0)
    expect(second.totals).toEqual([])
    expect(second.ruleBookVersions).toEqual([])
  })

  test('a pre-opened statement is filled by its own facts', async () => {
    const shown = await shownAfter(
      emit,
      tick(local('10-05T00:00')),
      order('O-1', local('10-20T10:00')),
      order('O-2', local('11-02T10:00')),
    )
    expect(shown).toEqual({ [october]: 'OPEN 95.00', [november]: 'OPEN 95.00' })
  })
})

describe('F14: a party signed mid-period', () => {
  const own = signed(
    'C-1',
    1,
    { validFrom: '2025-10-15', entity: 'E-2', emptyStatements: 'EMIT' },
    { occurredAt: local('10-15T09:00') },
  )

  // biome-ignore format: the columns are a table
  const clocks = [
    ['the clock is before its contract', [tick(local('10-01T00:00'))]],
    ['the clock is in its contract',     [tick(local('10-15T08:00'))]],
    ['there was no tick yet',            []],
  ] as const

  for (const [when, before] of clocks) {
    test(`has a zero statement of that period: ${when}`, async () => {
      expect(await shownAfter(skip, ...before, own, tick(local('11-01T00:00')))).toEqual({
        'E-2/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 0.00',
        'E-2/SOP/CNY/MONTHLY/2025-11-01': 'OPEN 0.00',
        'E-2/SOP/CNY/MONTHLY/2025-12-01': 'OPEN 0.00',
      })
    })
  }

  test('a contract signed ahead is emitted from the period in which it begins', async () => {
    const ahead = signed('C-1', 1, { validFrom: '2025-11-10', emptyStatements: 'EMIT' })
    const events = [tick(local('09-05T00:00')), ahead, tick(local('11-09T00:00'))]
    expect(await shownAfter(skip, ...events)).toEqual({})
    expect(await shownAfter(skip, ...events, tick(local('11-10T00:00')))).toEqual({
      'E-CN/SOP/CNY/MONTHLY/2025-11-01': 'OPEN 0.00',
      'E-CN/SOP/CNY/MONTHLY/2025-12-01': 'OPEN 0.00',
    })
  })

  test('after its contract is terminated nothing more is opened', async () => {
    const end = terminated('C-1', 2, local('10-20T00:00'))
    expect(
      await shownAfter(skip, tick(local('10-15T08:00')), own, end, tick(local('12-01T00:00'))),
    ).toEqual({
      'E-2/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 0.00',
      'E-2/SOP/CNY/MONTHLY/2025-11-01': 'FINALISED 2 0.00',
    })
  })
})

test('F14: a mode known before the period starts is the mode of its pre-opened statement', async () => {
  const shown = await shownAfter(
    emit,
    tick(local('09-05T00:00')),
    modeChanged('C-1', 'FBP', '2025-11-01'),
    tick(local('10-02T00:00')),
  )
  expect(shown).toEqual({
    'E-CN/SOP/CNY/MONTHLY/2025-09-01': 'FINALISED 1 0.00',
    'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'OPEN 0.00',
    'E-CN/FBP/CNY/MONTHLY/2025-11-01': 'OPEN 0.00',
  })
})

describe('F14: a mode that changes inside a period has its statement of that period', () => {
  const before = {
    'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'OPEN 0.00',
    'E-CN/SOP/CNY/MONTHLY/2025-11-01': 'OPEN 0.00',
  }
  const after = { ...before, 'E-CN/FBP/CNY/MONTHLY/2025-10-01': 'OPEN 0.00' }
  const next = { 'E-CN/FBP/CNY/MONTHLY/2025-11-01': 'OPEN 0.00' }

  // biome-ignore format: the columns are a table
  const cases = [
    // clock at the change  tick after it    open then
    ['10-05T00:00',         '10-14T23:59',   { ...before, ...next }, 'not before its instant, but for the next period'],
    ['10-05T00:00',         '10-15T00:00',   { ...after, ...next },  'from the tick at its instant on'],
    ['10-20T00:00',         null,            { ...after, ...next },  'at once when its instant has passed'],
  ] as const

  for (const [clock, later, open, when] of cases) {
    test(when, async () => {
      const shown = await shownAfter(
        emit,
        tick(local('10-02T00:00')),
        adjusted('A-1', local('10-02T00:00'), { amount: '0.00' }),
        tick(local(clock)),
        modeChanged('C-1', 'FBP', local('10-15T00:00')),
        ...(later === null ? [] : [tick(local(later))]),
      )
      expect(shown).toEqual(open)
    })
  }
})

describe('D11: SKIP has a statement from its first line on', () => {
  test('a period without a line leaves no statement and no number', async () => {
    const shown = await shownAfter(
      skip,
      order('O-1', local('10-20T10:00')),
      order('O-2', local('12-02T10:00')),
      tick(local('11-01T00:00')),
      tick('2026-01-01T00:00:00+08:00'),
    )
    expect(shown).toEqual({
      'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 95.00',
      'E-CN/SOP/CNY/MONTHLY/2025-12-01': 'FINALISED 2 95.00',
    })
  })

  test('a fact that makes no line opens nothing', async () => {
    const free = completed('O-1', ['0.00'], { occurredAt: local('10-20T10:00') })
    expect(await shownAfter(skip, free)).toEqual({})
  })
})

test('F14: the statement JSON has number, root and closedAt only once it is closed', async () => {
  const graced = contractOf({ cycle: { kind: 'MONTHLY', calendar: 'CN', graceHours: 6 } })
  const world: World = await openWorld({ ruleBook: bookOf(commonFees, graced) })
  await world.send(order('O-1', local('10-20T10:00')))
  const absent = ['number', 'root', 'previousRoot', 'closedAt', 'finalisedAt', 'dueOn']
  const open = await statementOf(world, '2025-10-01')
  await world.send(tick(local('11-01T00:00')))
  const closing = await statementOf(world, '2025-10-01')
  await world.send(tick(local('11-01T06:00')))
  const final = await statementOf(world, '2025-10-01')
  expect([open.status, closing.status, final.status]).toEqual(['OPEN', 'CLOSING', 'FINALISED'])
  for (const field of absent) expect([field in open, field in closing]).toEqual([false, false])
  expect(final).toMatchObject({
    number: 1,
    closedAt: '2025-10-31T22:00:00.000Z',
    finalisedAt: '2025-10-31T22:00:00.000Z',
    periodStart: '2025-09-30T16:00:00.000Z',
    periodEnd: '2025-10-31T16:00:00.000Z',
    zone: 'Asia/Shanghai',
    opening: '0.00',
    closing: '0.00',
    lineCount: 2,
    entryCount: 1,
    lateLines: 0,
    ruleBookVersions: [1],
    history: [
      { status: 'OPEN', at: '2025-09-30T16:00:00.000Z' },
      { status: 'CLOSING', at: '2025-10-31T16:00:00.000Z' },
      { status: 'CLOSED', at: '2025-10-31T22:00:00.000Z' },
      { status: 'FINALISED', at: '2025-10-31T22:00:00.000Z' },
    ],
  })
  expect('previousRoot' in final).toBe(false)
})
