import { expect, test } from 'vitest'
import { guideBook, october, settled, sold } from '../../support/guides.ts'
import { tick } from '../../support/market.ts'
import { openWorld, type World } from '../../support/world.ts'

const guide = {
  confirmation: { required: true, autoConfirmDays: 7 },
  payout: { termDays: 0, negative: 'CARRY_FORWARD' },
}

async function historyOf(world: World): Promise<string[]> {
  const statement = (await world.statements()).find((row) => row.statementId === october)
  const history = statement?.history as { status: string; at: string }[]
  return history.map(({ status, at }) => `${status} ${at}`)
}

// A guide's statement is closed behind the tick, so what is due of it then is not left to the next.
test('one late tick takes the statement of a guide as far as many ticks in time', async () => {
  const book = guideBook({}, { guide })
  const late = await openWorld({ ruleBook: book })
  await late.send(sold('O-1', '100.00'), tick('2025-11-20T00:00:00+08:00'))
  const inTime = await settled(book, [sold('O-1', '100.00')])
  await inTime.send(tick('2025-11-08T00:00:00+08:00'), tick('2025-11-20T00:00:00+08:00'))
  expect(await historyOf(late)).toContain('PAYABLE 2025-11-07T16:00:00.000Z')
  expect(await historyOf(late)).toEqual(await historyOf(inTime))
  expect(late.instructions()).toEqual(inTime.instructions())
  expect(late.instructions()).toHaveLength(1)
  expect(late.notices()).toEqual(inTime.notices())
})

test('what is carried on is closed by the same mark, month after month', async () => {
  const payout = { termDays: 0, minimum: '10.00', negative: 'CARRY_FORWARD' }
  const world = await openWorld({ ruleBook: guideBook({}, { guide: { payout } }) })
  await world.send(sold('O-1', '100.00'), tick('2026-01-02T00:00:00+08:00'))
  const ofGuide = (await world.statements()).filter(({ partyId }) => partyId === 'G-01')
  expect(ofGuide.map(({ opening, closing, status }) => [opening, closing, status])).toEqual([
    ['0.00', '3.00', 'CARRIED_FORWARD'],
    ['3.00', '3.00', 'CARRIED_FORWARD'],
    ['3.00', '3.00', 'CARRIED_FORWARD'],
    ['3.00', '0.00', 'OPEN'],
  ])
})
