import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjusted, settledBy, sold, statementOf, sumsOf, ticks } from '../support/settled-months.ts'

const carry = { payout: { termDays: 0, negative: 'CARRY_FORWARD' } }

describe('F22: a negative statement', () => {
  test('−120.00 is carried, and with +500.00 380.00 is paid [derived]', async () => {
    const world = await settledBy(
      carry,
      adjusted('A-1', '-120.00', '2025-10-05'),
      ...ticks('2025-11-01'),
      sold('O-1', '500.00', '2025-11-10'),
      ...ticks('2025-12-01'),
    )
    expect(await sumsOf(world)).toEqual({
      '2025-10': '0.00 -120.00 -120.00 CARRIED_FORWARD',
      '2025-11': '-120.00 500.00 0.00 PAYABLE',
    })
    const carried = world.lines().filter(({ leg }) => leg === 'CARRY')
    expect(carried.map(({ statementId, amount }) => [statementId, amount])).toEqual([
      [statementOf('2025-10'), '120.00'],
      [statementOf('2025-11'), '-120.00'],
    ])
    expect(world.instructions()).toMatchObject([
      { kind: 'PAYOUT', statementId: statementOf('2025-11'), amount: '380.00', attempt: 1 },
    ])
  })

  test.each([
    // carryMaxPeriods and what becomes of three months of −10.00
    [0, ['RECEIVABLE', 'RECEIVABLE', 'RECEIVABLE']],
    [1, ['CARRIED_FORWARD', 'RECEIVABLE', 'CARRIED_FORWARD']],
    [2, ['CARRIED_FORWARD', 'CARRIED_FORWARD', 'RECEIVABLE']],
  ] as const)('at most %i in a row carry a debt', async (carryMaxPeriods, want) => {
    const world = await settledBy(
      { payout: { termDays: 0, negative: 'CARRY_FORWARD', carryMaxPeriods } },
      adjusted('A-1', '-10.00', '2025-10-05'),
      ...ticks('2025-11-01'),
      adjusted('A-2', '-10.00', '2025-11-05'),
      ...ticks('2025-12-01'),
      adjusted('A-3', '-10.00', '2025-12-05'),
      ...ticks('2026-01-01'),
    )
    const sums = await sumsOf(world)
    const months = ['2025-10', '2025-11', '2025-12']
    expect(months.map((month) => sums[month]?.split(' ').at(-1))).toEqual(want)
  })

  test('below the minimum payout it is carried, nothing comes to SETTLED_ZERO', async () => {
    const world = await settledBy(
      { payout: { termDays: 0, minimum: '50.00' } },
      sold('O-1', '20.00', '2025-10-05'),
      ...ticks('2025-11-01'),
      sold('O-2', '30.00', '2025-11-05'),
      ...ticks('2025-12-01'),
      adjusted('A-1', '10.00', '2025-12-05'),
      adjusted('A-2', '-10.00', '2025-12-05'),
      ...ticks('2026-01-01'),
    )
    expect(await sumsOf(world)).toEqual({
      '2025-10': '0.00 20.00 20.00 CARRIED_FORWARD',
      '2025-11': '20.00 30.00 0.00 PAYABLE',
      '2025-12': '0.00 0.00 0.00 SETTLED_ZERO',
    })
  })
})

test('I11: what leaves one statement enters the next, and all is paid, owed or carried', async () => {
  const months = ['2025-10', '2025-11', '2025-12', '2026-01'] as const
  const amounts = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 3, maxLength: 3 })
  const terms = fc.record({
    minimum: fc.constantFrom('0.01', '20.00'),
    carryMaxPeriods: fc.integer({ min: 0, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(amounts, terms, async (minors, { minimum, carryMaxPeriods }) => {
      const payout = { termDays: 0, negative: 'CARRY_FORWARD', minimum, carryMaxPeriods }
      const world = await settledBy({ payout })
      for (const [place, minor] of minors.entries()) {
        const month = months[place] as string
        const amount = (minor / 100).toFixed(2)
        await world.send(adjusted(`A-${place}`, amount, `${month}-05`))
        await world.send(...ticks(`${months[place + 1]}-01`))
      }
      const sums = Object.values(await sumsOf(world)).map((text) =>
        text
          .split(' ')
          .slice(0, 3)
          .map((money) => Math.round(Number(money) * 100)),
      )
      let carried = 0
      let [payable, total] = [0, 0]
      for (const [opening, own, closing] of sums as [number, number, number][]) {
        expect(opening).toBe(carried)
        payable += opening + own - closing
        total += own
        carried = closing
      }
      expect(payable + carried).toBe(total)
    }),
    { numRuns: 40 },
  )
})
