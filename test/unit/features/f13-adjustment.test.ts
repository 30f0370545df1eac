import { expect, test } from 'vitest'
import { linesOf } from '../../support/billed.ts'
import { at, bookOf, completed, tick } from '../../support/market.ts'
import { adjusted } from '../../support/parties.ts'
import { openWorld } from '../../support/world.ts'

// F13 without approval: a plus or minus is always a line of its own.

test('F13 [derived]: +5.00 for a fee left off the bill, and one line a correction', async () => {
  const world = await openWorld({ ruleBook: bookOf() })
  await world.send(
    completed('O-1', ['100.00']),
    adjusted('A-1', at('21T00:00'), { amount: '5.00' }),
    adjusted('A-2', at('22T00:00'), { amount: '-2.50' }),
    tick('2025-11-01T00:00:00.000+08:00'),
  )
  const [statement] = await world.statements()
  expect(statement).toMatchObject({ total: '97.50', lineCount: 4, entryCount: 3 })
  expect(statement?.totals).toContainEqual({
    feeType: 'ADJUSTMENT',
    forward: '0.00',
    reverse: '0.00',
    other: '2.50',
    net: '2.50',
  })
})

test('a correction of a line goes to that line of statements and points at the line', async () => {
  const world = await openWorld({ ruleBook: bookOf() })
  await world.send(completed('O-1', ['100.00']), tick('2025-11-01T00:00:00.000+08:00'))
  const [, commission] = world.lines()
  const correction = adjusted('A-1', '2025-11-02T00:00:00.000+08:00', { amount: '1.00' })
  await world.send({ ...correction, correctsLineId: commission?.lineId })
  const line = world.lines().find(({ leg }) => leg === 'ADJUSTMENT')
  expect(line).toMatchObject({
    statementId: 'M-1/E-CN/SOP/CNY/MONTHLY/2025-11-01',
    originLineId: commission?.lineId,
  })
  await world.send({
    ...correction,
    adjustmentId: 'A-2',
    correctsLineId: 'M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01#3',
  })
  expect(world.rejections().map(({ code }) => code)).toEqual(['LINE_UNKNOWN'])
  expect(linesOf(world, String(correction.eventId))).toHaveLength(1)
})
