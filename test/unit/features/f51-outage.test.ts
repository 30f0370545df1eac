import { expect, test } from 'vitest'
import { bookOf, completed, contractOf, tick } from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

const guides = 1_000
const fees = [
  {
    code: 'GOODS_PAYMENT',
    sign: '+',
    posting: 'goods',
    formula: { type: 'TENDER', of: 'BUYER_GOODS' },
  },
]

function ordersOf(day: string): Json[] {
  return Array.from({ length: guides }, (_, guide) => {
    const at = `2025-10-${day}T23:59:59.${String(guide).padStart(3, '0')}+08:00`
    return completed(`O-${day}`, ['200.00'], {
      partyId: `G-${guide}`,
      eventId: `G-${guide}:${day}`,
      occurredAt: at,
      orderCreatedAt: at,
    })
  })
}

async function folded(...events: readonly Json[]): Promise<World> {
  const contract = contractOf({ partyKind: 'GUIDE' })
  const contractTemplates = [{ match: { partyId: ['G-*'] }, contract }]
  const world = await openWorld({ ruleBook: bookOf(fees, contract, { contractTemplates }) })
  await world.send(...events)
  return world
}

// F51 [given]: 1,000 guides, down on 10-31, back on 11-02. The log keeps the trades before the ticks.
test('an outage over the end of the month leaves every trade of 10-31 in October', async () => {
  const without = await folded(
    ...ordersOf('30'),
    tick('2025-10-31T00:00:00+08:00'),
    ...ordersOf('31'),
    tick('2025-11-01T00:00:00+08:00'),
    tick('2025-11-02T00:00:00+08:00'),
    tick('2025-11-02T09:00:00+08:00'),
  )
  const outage = await folded(
    ...ordersOf('30'),
    tick('2025-10-31T00:00:00+08:00'),
    ...ordersOf('31'),
    tick('2025-11-02T09:00:00+08:00'),
  )
  const statements = await outage.statements()
  expect(statements).toHaveLength(guides)
  expect(new Set(statements.map(({ total, status }) => `${status} ${total}`))).toEqual(
    new Set(['FINALISED 400.00']),
  )
  expect(statements.every(({ statementId }) => String(statementId).endsWith('/2025-10-01'))).toBe(
    true,
  )
  expect(statements).toEqual(await without.statements())
  expect(outage.lines()).toEqual(without.lines())
})
