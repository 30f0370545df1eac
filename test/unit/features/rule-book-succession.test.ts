import { describe, expect, test } from 'vitest'
import { ruleBookOf } from '../../../src/app/rule-book-file.ts'
import { bookOf, commonFees, completed, contractOf, refunded, tick } from '../../support/market.ts'
import { codes } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

const first = bookOf()
const hash = ruleBookOf(first).hash
const commission = (rate: string): typeof commonFees =>
  commonFees.map((fee) =>
    fee.code === 'COMMISSION' ? { ...fee, formula: { type: 'SHARE', of: 'NET', rate } } : fee,
  )
const second = bookOf(commission('0.10'), contractOf(), { version: 2, previousHash: hash })

function published(ruleBook: Json, overrides: Json = {}): Json {
  return {
    type: 'RuleBookPublished',
    eventId: 'rb-2',
    occurredAt: '2025-10-20T11:00:00+08:00',
    ruleBook,
    ...overrides,
  }
}

const commissionOf = (world: World, orderId: string): unknown =>
  world.lines().find((line) => line.orderId === orderId && line.feeType === 'COMMISSION')

describe('rule books follow one another in the log', () => {
  test('an order is billed by the book that the partition has then, under its version', async () => {
    const world = await openWorld({ ruleBook: first })
    await world.send(completed('O-1', ['100.00']), published(second), completed('O-2', ['100.00']))
    expect(commissionOf(world, 'O-1')).toMatchObject({ amount: '-5.00', ruleBookVersion: 1 })
    expect(commissionOf(world, 'O-2')).toMatchObject({ amount: '-10.00', ruleBookVersion: 2 })
    const [statement] = await world.statements()
    expect(statement?.ruleBookVersions).toEqual([1, 2])
  })

  test('of its schedules the version valid at the pinned instant counts, not at publishing', async () => {
    const fees = commonFees.filter(({ code }) => code !== 'COMMISSION')
    const book = bookOf(fees, contractOf(), { version: 2, previousHash: hash })
    const versions = [
      {
        validFrom: '2025-01-01',
        validTo: '2025-10-20',
        formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
      },
      { validFrom: '2025-10-20', formula: { type: 'SHARE', of: 'NET', rate: '0.06' } },
    ]
    const feeTypes = first.feeTypes
    const schedules = [
      ...(book.schedules as Json[]),
      { scheduleId: 'fs-c', feeType: 'COMMISSION', match: {}, versions },
    ]
    const world = await openWorld({ ruleBook: first })
    await world.send(
      published({ ...book, feeTypes, schedules }),
      completed('O-1', ['100.00'], { occurredAt: '2025-10-19T23:59:59.999+08:00' }),
      completed('O-2', ['100.00'], { occurredAt: '2025-10-20T00:00:00.000+08:00' }),
    )
    expect(commissionOf(world, 'O-1')).toMatchObject({ amount: '-5.00', ruleId: 'fs-c' })
    expect(commissionOf(world, 'O-2')).toMatchObject({ amount: '-6.00', ruleId: 'fs-c' })
  })

  test('published again it is a duplicate, with other content a conflict', async () => {
    const world = await openWorld({ ruleBook: first })
    const other = bookOf(commission('0.20'), contractOf(), { version: 2, previousHash: hash })
    await world.send(
      published(second),
      published(second, { eventId: 'again' }),
      published(other, { eventId: 'other' }),
      completed('O-1', ['100.00']),
    )
    expect(codes(world)).toEqual(['other DUPLICATE_CONFLICT'])
    expect((await world.row()).broadcast).toMatchObject({ duplicates: 1, rejected: 1 })
    expect(commissionOf(world, 'O-1')).toMatchObject({ amount: '-10.00' })
  })

  // biome-ignore format: the columns are a table
  const refused = [
    ['a wrong previousHash',      { ...second, previousHash: `sha256:${'0'.repeat(64)}` }, 'previousHash' ],
    ['no previousHash',           { ...second, previousHash: null },                       'previousHash' ],
    ['a version that skips one',  { ...second, version: 3 },                               'version'      ],
    ['another rule book',         { ...second, ruleBookId: 'rb-other' },                   'ruleBookId'   ],
    ['an unknown key',            { ...second, feeTypez: [] },                             'feeTypez'     ],
    ['a calendar that moves',     { ...second, calendars: { CN: { zone: 'Asia/Tokyo' } } }, 'calendars.CN.zone'],
  ] as const

  for (const [what, ruleBook, path] of refused) {
    test(`${what} is refused: a notice and a rejection, once, and nothing else`, async () => {
      const world = await openWorld({ ruleBook: first })
      await world.send(
        published(ruleBook),
        published(ruleBook, { eventId: 'again' }),
        completed('O-1', ['100.00']),
      )
      expect(codes(world)).toEqual(['rb-2 RULE_BOOK_REFUSED'])
      expect(world.notices()).toHaveLength(1)
      const notice = world.notices()[0] as Json
      expect(notice).toMatchObject({ kind: 'RULE_BOOK_REJECTED' })
      expect((notice.facts as Json[]).map(({ name }) => name)).toContain(path)
      expect(commissionOf(world, 'O-1')).toMatchObject({ amount: '-5.00', ruleBookVersion: 1 })
      expect((await world.row()).broadcast).toMatchObject({ duplicates: 1, rejected: 1 })
    })
  }

  test('every problem is told at once', async () => {
    const world = await openWorld({ ruleBook: first })
    await world.send(published({ ...second, version: 9, previousHash: null, extra: 1 }))
    const notice = world.notices()[0] as Json
    expect((notice.facts as Json[]).map(({ name }) => name).sort()).toEqual([
      'extra',
      'previousHash',
      'version',
    ])
  })

  test('a reversal goes by the policies of the book that its order was billed by', async () => {
    const kept = commonFees.map((fee) =>
      fee.code === 'COMMISSION' ? { ...fee, reversal: { policy: 'NONE' } } : fee,
    )
    const book = bookOf(kept, contractOf(), { version: 2, previousHash: hash })
    const world = await openWorld({ ruleBook: first })
    await world.send(
      completed('O-1', ['100.00']),
      published(book),
      completed('O-2', ['100.00']),
      refunded('R-1', 'O-1', [[1, '100.00']]),
      refunded('R-2', 'O-2', [[1, '100.00']]),
    )
    const back = world.lines().filter(({ leg }) => leg === 'REVERSE')
    expect(back.map(({ orderId, feeType, amount }) => [orderId, feeType, amount])).toEqual([
      ['O-1', 'GOODS_PAYMENT', '-100.00'],
      ['O-1', 'COMMISSION', '5.00'],
      ['O-2', 'GOODS_PAYMENT', '-100.00'],
    ])
  })

  test('a reversal keeps the version of its forward line', async () => {
    const world = await openWorld({ ruleBook: first })
    await world.send(
      completed('O-1', ['100.00']),
      published(second),
      refunded('R-1', 'O-1', [[1, '100.00']]),
    )
    await world.send(tick('2025-11-01T00:00:00+08:00'))
    const [statement] = await world.statements()
    expect(statement).toMatchObject({ total: '0.00', ruleBookVersions: [1] })
  })
})
