import { expect, test } from 'vitest'
import { at, completed } from '../../support/market.ts'
import { endOf, rebateBook } from '../../support/rebates.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F31: a subsidy for named goods in a window of time.

function promotion(overrides: Json = {}): Json {
  return {
    rebateId: 'rb-promo',
    kind: 'SINGLE_ITEM_PROMOTION',
    direction: 'PLATFORM_TO_PARTY',
    skus: ['SKU-A'],
    window: [at('01T00:00'), at('19T00:00')],
    perUnit: '3.00',
    base: { exclude: { gift: true } },
    ...overrides,
  }
}

function sold(orderId: string, quantity: number, overrides: Json = {}): Json {
  const { gift = false, sku = 'SKU-A', occurredAt = at('10T00:00') } = overrides
  const unitPrice = gift === true ? '0' : '10.00'
  const lines = [{ lineNo: 1, sku, quantity, unitPrice, gift }]
  return completed(orderId, [], { occurredAt, orderCreatedAt: at('01T00:00'), order: { lines } })
}

test('F31 [derived]: 3.00 × 120 units sold in the window, 5 of them gifts, is 345.00', async () => {
  const world = await openWorld({ ruleBook: rebateBook([promotion()]), reload: true })
  await world.send(sold('O-1', 115), sold('O-2', 5, { gift: true }), endOf.october)
  const line = world.lines().find(({ feeType }) => feeType === 'REBATE')
  expect(line).toMatchObject({
    amount: '345.00',
    ruleId: 'rb-promo',
    basis: { of: 'QUANTITY', base: '115.00', rate: '3.00' },
  })
})

test('the settleable instant decides: the window holds its start and not its end', async () => {
  const world = await openWorld({ ruleBook: rebateBook([promotion()]) })
  await world.send(
    sold('O-1', 1, { occurredAt: at('01T00:00') }),
    sold('O-2', 10, { occurredAt: at('19T00:00') }),
    sold('O-3', 100, { sku: 'SKU-B' }),
    endOf.october,
  )
  const line = world.lines().find(({ feeType }) => feeType === 'REBATE')
  expect(line).toMatchObject({ amount: '3.00' })
})

test('a share of the sales, settled with the statement that holds the end of the window', async () => {
  const window = [at('20T00:00'), '2025-11-05T00:00:00+08:00']
  const { perUnit: _, ...base } = promotion({ window, rate: '0.10' })
  const world = await openWorld({ ruleBook: rebateBook([base]) })
  await world.send(sold('O-1', 3, { occurredAt: at('21T00:00') }), endOf.october)
  expect(world.lines()).toHaveLength(1)
  await world.send(sold('O-2', 2, { occurredAt: '2025-11-02T00:00:00+08:00' }), endOf.november)
  const line = world.lines().find(({ feeType }) => feeType === 'REBATE')
  expect(line).toMatchObject({
    statementId: 'M-1/E-CN/SOP/CNY/MONTHLY/2025-11-01',
    amount: '5.00',
  })
  expect(line).not.toHaveProperty('originPeriod')
})
