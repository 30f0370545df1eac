import { expect, test } from 'vitest'
import { completed, refunded } from '../../support/market.ts'
import { endOf, rebateBook, salesRebate } from '../../support/rebates.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F36: what comes back after a rebate was settled is settled with the next statement.

const november = { occurredAt: '2025-11-10T00:00:00.000+08:00' }
const december = { occurredAt: '2025-12-10T00:00:00.000+08:00' }

function rebates(world: World): string[] {
  return world
    .lines()
    .filter(({ leg }) => leg === 'REBATE')
    .map(({ statementId, ruleId, amount, originPeriod = 'own' }) => {
      return `${String(statementId).slice(-10)} ${ruleId} ${originPeriod} ${amount}`
    })
}

async function worldOf(rebatesOfBook: readonly Json[], contract: Json = {}): Promise<World> {
  return openWorld({ ruleBook: rebateBook(rebatesOfBook, contract), reload: true })
}

test('F36 [derived]: 5000.00 settled at 250.00, 0.01 returned: +100.00 next period', async () => {
  const world = await worldOf([salesRebate()])
  await world.send(completed('O-1', ['5000.00']), endOf.october)
  await world.send(refunded('R-1', 'O-1', [[1, '0.01']], november), endOf.november)
  expect(rebates(world)).toEqual([
    '2025-10-01 rb-sales own -250.00',
    '2025-11-01 rb-sales 2025-10-01 100.00',
  ])
  expect(world.lines().at(-1)).toMatchObject({
    basis: { of: 'NET', base: '4999.99', rate: '0.03' },
    occurredAt: '2025-11-30T16:00:00.000Z',
  })
})

test('several restatements: each is the difference to what was settled', async () => {
  const world = await worldOf([salesRebate()])
  await world.send(completed('O-1', ['5000.00']), endOf.october)
  await world.send(refunded('R-1', 'O-1', [[1, '0.01']], november), endOf.november)
  await world.send(refunded('R-2', 'O-1', [[1, '3000.00']], december))
  await world.send(refunded('R-3', 'O-1', [[1, '1999.99']], december), endOf.december)
  expect(rebates(world)).toEqual([
    '2025-10-01 rb-sales own -250.00',
    '2025-11-01 rb-sales 2025-10-01 100.00',
    '2025-12-01 rb-sales 2025-10-01 150.00',
  ])
})

test('a statement in grace takes the true-up too', async () => {
  const cycle = { kind: 'MONTHLY', calendar: 'CN', cutoffDay: 1, graceHours: 48 }
  const world = await worldOf([salesRebate()], { cycle })
  const soon = { occurredAt: '2025-12-01T01:00:00.000+08:00' }
  await world.send(completed('O-1', ['5000.00']), endOf.october)
  await world.send({
    ...endOf.october,
    at: '2025-11-04T00:00:00.000+08:00',
    occurredAt: '2025-11-04T00:00:00.000+08:00',
  })
  await world.send(
    completed('O-2', ['10.00'], { ...november, orderCreatedAt: november.occurredAt }),
  )
  await world.send(endOf.november, refunded('R-1', 'O-1', [[1, '0.01']], soon))
  await world.send({
    ...endOf.december,
    at: '2025-12-04T00:00:00.000+08:00',
    occurredAt: '2025-12-04T00:00:00.000+08:00',
  })
  expect(rebates(world)).toEqual([
    '2025-10-01 rb-sales own -250.00',
    '2025-11-01 rb-sales 2025-10-01 100.00',
  ])
})

test('without afterClose, or where returns do not count, what was settled stays', async () => {
  const { afterClose: _, ...plain } = salesRebate()
  const gross = salesRebate({ rebateId: 'rb-gross', base: { netOfReturns: false } })
  const world = await worldOf([plain, gross])
  await world.send(completed('O-1', ['5000.00']), endOf.october)
  await world.send(refunded('R-1', 'O-1', [[1, '0.01']], november), endOf.november)
  expect(rebates(world)).toEqual([
    '2025-10-01 rb-gross own -250.00',
    '2025-10-01 rb-sales own -250.00',
  ])
})

test('true-ups go by period, then rebates by id', async () => {
  const world = await worldOf([
    salesRebate({ rebateId: 'rb-b' }),
    salesRebate({ rebateId: 'rb-a' }),
  ])
  await world.send(completed('O-1', ['5000.00']), endOf.october)
  const later = { ...november, orderCreatedAt: november.occurredAt }
  await world.send(completed('O-2', ['5000.00'], later), endOf.november)
  const created = { ...december, orderCreatedAt: november.occurredAt }
  await world.send(refunded('R-2', 'O-2', [[1, '0.01']], created))
  await world.send(refunded('R-1', 'O-1', [[1, '0.01']], december))
  const own = { ...december, orderCreatedAt: december.occurredAt }
  await world.send(completed('O-3', ['20000.00'], own), endOf.december)
  expect(rebates(world).filter((line) => line.startsWith('2025-12'))).toEqual([
    '2025-12-01 rb-a 2025-10-01 100.00',
    '2025-12-01 rb-b 2025-10-01 100.00',
    '2025-12-01 rb-a 2025-11-01 100.00',
    '2025-12-01 rb-b 2025-11-01 100.00',
    '2025-12-01 rb-a own -1000.00',
    '2025-12-01 rb-b own -1000.00',
  ])
})

test('a true-up alone creates no statement: it waits for the next one', async () => {
  const world = await worldOf([salesRebate({ kind: 'SALES' })])
  await world.send(completed('O-1', ['5000.00']), endOf.october, endOf.november)
  expect(await world.statements()).toHaveLength(1)
})

test('a quarter is settled after its last month, even if that has no statement', async () => {
  const world = await worldOf([salesRebate({ period: 'QUARTER' })])
  await world.send(completed('O-1', ['5000.00']), endOf.october, endOf.november, endOf.december)
  expect(rebates(world)).toEqual([])
  const january = '2026-01-10T00:00:00.000+08:00'
  await world.send(completed('O-2', ['1.00'], { occurredAt: january, orderCreatedAt: january }))
  await world.send({
    ...endOf.december,
    at: '2026-02-01T00:00:00.000+08:00',
    occurredAt: '2026-02-01T00:00:00.000+08:00',
  })
  expect(rebates(world)).toEqual(['2026-01-01 rb-sales 2025-10-01 -250.00'])
})
