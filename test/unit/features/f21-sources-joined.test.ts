import { expect, test } from 'vitest'
import { at, bookOf, commonFees, completed, contractOf, refunded } from '../../support/market.ts'
import { adjusted, submitted } from '../../support/parties.ts'
import { endOf, salesRebate } from '../../support/rebates.ts'
import { openWorld } from '../../support/world.ts'

// F21: whatever a party and the platform owe each other stands on one statement.

test('F21: orders, refunds, submitted fees, adjustments and rebates join in one statement', async () => {
  const passed = {
    code: 'WAREHOUSING_FEE',
    source: 'PASSTHROUGH',
    reversal: { policy: 'UPSTREAM' },
  }
  const fees = [...commonFees.slice(0, 1), passed]
  const ruleBook = bookOf(fees, contractOf(), { rebates: [salesRebate()] })
  const world = await openWorld({ ruleBook, reload: true })
  await world.send(
    completed('O-1', ['1100.00']),
    refunded('R-1', 'O-1', [[1, '100.00']]),
    submitted('F-1', at('23T00:00')),
    adjusted('A-1', at('24T00:00')),
    endOf.october,
  )
  const legs = world.lines().map(({ leg, amount }) => `${leg} ${amount}`)
  expect(legs).toEqual([
    'FORWARD 1100.00',
    'REVERSE -100.00',
    'SUBMITTED -1.20',
    'ADJUSTMENT 5.00',
    'REBATE -20.00',
  ])
  expect(await world.statements()).toMatchObject([{ total: '983.80', lineCount: 5 }])
})
