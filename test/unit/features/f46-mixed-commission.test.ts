import { expect, test } from 'vitest'
import { base, guideBook, guideLines, settled, sold } from '../../support/guides.ts'
import type { Json } from '../../support/world.ts'

const fixed = (amount: string, per: string): Json => ({
  code: 'FIXED',
  formula: { type: 'FIXED', amount, per },
})
const lines = { lines: [line(1, 2), line(2, 3)] }

function line(lineNo: number, quantity: number): Json {
  return { lineNo, sku: `SKU-${lineNo}`, quantity, unitPrice: '40.00' }
}

// biome-ignore format: a table
const cases: [per: string, amount: string, fixed: string][] = [
  ['ORDER', '1.00', '1.00'],
  ['LINE',  '1.00', '2.00'],
  ['UNIT',  '0.50', '2.50'],
]
test.each(cases)(
  'fixed per %s and a share, a line each in the order of the plan',
  async (per, amount, expected) => {
    const book = guideBook({ components: [base, fixed(amount, per)] })
    const world = await settled(book, [sold('O-1', '', { order: lines })])
    expect(guideLines(world)).toEqual([
      'G-01 O-1 BASE COMMISSION 6.00',
      `G-01 O-1 FIXED COMMISSION ${expected}`,
    ])
  },
)

test('the components of an order are one entry, the reward of the period is another', async () => {
  const tiers = [{ from: '0', rate: '0.01' }]
  const bonus = { code: 'BONUS', formula: { type: 'TIERED', method: 'VOLUME', tiers } }
  const book = guideBook({ components: [bonus, base, fixed('1.00', 'ORDER')] })
  const world = await settled(book, [sold('O-1', '200.00')])
  const own = world.lines().filter(({ partyId }) => partyId === 'G-01')
  expect(own.map(({ entryNo, feeType, amount }) => [entryNo, feeType, amount])).toEqual([
    [1, 'BASE', '6.00'],
    [1, 'FIXED', '1.00'],
    [2, 'BONUS', '2.00'],
  ])
})
