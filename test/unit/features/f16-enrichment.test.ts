import { expect, test } from 'vitest'
import { november, on, owed } from '../../support/clearing.ts'
import { completed, tick } from '../../support/market.ts'
import { rebateBook, salesRebate } from '../../support/rebates.ts'
import { openWorld } from '../../support/world.ts'

// F16: what the system adds when a statement is finalised is one entry without an event.

test('F16: carry-in comes first, then rebates, carry-out last [derived]', async () => {
  const payout = { termDays: 0, minimum: '1000.00' }
  const ruleBook = rebateBook([salesRebate()], { payout })
  const world = await openWorld({ ruleBook, reload: true })
  const sold = { occurredAt: on('11-10'), orderCreatedAt: on('11-10') }
  await world.send(
    owed('A-1', '10-15', '-120.00'),
    tick(on('11-01')),
    completed('O-1', ['1000.00'], sold),
    tick(on('12-01')),
  )
  const lines = world.lines().filter(({ statementId }) => statementId === november)
  expect(lines.map(({ leg, amount, eventId }) => [leg, amount, eventId ?? 'the system'])).toEqual([
    ['FORWARD', '1000.00', 'O-1:completed'],
    ['CARRY', '-120.00', 'the system'],
    ['REBATE', '-20.00', 'the system'],
    ['CARRY', '-860.00', 'the system'],
  ])
  expect(new Set(lines.slice(1).map(({ entryNo }) => entryNo))).toEqual(new Set([2]))
})
