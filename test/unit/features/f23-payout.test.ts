import { expect, test } from 'vitest'
import { payoutOfLine } from '../../../src/domain/statements/clearing.ts'
import {
  historyOf,
  october,
  on,
  owed,
  payingContract,
  payout,
  said,
} from '../../support/clearing.ts'
import { bookOf, commonFees, tick } from '../../support/market.ts'
import { openWorld, type World } from '../../support/world.ts'

// F23, F63: what the payment system says moves the statement, and never pays twice.

async function instructed(): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf(commonFees, payingContract()), reload: true })
  await world.send(owed('A-1', '10-15', '95.00'), tick(on('11-01')))
  return world
}

test('F63 [derived]: a payout that comes back is instructed again under a new id', async () => {
  const world = await instructed()
  await world.send(
    payout('PayoutAccepted', '11-02', 1, '95.00'),
    payout('PayoutSucceeded', '11-03', 1, '95.00'),
    payout('PayoutReturned', '11-05', 1, '95.00'),
  )
  const ids = world.instructions().map(({ instructionId }) => instructionId)
  expect(ids).toEqual([`${october}:PAYOUT:1`, `${october}:PAYOUT:2`])
  expect(historyOf((await world.statements())[0]).slice(-4)).toEqual([
    'SUBMITTED 11-02',
    'PAID 11-03',
    'RETURNED 11-05',
    'PAYABLE 11-05',
  ])
})

test('a statement whose payout came back is stopped with its party', async () => {
  const world = await instructed()
  await world.send(
    payout('PayoutSucceeded', '11-03', 1, '95.00'),
    payout('PayoutReturned', '11-05', 1, '95.00'),
    said('PartySuspended', '11-06', { changeId: 'S-1', reason: 'fraud', statementId: null }),
  )
  expect((await world.statements())[0]).toMatchObject({ status: 'HELD' })
})

test('a success after a reported failure counts, and the second attempt cannot pay again', async () => {
  const world = await instructed()
  await world.send(
    payout('PayoutFailed', '11-02', 1, '95.00'),
    payout('PayoutSucceeded', '11-03', 1, '95.00'),
    payout('PayoutSucceeded', '11-04', 2, '95.00'),
  )
  expect((await world.statements())[0]).toMatchObject({ status: 'PAID' })
  expect(world.notices().map(({ kind }) => kind)).toContain('PAYOUT_SUPERSEDED')
  expect(world.rejections().map(({ code }) => code)).toEqual(['NOT_ALLOWED_IN_STATE'])
})

// biome-ignore format: the columns are a table
test.each([
  ['of none instructed, none does',        [],                                                                    1, null],
  ['the one that has succeeded',           [['SUCCEEDED', []]],                                                   1, 1],
  ['not the one that held it back',        [['SUCCEEDED', [1]]],                                                  1, null],
  ['but the one after it',                 [['SUCCEEDED', [1]], ['INSTRUCTED', []]],                              1, 2],
  ['and its neighbour by the first',       [['SUCCEEDED', [1]], ['INSTRUCTED', []]],                              2, 1],
  ['none that failed or came back',        [['FAILED', []], ['RETURNED', []], ['SUPERSEDED', []], ['ACCEPTED', []]], 1, 4],
] as const)('which payout pays a line: %s', (_what, payouts, seq, want) => {
  const given = payouts.map(([state, without]) => ({ state, without }))
  expect(payoutOfLine(given, seq)).toBe(want)
})
