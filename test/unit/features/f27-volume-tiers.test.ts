import { expect, test } from 'vitest'
import { completed, refunded } from '../../support/market.ts'
import { endOf, rebateBook, rebateOn, requiredTiers, salesRebate } from '../../support/rebates.ts'
import { openWorld } from '../../support/world.ts'

// F27: the rate of the tier reached, on the whole base.

// biome-ignore format: the columns are a table
test.each([
  ['6300',    '315.00'],
  ['999',     '0.00'],
  ['1000',    '20.00'],
  ['1999',    '39.98'],
  ['2000',    '60.00'],
  ['4999',    '149.97'],
  ['5000',    '250.00'],
  ['4999.99', '150.00'],
  ['9999',    '499.95'],
])('F27: a base of %s earns %s', (base, rebate) => {
  expect(rebateOn(base, 'VOLUME', requiredTiers)).toBe(rebate)
})

// biome-ignore format: the columns are a table
test.each([
  ['14', '1.40'],
  ['26', '3.90'],
  ['46', '6.90'],
  ['76', '22.80'],
])('F27 [peer metasfresh]: %s units at 10, 15, 30 %% from 0, 15, 50 earn %s', (units, rebate) => {
  const tiers = ['0 0.10', '15 0.15', '50 0.30']
  expect(rebateOn(units, 'VOLUME', tiers, { measure: 'QUANTITY' })).toBe(rebate)
})

// biome-ignore format: the columns are a table
test.each([
  ['3800', '1140.00'],
  ['1000', '300.00'],
])('[peer OCA]: section_total of %s is %s', (base, rebate) => {
  expect(rebateOn(base, 'VOLUME', ['0 0.10', '100 0.20', '300 0.30'])).toBe(rebate)
})

test('above the last tier LAST_RATE goes on, and STOP caps the base', () => {
  expect(rebateOn('12000', 'VOLUME', requiredTiers)).toBe('600.00')
  expect(rebateOn('12000', 'VOLUME', requiredTiers, { stopsAt: '10000' })).toBe('500.00')
})

test('F27 [given]: 6300.00 sold in a month is a line of −315.00 that says what it is of', async () => {
  const world = await openWorld({ ruleBook: rebateBook([salesRebate()]), reload: true })
  await world.send(completed('O-1', ['6300.00']), endOf.october)
  const [statement] = await world.statements()
  expect(statement).toMatchObject({ total: '5985.00', lineCount: 2, entryCount: 2, lateLines: 0 })
  const [, line] = world.lines()
  expect(line).toMatchObject({
    feeType: 'REBATE',
    leg: 'REBATE',
    amount: '-315.00',
    ruleId: 'rb-sales',
    ruleBookVersion: 1,
    basis: { of: 'NET', base: '6300.00', rate: '0.05', exact: '-31500/1' },
    occurredAt: '2025-10-31T16:00:00.000Z',
  })
  expect(line).not.toHaveProperty('eventId')
  expect(line).not.toHaveProperty('originPeriod')
})

test('a rebate book is not told to be left out', async () => {
  const world = await openWorld({ ruleBook: rebateBook([salesRebate()]) })
  expect(world.notices()).toEqual([])
})

test('2.1 #6: a return that takes a rebate off its cliff is warned of while it is open', async () => {
  const world = await openWorld({ ruleBook: rebateBook([salesRebate()]) })
  await world.send(completed('O-1', ['5000.01']), refunded('R-1', 'O-1', [[1, '0.01']]))
  expect(world.notices()).toMatchObject([
    {
      kind: 'CLIFF_WARNING',
      partyId: 'M-1',
      facts: [
        { name: 'rebateId', value: 'rb-sales' },
        { name: 'period', value: '2025-10-01' },
        { name: 'base', value: '5000.00' },
        { name: 'tier', value: '5000.00' },
        { name: 'reached', value: 'true' },
        { name: 'rebateAtTier', value: '250.00' },
        { name: 'rebateBelow', value: '150.00' },
      ],
    },
  ])
  await world.send(refunded('R-2', 'O-1', [[1, '0.01']]))
  const [, second] = world.notices()
  expect(second?.facts).toContainEqual({ name: 'reached', value: 'false' })
  expect(second?.facts).toContainEqual({ name: 'base', value: '4999.99' })
  await world.send(refunded('R-3', 'O-1', [[1, '100.00']]))
  expect(world.notices()).toHaveLength(2)
})
