import { describe, expect, test } from 'vitest'
import { guideBook, guideLines, settled, sold } from '../../support/guides.ts'
import { refunded } from '../../support/market.ts'
import type { Json } from '../../support/world.ts'

const tiers = [
  { from: '0', rate: '0' },
  { from: '10000', rate: '0.01' },
  { from: '50000', rate: '0.02' },
]

function tiered(method: string, more: Json = {}): Json {
  const measure = 'PERIOD_NET_SALES'
  const formula = { type: 'TIERED', method, measure, tiers, ...more }
  return guideBook({ components: [{ code: 'BONUS', formula }] })
}

describe('the reward of a period', () => {
  // biome-ignore lint/suspicious/noThenProperty: the rule book calls it so
  const stop = { above: { value: '60000', then: 'STOP' } }
  // biome-ignore format: a table
  const cases: [title: string, book: Json, sales: string[], reward: string | undefined][] = [
    ['60,000 graduated',            tiered('GRADUATED'),       ['60000.00'],             '600.00'],
    ['60,000 by volume',            tiered('VOLUME'),          ['60000.00'],             '1200.00'],
    ['two orders make up the sales', tiered('GRADUATED'),      ['200.00', '20000.00'],   '102.00'],
    ['the edge of a tier, volume',  tiered('VOLUME'),          ['10000.00'],             '100.00'],
    ['below the edge',              tiered('VOLUME'),          ['9999.99'],              undefined],
    ['a cent above, graduated',     tiered('GRADUATED'),       ['10000.50'],             '0.01'],
    ['the last rate goes on',       tiered('GRADUATED'),       ['100000.00'],            '1400.00'],
    ['unless it stops',             tiered('GRADUATED', stop), ['100000.00'],            '600.00'],
    ['it stops by volume too',      tiered('VOLUME', stop),    ['100000.00'],            '1200.00'],
    ['below the first tier nothing', tiered('VOLUME', { tiers: [{ from: '500', rate: '0.01' }] }), ['499.00'], undefined],
  ]
  test.each(cases)('%s', async (_title, book, sales, reward) => {
    const orders = sales.map((price, index) => sold(`O-${index}`, price))
    const world = await settled(book, orders)
    const lines = reward === undefined ? [] : [`G-01 - BONUS COMMISSION ${reward}`]
    expect(guideLines(world)).toEqual(lines)
  })
})

test('it is a line of the system at the end of the period, with its sales as basis', async () => {
  const world = await settled(tiered('GRADUATED'), [sold('O-1', '60000.00')])
  const [line] = world.lines().filter(({ partyId }) => partyId === 'G-01')
  expect(line).toMatchObject({
    occurredAt: '2025-10-31T16:00:00.000Z',
    basis: { of: 'PERIOD_NET_SALES', base: '60000.00', rate: '0.02', exact: '60000/1' },
    ruleId: 'gp-1',
  })
  expect(line).not.toHaveProperty('eventId')
})

test('a claw-back drops the tier', async () => {
  const world = await settled(tiered('VOLUME'), [
    sold('O-1', '60000.00'),
    refunded('R-1', 'O-1', [[1, '20000.00']]),
  ])
  expect(guideLines(world)).toEqual(['G-01 - BONUS COMMISSION 400.00'])
})
