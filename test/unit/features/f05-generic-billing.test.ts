import { expect, test } from 'vitest'
import { linesOf } from '../../support/billed.ts'
import { at, bookOf, commonFees, type FeeOf } from '../../support/market.ts'
import { submitted } from '../../support/parties.ts'
import { type Json, openWorld } from '../../support/world.ts'

// F05: ready-made fee lines of other systems.

const fees: readonly FeeOf[] = [
  ...commonFees,
  { code: 'MISC', sign: '±', source: 'PASSTHROUGH', grain: 'ORDER', reversal: { policy: 'NONE' } },
  { code: 'COST', sign: '-', source: 'PULLED', grain: 'ORDER', reversal: { policy: 'NONE' } },
  { code: 'GAIN', sign: '+', source: 'PARSED', grain: 'ORDER', reversal: { policy: 'NONE' } },
]

const fee = (feeType: string, amount: string): Json =>
  submitted('X-1', at('21T00:00'), { feeType, amount })

// biome-ignore format: the columns are a table
const cases = [
  // fee           amount    more                                             code
  ['MISC',         '6.00',   { quantity: 2, unitPrice: '3.00' },              null],
  ['MISC',         '-6.00',  { quantity: 2, unitPrice: '3.00' },              null],
  ['MISC',         '6.00',   { quantity: -2, unitPrice: '3.00' },             null],
  ['MISC',         '0.01',   { quantity: 1, unitPrice: '0.005' },             null],
  ['MISC',         '6.01',   { quantity: 2, unitPrice: '3.00' },              'AMOUNT_NOT_QUANTITY_TIMES_PRICE'],
  ['MISC',         '6.01',   { quantity: 2 },                                 null],
  ['COST',         '-1.00',  {},                                              null],
  ['COST',         '1.00',   {},                                              'FEE_SIGN_WRONG'],
  ['GAIN',         '-1.00',  {},                                              'FEE_SIGN_WRONG'],
  ['COMMISSION',   '-1.00',  {},                                              'FEE_NOT_SUBMITTABLE'],
  ['NOVELTY',      '-1.00',  {},                                              'FEE_TYPE_UNKNOWN'],
  ['MISC',         '1.00',   { currency: 'USD' },                             'CURRENCY_MISMATCH'],
  ['MISC',         '1.00',   { partyId: 'X-1' },                              'PARTY_UNKNOWN'],
  ['MISC',         '1.00',   { taxAmount: '-0.06' },                          'FEE_SIGN_WRONG'],
  ['MISC',         '1.00',   { taxAmount: '1.06' },                           'AMOUNTS_DO_NOT_ADD_UP'],
  ['MISC',         '1.00',   { taxAmount: '0.06' },                           null],
] as const

for (const [feeType, amount, more, code] of cases) {
  const what = `${feeType} ${amount} ${JSON.stringify(more)}`
  test(`${what} is ${code ?? 'passed through'}`, async () => {
    const world = await openWorld({ ruleBook: bookOf(fees) })
    const event: Json = { ...fee(feeType, amount), ...more }
    await world.send(event)
    expect(world.rejections().map((rejection) => rejection.code)).toEqual(
      code === null ? [] : [code],
    )
    const lines = code === null ? [`- ${feeType} SUBMITTED ${amount}`] : []
    expect(linesOf(world, String(event.eventId))).toEqual(lines)
  })
}

test('an amount of zero is applied and makes no line', async () => {
  const world = await openWorld({ ruleBook: bookOf(fees) })
  await world.send(fee('MISC', '0.00'))
  expect((await world.row()).party).toMatchObject({ applied: 1, rejected: 0 })
  expect(await world.statements()).toEqual([])
})

test('the same external id with another amount is a conflict and changes nothing', async () => {
  const world = await openWorld({ ruleBook: bookOf(fees) })
  const first = fee('MISC', '1.00')
  await world.send(first, { ...first, eventId: 'again' }, { ...first, amount: '2.00' })
  expect((await world.row()).party).toEqual({ applied: 1, duplicates: 1, waiting: 0, rejected: 1 })
  expect(world.rejections()[0]).toMatchObject({ code: 'DUPLICATE_CONFLICT' })
  expect(world.lines()).toHaveLength(1)
})

const reversal = (reversalId: string, amount: string, externalId = 'X-1'): Json => ({
  type: 'FeeLineReversed',
  eventId: `reversal:${reversalId}`,
  occurredAt: at('22T00:00'),
  partyId: 'M-1',
  sourceSystem: 'WMS',
  externalId,
  reversalId,
  amount,
})

// biome-ignore format: the columns are a table
const reversals = [
  // amounts              codes                      left            why
  [['4.00', '2.00'],      [],                        ['4.00', '2.00'], 'in parts, to the whole'],
  [['4.00', '2.01'],      ['NOT_ALLOWED_IN_STATE'],  ['4.00'],       'more than is left'],
  [['-1.00'],             ['FEE_SIGN_WRONG'],        [],             'the sign of the line itself'],
  [['1.001'],             ['OUT_OF_RANGE'],          [],             'more decimals than the currency has'],
] as const

for (const [amounts, codes, left, why] of reversals) {
  test(`a submitted line of -6.00 is reversed by its system: ${why}`, async () => {
    const world = await openWorld({ ruleBook: bookOf(fees) })
    await world.send(fee('COST', '-6.00'))
    for (const [index, amount] of amounts.entries())
      await world.send(reversal(`V-${index}`, amount))
    expect(world.rejections().map(({ code }) => code)).toEqual(codes)
    const lines = world.lines().filter(({ leg }) => leg === 'REVERSE')
    expect(lines.map(({ amount }) => amount)).toEqual(left)
    for (const line of lines) expect(line.originLineId).toBe(world.lines()[0]?.lineId)
  })
}

test('reversing a line that was never submitted is LINE_UNKNOWN', async () => {
  const world = await openWorld({ ruleBook: bookOf(fees) })
  await world.send(reversal('V-1', '1.00', 'X-9'))
  expect(world.rejections().map(({ code }) => code)).toEqual(['LINE_UNKNOWN'])
})
