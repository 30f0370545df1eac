import { describe, expect, test } from 'vitest'
import {
  bookOf,
  type commonFees,
  completed,
  contractOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { adjusted, submitted } from '../../support/parties.ts'
import { goodsLines, shownStatements, statementOf } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

type Fees = typeof commonFees

const local = (text: string): string => `2025-${text}+08:00`
const goods = {
  code: 'GOODS_PAYMENT',
  sign: '+',
  posting: 'goods',
  formula: { type: 'TENDER', of: 'BUYER_GOODS' },
}
const warehousing = {
  code: 'WAREHOUSING_FEE',
  source: 'PASSTHROUGH',
  reversal: { policy: 'NONE' },
}
const fees: Fees = [goods, warehousing]

function world(graceHours: number, kind = 'MONTHLY'): Promise<World> {
  const cycle = { kind, calendar: 'CN', graceHours }
  return openWorld({ ruleBook: bookOf(fees, contractOf({ cycle })) })
}

const order = (orderId: string, occurredAt: string, price = '100.00'): Json =>
  completed(orderId, [price], { occurredAt, orderCreatedAt: occurredAt })

describe('3.8: a period in grace takes facts of its time, a closed one never again', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // grace  clock                    fact at                  statement      origin
    [6,     '11-01T05:59:59.999', '10-31T23:59:59.999', '2025-10-01', undefined   ],
    [6,     '11-01T06:00:00.000', '10-31T23:59:59.999', '2025-11-01', '2025-10-01'],
    [0,     '10-31T23:59:59.999', '10-31T23:59:59.999', '2025-10-01', undefined   ],
    [0,     '11-01T00:00:00.000', '10-31T23:59:59.999', '2025-11-01', '2025-10-01'],
    [0.25,  '11-01T00:14:59.999', '10-31T23:59:59.999', '2025-10-01', undefined   ],
    [0.25,  '11-01T00:15:00.000', '10-31T23:59:59.999', '2025-11-01', '2025-10-01'],
    [6,     '11-01T05:59:59.999', '11-01T00:00:00.000', '2025-11-01', undefined   ],
    [0,     '12-15T00:00:00.000', '08-31T12:00:00.000', '2025-12-01', '2025-08-01'],
    [6,     '12-01T03:00:00.000', '08-31T12:00:00.000', '2025-11-01', '2025-08-01'],
    [6,     '11-02T00:00:00.000', '12-24T00:00:00.000', '2025-12-01', undefined   ],
  ] as const

  for (const [grace, clock, at, period, origin] of cases) {
    test(`grace ${grace} h, clock ${clock}: a fact of ${at} is on ${period}`, async () => {
      const opened = await world(grace)
      await opened.send(tick(local(clock)), order('O-1', local(at)))
      expect(opened.lines()).toHaveLength(1)
      const [line] = opened.lines()
      expect(String(line?.statementId)).toMatch(new RegExp(`/${period}$`))
      expect(line?.originPeriod).toBe(origin)
      expect(line?.lateReason).toBe(origin === undefined ? undefined : 'PERIOD_CLOSED')
      const statement = await statementOf(opened, period)
      expect(statement.lateLines).toBe(origin === undefined ? 0 : 1)
    })
  }

  test('all facts have the same home: refund, fee line, adjustment of a closed period', async () => {
    const opened = await world(6)
    await opened.send(
      order('O-1', local('10-20T10:00:00')),
      tick(local('11-01T06:00:00')),
      refunded('R-1', 'O-1', [[1, '30.00']], {
        occurredAt: local('10-31T10:00:00'),
        orderCreatedAt: local('10-20T10:00:00'),
      }),
      submitted('F-1', local('10-31T10:00:00')),
      adjusted('A-1', local('10-31T10:00:00')),
    )
    const late = opened.lines().filter(({ originPeriod }) => originPeriod === '2025-10-01')
    expect(late.map(({ leg, amount, lateReason }) => [leg, amount, lateReason])).toEqual([
      ['REVERSE', '-30.00', 'PERIOD_CLOSED'],
      ['SUBMITTED', '-1.20', 'PERIOD_CLOSED'],
      ['ADJUSTMENT', '5.00', 'PERIOD_CLOSED'],
    ])
    const november = await statementOf(opened, '2025-11-01')
    expect(november).toMatchObject({ total: '-26.20', lateLines: 3, entryCount: 3 })
  })

  test('a late fact goes to the earliest period that is not closed, one in grace counts', async () => {
    const opened = await world(12, 'DAILY')
    await opened.send(tick(local('10-20T06:00:00')), order('O-1', local('10-15T10:00:00')))
    expect(goodsLines(opened)).toEqual(['O-1 100.00 E-CN/SOP/CNY/DAILY/2025-10-19 2025-10-15'])
    expect(await shownStatements(opened)).toEqual({
      'E-CN/SOP/CNY/DAILY/2025-10-19': 'CLOSING 100.00',
    })
  })

  test('a statement created in grace has the history of one that was there before', async () => {
    const early = await world(6)
    await early.send(order('O-1', local('10-20T10:00:00')), tick(local('11-01T03:00:00')))
    const late = await world(6)
    await late.send(tick(local('11-01T03:00:00')), order('O-1', local('10-20T10:00:00')))
    expect(await late.statements()).toEqual(await early.statements())
    await early.send(tick(local('11-09T00:00:00')))
    await late.send(tick(local('11-09T00:00:00')))
    expect(await late.statements()).toEqual(await early.statements())
  })

  test('without grace a statement is never CLOSING', async () => {
    const opened = await world(0)
    await opened.send(order('O-1', local('10-20T10:00:00')), tick(local('11-05T00:00:00')))
    const { history } = await statementOf(opened, '2025-10-01')
    expect((history as Json[]).map(({ status }) => status)).toEqual(['OPEN', 'CLOSED', 'FINALISED'])
  })
})

describe('I8: what is closed does not change', () => {
  test('no later fact touches a sealed statement', async () => {
    const opened = await world(0)
    await opened.send(order('O-1', local('10-20T10:00:00')), tick(local('11-01T00:00:00')))
    const sealed = await statementOf(opened, '2025-10-01')
    await opened.send(
      order('O-2', local('10-21T10:00:00')),
      submitted('F-1', local('10-31T10:00:00')),
      tick(local('12-01T00:00:00')),
      tick(local('12-31T00:00:00')),
    )
    expect(await statementOf(opened, '2025-10-01')).toEqual(sealed)
  })
})
