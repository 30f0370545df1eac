import { expect, test } from 'vitest'
import { at } from '../../support/market.ts'
import { above, endOf, rebateBook, salesRebate } from '../../support/rebates.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F29: the base is what was bought, by amount or by units.

function purchase(receiptId: string, amount: string, overrides: Json = {}): Json {
  return {
    type: 'PurchaseReceived',
    eventId: `${receiptId}:${overrides.type ?? 'in'}`,
    occurredAt: at('10T00:00'),
    partyId: 'M-1',
    receiptId,
    sku: 'SKU-A',
    quantity: 10,
    amount,
    ...overrides,
  }
}

const bought = salesRebate({
  rebateId: 'rb-bought',
  kind: 'PURCHASE',
  direction: 'PLATFORM_TO_PARTY',
  skus: ['SKU-A'],
})

const returned = { type: 'PurchaseReturned', occurredAt: '2025-11-05T00:00:00.000+08:00' }

test('F29 [derived]: receipts of 6300.00 of the named goods earn 315.00', async () => {
  const world = await openWorld({ ruleBook: rebateBook([bought]), reload: true })
  await world.send(
    purchase('P-1', '6000.00'),
    purchase('P-2', '300'),
    purchase('P-3', '9000', { sku: 'SKU-B' }),
    endOf.october,
  )
  const [statement] = await world.statements()
  expect(statement).toMatchObject({
    statementId: 'M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01',
    total: '315.00',
  })
})

test('by units the rate is money for each', async () => {
  const tiers = [{ from: '0', rate: '0.50' }]
  const rebate = { ...bought, measure: 'QUANTITY', tiers, above: above('100') }
  const world = await openWorld({ ruleBook: rebateBook([rebate]) })
  await world.send(purchase('P-1', '1.00'), purchase('P-2', '1.00', { quantity: 5 }), endOf.october)
  expect(world.lines()).toMatchObject([{ amount: '7.50' }])
})

test('what goes back after the rebate was paid is trued up with the next statement', async () => {
  const world = await openWorld({ ruleBook: rebateBook([bought]), reload: true })
  await world.send(purchase('P-1', '5000.00'), purchase('P-2', '1000.00'), endOf.october)
  await world.send(
    purchase('P-2', '1000.00', returned),
    purchase('P-4', '10.00', { occurredAt: '2025-11-06T00:00:00.000+08:00' }),
    endOf.november,
  )
  expect(world.lines()).toMatchObject([
    { amount: '300.00' },
    { amount: '-50.00', originPeriod: '2025-10-01' },
  ])
})

test('a receipt counts once, and one that says otherwise is a conflict', async () => {
  const world = await openWorld({ ruleBook: rebateBook([bought]) })
  await world.send(purchase('P-1', '5000.00'), purchase('P-1', '5000.0'), purchase('P-1', '1.00'))
  await world.send(endOf.october)
  expect(world.rejections()).toMatchObject([{ code: 'DUPLICATE_CONFLICT' }])
  expect(world.lines()).toMatchObject([{ amount: '250.00' }])
})

test('amounts finer than the currency, and parties without terms, are refused', async () => {
  const world = await openWorld({ ruleBook: rebateBook([bought]) })
  await world.send(purchase('P-1', '1.001'), purchase('P-2', '1', { partyId: 'X-1' }))
  expect(world.rejections()).toMatchObject([{ code: 'OUT_OF_RANGE' }, { code: 'PARTY_UNKNOWN' }])
})
