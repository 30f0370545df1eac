import { expect, test } from 'vitest'
import { at, completed, refunded } from '../../support/market.ts'
import { above, endOf, rebateBook, salesRebate } from '../../support/rebates.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F30, F34, F35: which sales count, and which way the money goes.

async function rebateOf(rebate: Json, ...events: readonly Json[]): Promise<unknown> {
  const world = await openWorld({ ruleBook: rebateBook([rebate]), reload: true })
  await world.send(...events, endOf.october)
  return world.lines().find(({ feeType }) => feeType === 'REBATE')?.amount ?? '0.00'
}

const sale = completed('O-1', ['7000.00'])
const back = refunded('R-1', 'O-1', [[1, '700.00']])

test('F34 [derived]: 7000.00 sold, 700.00 returned: net 315.00, not net 350.00', async () => {
  expect(await rebateOf(salesRebate(), sale, back)).toBe('-315.00')
  expect(await rebateOf(salesRebate({ base: { netOfReturns: false } }), sale, back)).toBe('-350.00')
  expect(await rebateOf(salesRebate({ base: {} }), sale, back)).toBe('-350.00')
})

test('F35: 315.00 as debit or as credit', async () => {
  expect(await rebateOf(salesRebate(), sale, back)).toBe('-315.00')
  const credit = salesRebate({ direction: 'PLATFORM_TO_PARTY' })
  expect(await rebateOf(credit, sale, back)).toBe('315.00')
})

const lines = [
  { lineNo: 1, sku: 'A', quantity: 10, unitPrice: '100.00', category: 'toys/cars' },
  { lineNo: 2, sku: 'B', quantity: 4, unitPrice: '0', gift: true },
  { lineNo: 3, sku: 'C', quantity: 1, unitPrice: '1000.00', category: 'books' },
]
const mixed = completed('O-1', [], { order: { lines, tags: ['test', 'vip'] } })
const perUnit = {
  measure: 'QUANTITY',
  tiers: [{ from: '0', rate: '1' }],
  above: above('100'),
}

// biome-ignore format: the columns are a table
test.each([
  ['all of it',                 {},                                                     '15.00'],
  ['without gifts',             { base: { exclude: { gift: true } } },                  '11.00'],
  ['gifts alone',               { base: { include: { gift: true } } },                  '4.00'],
  ['with its tag',              { base: { include: { tags: ['vip'] } } },               '15.00'],
  ['with another tag',          { base: { include: { tags: ['new'] } } },               '0.00'],
  ['without its tag',           { base: { exclude: { tags: ['new', 'test'] } } },       '0.00'],
  ['without another tag',       { base: { exclude: { tags: ['new'] } } },               '15.00'],
  ['with its status',           { base: { include: { status: ['COMPLETED'] } } },       '15.00'],
  ['without its status',        { base: { exclude: { status: ['COMPLETED'] } } },       '0.00'],
  ['without another status',    { base: { exclude: { status: ['CANCELLED'] } } },       '15.00'],
  ['of named goods',            { skus: ['A', 'Z'] },                                   '10.00'],
  ['of a category',             { match: { category: ['toys/*'] } },                    '10.00'],
  ['of another mode',           { match: { mode: ['FBP'] } },                           '0.00'],
  ['settleable in a window',    { window: [at('20T10:00'), at('20T10:01')] },           '15.00'],
  ['settleable after a window', { window: [at('19T00:00'), at('20T10:00')] },           '0.00'],
])('of an order counts %s: %j gives %s', async (_, terms, amount) => {
  const rebate = salesRebate({ direction: 'PLATFORM_TO_PARTY', ...perUnit, ...terms })
  expect(await rebateOf(rebate, mixed)).toBe(amount)
})

test('gift lines at price 0 change quantity tiers only', async () => {
  const gifts = completed('O-1', [], {
    order: {
      lines: [
        { lineNo: 1, sku: 'A', quantity: 1, unitPrice: '1000.00' },
        { lineNo: 2, sku: 'A', quantity: 9, unitPrice: '0', gift: true },
      ],
    },
  })
  expect(await rebateOf(salesRebate(), gifts)).toBe('-20.00')
  expect(await rebateOf(salesRebate(perUnit), gifts)).toBe('-10.00')
})

test('units come back as a refund names them, or with the last of their price', async () => {
  const goods = { lines: [{ lineNo: 1, sku: 'A', quantity: 10, unitPrice: '100.00' }] }
  const ten = completed('O-1', [], { order: goods })
  const named = refunded('R-1', 'O-1', [[1, '300.00']], {
    lines: [{ lineNo: 1, amount: '300.00', quantity: 3 }],
  })
  expect(await rebateOf(salesRebate(perUnit), ten, named)).toBe('-7.00')
  const money = refunded('R-2', 'O-1', [[1, '100.00']])
  expect(await rebateOf(salesRebate(perUnit), ten, named, money)).toBe('-7.00')
  const rest = refunded('R-3', 'O-1', [[1, '600.00']])
  expect(await rebateOf(salesRebate(perUnit), ten, named, money, rest)).toBe('0.00')
})

test('a refund before billing is no return: it counted nowhere', async () => {
  const paid = { ...completed('O-1', ['7000.00']), type: 'OrderPaid', eventId: 'paid' }
  const { order: _, ...completion } = completed('O-1', [], { occurredAt: at('25T00:00') })
  expect(await rebateOf(salesRebate(), paid, back, completion)).toBe('-315.00')
})

test('D6: of the versions the one that is valid at the end of the period counts', async () => {
  const { tiers, ...common } = salesRebate()
  const versions = [
    { validFrom: '2025-01-01', validTo: '2025-11-01', tiers },
    { validFrom: '2025-11-01', tiers: [{ from: '0', rate: '0.5' }] },
  ]
  expect(await rebateOf({ ...common, versions }, sale)).toBe('-350.00')
})
