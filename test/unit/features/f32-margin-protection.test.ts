import { expect, test } from 'vitest'
import { at, completed, refunded } from '../../support/market.ts'
import { endOf, rebateBook } from '../../support/rebates.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F32: where the margin is below the target, the party pays the gap.

const margin: Json = {
  rebateId: 'rb-margin',
  kind: 'MARGIN_PROTECTION',
  direction: 'PARTY_TO_PLATFORM',
  targetMargin: '0.10',
  marginBase: 'NET_SALES',
  period: 'MONTH',
}

function sold(orderId: string, unitPrice: string, unitCost?: string): Json {
  const line = { lineNo: 1, sku: '商品-A', quantity: 1, unitPrice }
  const lines = [unitCost === undefined ? line : { ...line, unitCost }]
  return completed(orderId, [], { order: { lines } })
}

function cost(unitCost: string, validFrom: string, overrides: Json = {}): Json {
  return {
    type: 'CostPublished',
    eventId: `cost-${validFrom}-${unitCost}`,
    occurredAt: at('01T00:00'),
    partyId: 'M-1',
    sku: '商品-A',
    validFrom,
    unitCost,
    currency: 'CNY',
    ...overrides,
  }
}

function rebates(world: World): unknown[] {
  return world.lines().flatMap(({ feeType, amount }) => (feeType === 'REBATE' ? [amount] : []))
}

// biome-ignore format: the columns are a table
test.each([
  ['below the target',  '920.00', ['-20.00']],
  ['at the target',     '900.00', []],
  ['above the target',  '500.00', []],
  ['sold at a loss',    '1100.00', ['-200.00']],
])('F32 [derived]: sales of 1000.00, margin %s: cost %s gives %j', async (_, unitCost, lines) => {
  const world = await openWorld({ ruleBook: rebateBook([margin]) })
  await world.send(sold('O-1', '1000.00', unitCost), endOf.october)
  expect(rebates(world)).toEqual(lines)
})

test('returns shrink sales and cost alike', async () => {
  const world = await openWorld({ ruleBook: rebateBook([margin]), reload: true })
  await world.send(sold('O-1', '1000.00', '920.00'), refunded('R-1', 'O-1', [[1, '500.00']]))
  await world.send(endOf.october)
  expect(rebates(world)).toEqual(['-10.00'])
})

test('without a cost of its own a line has the one published for its settleable instant', async () => {
  const world = await openWorld({ ruleBook: rebateBook([margin]), reload: true })
  await world.send(
    cost('950.00', at('20T10:01')),
    cost('920.00', at('15T00:00')),
    cost('100.00', at('02T00:00')),
    sold('O-1', '1000.00'),
    endOf.october,
  )
  expect(rebates(world)).toEqual(['-20.00'])
})

test('a line whose cost nobody knows when it is billed counts nowhere', async () => {
  const world = await openWorld({ ruleBook: rebateBook([margin]) })
  await world.send(
    cost('990.00', at('15T00:00'), { currency: 'USD' }),
    sold('O-1', '1000.00'),
    endOf.october,
  )
  expect(rebates(world)).toEqual([])
})

test('a cost is published once for an instant, and said otherwise it is a conflict', async () => {
  const world = await openWorld({ ruleBook: rebateBook([margin]) })
  const [first, other] = [cost('9.0', at('15T00:00')), cost('8', at('15T00:00'))]
  await world.send(first, cost('9.00', at('15T00:00')), other)
  expect(world.rejections()).toMatchObject([{ code: 'DUPLICATE_CONFLICT' }])
})
