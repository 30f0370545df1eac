import { expect, test } from 'vitest'
import { november, october, on, owed, payingContract } from '../../support/clearing.ts'
import { bookOf, commonFees, tick } from '../../support/market.ts'
import { openWorld, type World } from '../../support/world.ts'

// F64: the first statement of a party that is to be paid or collected is worth a look.

async function reviewed(firstAmount: string): Promise<unknown[]> {
  const ruleBook = bookOf(commonFees, payingContract())
  const world: World = await openWorld({ ruleBook, reload: true })
  await world.send(
    owed('A-1', '10-15', firstAmount),
    tick(on('11-01')),
    owed('A-2', '11-15', '50.00'),
    tick(on('12-01')),
  )
  return world
    .notices()
    .filter(({ kind }) => kind === 'FIRST_SETTLEMENT_REVIEW')
    .map(({ statementId, at }) => [statementId, at])
}

test('F64: the first one is told of at its close, and no later one', async () => {
  expect(await reviewed('95.00')).toEqual([[october, '2025-10-31T16:00:00.000Z']])
})

test('a statement that is carried is none yet', async () => {
  expect(await reviewed('-10.00')).toEqual([[november, '2025-11-30T16:00:00.000Z']])
})
