import { describe, expect, test } from 'vitest'
import { guideBook, guideLines, settled, sold } from '../../support/guides.ts'
import { at, refunded, tick } from '../../support/market.ts'
import { type Json, openWorld } from '../../support/world.ts'

const service = { code: 'SERVICE_FEE', rate: '0.02' }
const withdrawal = { code: 'WITHDRAWAL_FEE', amount: '1.00', per: 'PAYOUT' }
const bonus = {
  code: 'BONUS',
  formula: { type: 'TIERED', method: 'VOLUME', tiers: [{ from: '0', rate: '0.01' }] },
}

describe('what is deducted when the statement is finalised', () => {
  const base = { code: 'BASE', formula: { type: 'SHARE', of: 'NET', rate: '0.03' } }
  // biome-ignore format: a table
  const cases: [title: string, version: Json, events: Json[], deducted: string[], total: string][] = [
    ['an amount per payout, once',       { deductions: [withdrawal] },          [sold('O-1', '100.00'), sold('O-2', '100.00')], ['WITHDRAWAL_FEE DEDUCTION -1.00'], '5.00'],
    ['a rate of the commission',         { deductions: [service] },             [sold('O-1', '200.00')],  ['SERVICE_FEE DEDUCTION -0.12'], '5.88'],
    ['the reward is commission too',     { components: [base, bonus], deductions: [service] }, [sold('O-1', '200.00')], ['SERVICE_FEE DEDUCTION -0.16'], '7.84'],
    ['after what was clawed back',       { deductions: [service] },             [sold('O-1', '200.00'), refunded('R-1', 'O-1', [[1, '100.00']])], ['SERVICE_FEE DEDUCTION -0.06'], '2.94'],
    ['both, in the order of the plan',   { deductions: [withdrawal, service] }, [sold('O-1', '200.00')],  ['WITHDRAWAL_FEE DEDUCTION -1.00', 'SERVICE_FEE DEDUCTION -0.12'], '4.88'],
    ['more than the commission',         { deductions: [withdrawal] },          [sold('O-1', '10.00')],   ['WITHDRAWAL_FEE DEDUCTION -1.00'], '-0.70'],
    ['nothing where nothing is left',    { deductions: [withdrawal, service] }, [sold('O-1', '200.00'), refunded('R-1', 'O-1', [[1, '200.00']])], [], '0.00'],
  ]
  test.each(cases)('%s', async (_title, version, events, deducted, total) => {
    const world = await settled(guideBook(version), events)
    const lines = guideLines(world).filter((line) => line.includes('DEDUCTION'))
    expect(lines).toEqual(deducted.map((text) => `G-01 - ${text}`))
    const statement = (await world.statements()).find(({ partyId }) => partyId === 'G-01')
    expect(statement?.total).toBe(total)
  })
})

test('a statement of daily settlement is charged for itself, not for the month', async () => {
  const daily = { cycle: { kind: 'DAILY', calendar: 'CN', graceHours: 0 } }
  const book = guideBook({ deductions: [withdrawal] }, { guide: daily })
  const world = await openWorld({ ruleBook: book })
  await world.send(
    sold('O-1', '200.00'),
    tick(at('21T00:00')),
    sold('O-2', '200.00', { occurredAt: at('21T10:00') }),
    tick(at('22T00:00')),
    tick(at('23T00:00')),
  )
  expect(guideLines(world).filter((line) => line.includes('DEDUCTION'))).toHaveLength(2)
})

describe('an amount per payout where there are terms of payout', () => {
  const monthly = (payout: Json) =>
    guideBook({ deductions: [withdrawal, service] }, { guide: { payout } })
  // biome-ignore format: a table
  const cases: [title: string, price: string, minimum: string, deducted: string[]][] = [
    ['is taken of what is paid',                           '200.00', '6.00', ['-1.00', '-0.12']],
    ['is not taken of what is carried on, a rate always is', '200.00', '6.01', ['-0.12']],
  ]
  test.each(cases)('%s', async (_title, price, minimum, deducted) => {
    const payout = { termDays: 0, minimum, negative: ['CARRY_FORWARD'] }
    const world = await settled(monthly(payout), [sold('O-1', price)])
    const lines = guideLines(world).filter((line) => line.includes('DEDUCTION'))
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(deducted)
  })
})
