import { expect, test } from 'vitest'
import { at, completed } from '../../support/market.ts'
import {
  above,
  endOf,
  rebateBook,
  rebateOn,
  requiredTiers,
  salesRebate,
} from '../../support/rebates.ts'
import { openWorld } from '../../support/world.ts'

// F28: each tier's rate on what lies inside the tier.

// biome-ignore format: the columns are a table
test.each([
  ['6300',  '175.00'],
  ['1000',  '0.00'],
  ['1001',  '0.02'],
  ['2000',  '20.00'],
  ['5000',  '110.00'],
  ['9999',  '359.95'],
  ['12000', '360.00'],
])('F28: a base of %s earns %s', (base, rebate) => {
  expect(rebateOn(base, 'GRADUATED', requiredTiers, { stopsAt: '10000' })).toBe(rebate)
})

// biome-ignore format: the columns are a table
test.each([
  ['3800', '1100.00'],
  ['1000', '260.00'],
])('[peer OCA]: the correct graduated value of %s is %s', (base, rebate) => {
  expect(rebateOn(base, 'GRADUATED', ['0 0.10', '100 0.20', '300 0.30'])).toBe(rebate)
})

// biome-ignore format: the columns are a table
test.each([
  ['metasfresh',                   ['0 0.10', '15 0.20'],    '14', '1.40'],
  ['metasfresh',                   ['0 0.10', '15 0.20'],    '26', '3.80'],
  ['Lago, its flat amounts aside', ['0 10', '11 5', '21 5'], '0',  '0.00'],
  ['Lago, its flat amounts aside', ['0 10', '11 5', '21 5'], '1',  '10.00'],
  ['Lago, its flat amounts aside', ['0 10', '11 5', '21 5'], '10', '100.00'],
  ['Lago, its flat amounts aside', ['0 10', '11 5', '21 5'], '11', '105.00'],
  ['Lago, its flat amounts aside', ['0 10', '11 5', '21 5'], '12', '110.00'],
])('[peer %s]: by units %j: %s earn %s', (_peer, tiers, units, rebate) => {
  expect(rebateOn(units, 'GRADUATED', tiers, { measure: 'QUANTITY' })).toBe(rebate)
})

test('by units the line says how many counted', async () => {
  const rebate = salesRebate({
    measure: 'QUANTITY',
    method: 'GRADUATED',
    tiers: [
      { from: '0', rate: '0.10' },
      { from: '15', rate: '0.20' },
    ],
    above: above('50'),
  })
  const world = await openWorld({ ruleBook: rebateBook([rebate]) })
  const lines = [{ lineNo: 1, sku: 'A', quantity: 26, unitPrice: '1.00' }]
  await world.send(completed('O-1', [], { order: { lines }, occurredAt: at('20T10:00') }))
  await world.send(endOf.october)
  expect(world.lines()[1]).toMatchObject({
    amount: '-3.80',
    basis: { of: 'QUANTITY', base: '26.00', exact: '-380/1' },
  })
})
