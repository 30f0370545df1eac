import { describe, expect, test } from 'vitest'
import { bookOf, completed, contractOf, refunded, tick } from '../../support/market.ts'
import { adjusted, entityChanged, modeChanged, signed, submitted } from '../../support/parties.ts'
import { goodsLines, shownStatements, statementOf } from '../../support/shown.ts'
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
  { code: 'WAREHOUSING_FEE', source: 'PASSTHROUGH', reversal: { policy: 'NONE' } },
]

async function folded(...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf(fees) })
  await world.send(...events)
  return world
}

const order = (orderId: string, text: string): Json =>
  completed(orderId, ['200.00'], { occurredAt: local(text), orderCreatedAt: local(text) })
const refund = (refundId: string, orderId: string, ordered: string, text: string): Json =>
  refunded(refundId, orderId, [[1, '50.00']], {
    occurredAt: local(text),
    orderCreatedAt: local(ordered),
  })

describe('F19: the reverse leg has the mode of the order', () => {
  test('a switch between order and refund leaves a residual statement [derived]', async () => {
    const world = await folded(
      order('O-1', '09-20T10:00'),
      tick(local('10-01T00:00')),
      modeChanged('C-1', 'FBP', '2025-10-01'),
      order('O-2', '10-05T10:00'),
      refund('R-1', 'O-1', '09-20T10:00', '10-10T10:00'),
      tick(local('11-01T00:00')),
    )
    expect(await shownStatements(world)).toEqual({
      'E-CN/SOP/CNY/MONTHLY/2025-09-01': 'FINALISED 1 190.00',
      'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 2 -47.50',
      'E-CN/FBP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 190.00',
    })
    const september = await statementOf(world, 'SOP/CNY/MONTHLY/2025-09-01')
    const residual = await statementOf(world, 'SOP/CNY/MONTHLY/2025-10-01')
    const fbp = await statementOf(world, 'FBP/CNY/MONTHLY/2025-10-01')
    expect(residual.previousRoot).toBe(september.root)
    expect('previousRoot' in fbp).toBe(false)
    for (const line of world.lines().filter(({ leg }) => leg === 'REVERSE')) {
      expect(line).toMatchObject({ ruleBookVersion: 1 })
      expect(String(line.originLineId)).toContain('/SOP/CNY/MONTHLY/2025-09-01#')
      expect('originPeriod' in line).toBe(false)
    }
  })

  test('each of several switches keeps its own line of statements', async () => {
    const world = await folded(
      modeChanged('C-1', 'FBP', local('10-10T00:00')),
      modeChanged('C-2', 'SOP', local('10-20T00:00')),
      modeChanged('C-3', 'FBP', local('10-30T00:00')),
      order('O-1', '10-09T23:59'),
      order('O-2', '10-10T00:00'),
      order('O-3', '10-19T23:59'),
      order('O-4', '10-20T00:00'),
      order('O-5', '10-30T00:00'),
    )
    expect(goodsLines(world)).toEqual([
      'O-2 200.00 E-CN/FBP/CNY/MONTHLY/2025-10-01',
      'O-3 200.00 E-CN/FBP/CNY/MONTHLY/2025-10-01',
      'O-5 200.00 E-CN/FBP/CNY/MONTHLY/2025-10-01',
      'O-1 200.00 E-CN/SOP/CNY/MONTHLY/2025-10-01',
      'O-4 200.00 E-CN/SOP/CNY/MONTHLY/2025-10-01',
    ])
  })

  test('changes arrive in any order, validFrom counts', async () => {
    const world = await folded(
      modeChanged('C-2', 'SOP', local('10-20T00:00')),
      modeChanged('C-1', 'FBP', local('10-10T00:00')),
      order('O-1', '10-15T00:00'),
      order('O-2', '10-25T00:00'),
    )
    expect(goodsLines(world).map((line) => line.split('/')[1])).toEqual(['FBP', 'SOP'])
  })

  test('a mode with an instant is exact to the millisecond', async () => {
    const at = (ms: string): string => `2025-10-10T12:00:00.${ms}+08:00`
    const world = await folded(
      modeChanged('C-1', 'FBP', at('500')),
      completed('O-1', ['1.00'], { occurredAt: at('499') }),
      completed('O-2', ['1.00'], { occurredAt: at('500') }),
    )
    expect(goodsLines(world)).toEqual([
      'O-2 1.00 E-CN/FBP/CNY/MONTHLY/2025-10-01',
      'O-1 1.00 E-CN/SOP/CNY/MONTHLY/2025-10-01',
    ])
  })

  test('a later contract version ends the changes before it', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01', mode: 'SOP' }),
      modeChanged('C-1', 'FBP', '2025-10-05'),
      signed('K-1', 2, { validFrom: '2025-10-20', mode: 'POP' }, { type: 'ContractAmended' }),
      order('O-1', '10-04T10:00'),
      order('O-2', '10-05T10:00'),
      order('O-3', '10-20T10:00'),
    )
    expect(goodsLines(world).map((line) => line.split('/')[1])).toEqual(['FBP', 'POP', 'SOP'])
  })
})

describe('F18 F20: mode and entity are in the key of every statement', () => {
  test('two entities in one month are two statements with numbers of their own [derived]', async () => {
    const world = await folded(
      order('O-1', '10-09T10:00'),
      entityChanged('C-1', 'E-HK', '2025-10-15'),
      order('O-2', '10-20T10:00'),
      refund('R-1', 'O-1', '10-09T10:00', '10-21T10:00'),
      submitted('F-1', local('10-22T10:00')),
      adjusted('A-1', local('10-14T10:00')),
      tick(local('11-01T00:00')),
    )
    expect(await shownStatements(world)).toEqual({
      'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 147.50',
      'E-HK/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 188.80',
    })
  })

  test('a change for a party that nothing is agreed with is PARTY_UNKNOWN', async () => {
    const world = await folded({ ...modeChanged('C-1', 'FBP', '2025-10-01'), partyId: 'X-1' })
    expect(world.rejections().map(({ code }) => code)).toEqual(['PARTY_UNKNOWN'])
  })

  test('numbers are without gaps per party, entity, mode and currency, over cycles', async () => {
    const daily = { kind: 'DAILY', calendar: 'CN', graceHours: 0 }
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01' }),
      signed('K-1', 2, { validFrom: '2025-11-01', cycle: daily }),
      order('O-1', '10-31T10:00'),
      order('O-2', '11-01T10:00'),
      order('O-3', '11-03T10:00'),
      tick(local('12-01T00:00')),
    )
    expect(await shownStatements(world)).toEqual({
      'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'FINALISED 1 190.00',
      'E-CN/SOP/CNY/DAILY/2025-11-01': 'FINALISED 2 190.00',
      'E-CN/SOP/CNY/DAILY/2025-11-03': 'FINALISED 3 190.00',
    })
    expect('previousRoot' in (await statementOf(world, 'DAILY/2025-11-01'))).toBe(false)
  })
})

test('F20: refunds of a time under another entity stay with it', async () => {
  const world = await openWorld({ ruleBook: bookOf(fees, contractOf({ entity: 'E-A' })) })
  await world.send(
    order('O-1', '09-20T10:00'),
    entityChanged('C-1', 'E-B', '2025-10-01'),
    tick(local('10-01T00:00')),
    refund('R-1', 'O-1', '09-20T10:00', '10-10T10:00'),
  )
  expect(await shownStatements(world)).toEqual({
    'E-A/SOP/CNY/MONTHLY/2025-09-01': 'FINALISED 1 190.00',
    'E-A/SOP/CNY/MONTHLY/2025-10-01': 'OPEN -47.50',
  })
})
