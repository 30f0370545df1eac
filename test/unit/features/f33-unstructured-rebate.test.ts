import { expect, test } from 'vitest'
import { linesOf } from '../../support/billed.ts'
import { at, completed } from '../../support/market.ts'
import { endOf, rebateBook } from '../../support/rebates.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F33: the text is for people; the amount counts once both sides have signed it.

const free: Json = {
  rebateId: 'rb-free',
  kind: 'UNSTRUCTURED',
  direction: 'PARTY_TO_PLATFORM',
  match: { partyId: ['M-*'] },
  referenceText: 'see annex 3',
  requires: ['PLATFORM', 'PARTY'],
}

const both = [
  { side: 'PLATFORM', who: 'U-1' },
  { side: 'PARTY', who: 'U-2' },
]

function agreed(version: number, amount: string, overrides: Json = {}): Json {
  return {
    type: 'RebateAmountAgreed',
    eventId: `agreed-${version}-${amount}`,
    occurredAt: at('21T00:00'),
    partyId: 'M-1',
    agreementId: 'AG-1',
    version,
    rebateId: 'rb-free',
    amount,
    currency: 'CNY',
    signedBy: both,
    ...overrides,
  }
}

test('F33 [derived]: 8888.00 with two sign-offs enters', async () => {
  const world = await openWorld({ ruleBook: rebateBook([free]) })
  await world.send(completed('O-1', ['10000.00']), agreed(1, '8888.00'), endOf.october)
  const [statement] = await world.statements()
  expect(statement).toMatchObject({ total: '1112.00' })
  expect(linesOf(world, 'agreed-1-8888.00')).toEqual(['- REBATE REBATE -8888.00'])
  expect(world.lines()[1]).toMatchObject({ ruleId: 'rb-free', ruleBookVersion: 1 })
})

test('changed after it was signed it is a new version, and the line is the difference', async () => {
  const world = await openWorld({ ruleBook: rebateBook([free]), reload: true })
  await world.send(agreed(1, '8888.00'), agreed(1, '8888.0'), agreed(2, '8000.00'))
  await world.send(agreed(3, '8000.00'))
  expect(world.rejections()).toEqual([])
  expect(world.lines()).toMatchObject([{ amount: '-8888.00' }, { amount: '888.00' }])
})

// biome-ignore format: the columns are a table
test.each([
  ['with one sign-off',        { signedBy: [both[0]] },      'NOT_ALLOWED_IN_STATE', 'signedBy: PARTY has not signed'],
  ['for no rebate',            { rebateId: 'rb-none' },      'NOT_ALLOWED_IN_STATE', 'rb-none is no unstructured rebate'],
  ['for another rebate',       { rebateId: 'rb-other' },     'NOT_ALLOWED_IN_STATE', 'AG-1 is of rb-free in CNY'],
  ['in another currency',      { currency: 'USD' },          'CURRENCY_MISMATCH',    'USD, but the statement is in CNY'],
  ['of an earlier version',    { version: 1, amount: '1' },  'NOT_ALLOWED_IN_STATE', '2 of AG-1 is in force'],
  ['of the same version',      { version: 2, amount: '1' },  'DUPLICATE_CONFLICT',   'version 2 of AG-1 said otherwise'],
  ['of an unknown party',      { partyId: 'X-1' },           'PARTY_UNKNOWN',        'X-1 has no contract'],
])('an amount %s does not enter: %j', async (_, overrides, code, message) => {
  const world = await openWorld({ ruleBook: rebateBook([free, { ...free, rebateId: 'rb-other' }]) })
  await world.send(agreed(2, '5.00'), agreed(3, '6.00', overrides))
  expect(world.rejections()).toMatchObject([{ code, message: expect.stringContaining(message) }])
  expect(world.lines()).toHaveLength(1)
})

test('a rebate for other parties is not for this one', async () => {
  const ruleBook = rebateBook([{ ...free, match: { partyId: ['M-2'] } }])
  const world = await openWorld({ ruleBook })
  await world.send(agreed(1, '5.00'))
  expect(world.rejections()).toMatchObject([{ message: 'rebateId: rb-free is not for M-1' }])
})

const rules = [{ item: 'AGREEMENT', from: '1000.00', levels: ['OPS', 'FINANCE'] }]

function word(type: string, approvalId: string, level: string, by: string): Json {
  const event = { approvalId, agreementId: 'AG-1', level, by, reason: 'a reason' }
  return {
    type,
    eventId: `${approvalId}:word`,
    occurredAt: at('22T00:00'),
    partyId: 'M-1',
    ...event,
  }
}

// biome-ignore format: the columns are a table
test.each([
  ['below every rule it enters at once',         '999.00',  [],                                                                                      ['-999.00'], []],
  ['from 1000.00 it waits',                      '1000.00', [],                                                                                      [],          []],
  ['one level is too few',                       '1000.00', [word('ApprovalGranted', 'P-1', 'OPS', 'a')],                                            [],          []],
  ['and enters when both have granted it',       '1000.00', [word('ApprovalGranted', 'P-1', 'OPS', 'a'), word('ApprovalGranted', 'P-2', 'FINANCE', 'b')], ['-1000.00'], []],
  ['rejected, it never enters',                  '1000.00', [word('ApprovalRejected', 'P-1', 'OPS', 'a')],                                           [],          ['NOT_ALLOWED_IN_STATE']],
  ['the platform\'s signer cannot approve it',   '1000.00', [word('ApprovalGranted', 'P-1', 'OPS', 'U-1')],                                          [],          ['NOT_ALLOWED_IN_STATE']],
  ['while it waits no other version may come',   '1000.00', [agreed(2, '10.00')],                                                                    [],          ['NOT_ALLOWED_IN_STATE']],
] as const)('F26: %s', async (_what, amount, events, amounts, codes) => {
  const book = rebateBook([free], { approval: { rules } })
  const world = await openWorld({ ruleBook: book, reload: true })
  await world.send(agreed(1, amount), ...events, endOf.october)
  expect(world.lines().map((line) => line.amount)).toEqual(amounts)
  expect(world.rejections().map(({ code }) => code)).toEqual(codes)
  const { party } = await world.row()
  expect(party.applied + party.waiting + party.rejected).toBe(1 + events.length)
})
