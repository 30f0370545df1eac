import { expect, test } from 'vitest'
import { on, owed, payingContract, payout } from '../../support/clearing.ts'
import { bookOf, commonFees, tick } from '../../support/market.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F40: a payout is due on a day, is announced a week before, and ages when it does not come.

async function notices(termDays: number, ...events: readonly Json[]): Promise<string[]> {
  const contract = payingContract({ termDays })
  const world: World = await openWorld({ ruleBook: bookOf(commonFees, contract), reload: true })
  await world.send(owed('A-1', '10-15', '95.00'), tick(on('11-01')), ...events)
  return world
    .notices()
    .filter(({ kind }) => String(kind).startsWith('PAYOUT'))
    .map(({ kind, at, facts }) => {
      const values = (facts as { value: string }[]).map(({ value }) => value)
      return [kind, at, ...values].join(' ')
    })
}

const april = tick('2026-04-01T00:00:00.000+08:00')

test('F40: due on 11-03 it is overdue for 1, 31, 61 and 91 days, each told of once', async () => {
  const want = [
    'PAYOUT_OVERDUE 2025-11-03T16:00:00.000Z 2025-11-03 95.00 1',
    'PAYOUT_OVERDUE 2025-12-03T16:00:00.000Z 2025-11-03 95.00 31',
    'PAYOUT_OVERDUE 2026-01-02T16:00:00.000Z 2025-11-03 95.00 61',
    'PAYOUT_OVERDUE 2026-02-01T16:00:00.000Z 2025-11-03 95.00 91',
  ]
  expect(await notices(2, april)).toEqual(want)
  const daily = ['11-04', '11-05', '12-04', '12-20'].map((day) => tick(on(day)))
  expect(await notices(2, ...daily, april)).toEqual(want)
})

test('what is due in more than a week is announced a week before', async () => {
  expect(await notices(10, tick(on('11-10')))).toEqual([
    'PAYOUT_DUE_SOON 2025-11-03T16:00:00.000Z 2025-11-11 95.00',
  ])
})

test('what is paid does not age, and what is paid in part ages by the rest', async () => {
  expect(await notices(2, payout('PayoutSucceeded', '11-02', 1, '95.00'), april)).toEqual([])
  const part = payout('PayoutSucceeded', '11-02', 1, '90.00')
  expect(await notices(2, part, tick(on('11-10')))).toEqual([
    'PAYOUT_OVERDUE 2025-11-03T16:00:00.000Z 2025-11-03 5.00 1',
  ])
})
