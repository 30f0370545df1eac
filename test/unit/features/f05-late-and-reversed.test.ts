import { describe, expect, test } from 'vitest'
import { feeReversed, linesOf, sumOf } from '../../support/billed.ts'
import { at, bookOf, contractOf, type FeeOf, tick } from '../../support/market.ts'
import { adjusted, modeChanged, submitted } from '../../support/parties.ts'
import { codes } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F05, F13: where submitted lines, their reversals and adjustments stand, and what is told of them.

const fees: readonly FeeOf[] = [
  { code: 'WAREHOUSING_FEE', grain: 'ORDER', source: 'PULLED', reversal: { policy: 'NONE' } },
]

async function opened(contract: Json, ...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf(fees, contract) })
  await world.send(...events)
  return world
}

const october = 'M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01'
const november = 'M-1/E-CN/SOP/CNY/MONTHLY/2025-11-01'
const closed = tick('2025-11-01T00:00:00.000+08:00')

test('an accepted line stands on the statement as it was sent', async () => {
  const event = submitted('X-1', at('21T00:00'), {
    taxAmount: '-0.07',
    orderId: 'O-1',
    orderCreatedAt: at('20T10:00'),
    lineNo: 3,
    quantity: 4,
    unitPrice: '0.30',
    description: 'October',
  })
  const world = await opened(contractOf(), event)
  expect(world.lines()).toEqual([
    {
      lineId: `${october}#1`,
      statementId: october,
      seq: 1,
      entryNo: 1,
      eventId: 'X-1:fee',
      partyId: 'M-1',
      orderId: 'O-1',
      lineNo: 3,
      feeType: 'WAREHOUSING_FEE',
      leg: 'SUBMITTED',
      amount: '-1.20',
      taxAmount: '-0.07',
      currency: 'CNY',
      ruleBookVersion: 1,
      occurredAt: '2025-10-20T16:00:00.000Z',
    },
  ])
})

test('tax goes back in proportion, cumulatively', async () => {
  const world = await opened(
    contractOf(),
    submitted('X-1', at('21T00:00'), { amount: '-1.00', taxAmount: '-0.05' }),
    ...['0.33', '0.33', '0.34'].map((amount, index) => feeReversed('X-1', `V-${index}`, amount)),
  )
  // 0.05 × 0.33 = 0.0165, × 0.66 = 0.033, × 1 = 0.05.
  const back = world.lines().filter(({ leg }) => leg === 'REVERSE')
  expect(back.map(({ amount, taxAmount }) => [amount, taxAmount])).toEqual([
    ['0.33', '0.02'],
    ['0.33', '0.01'],
    ['0.34', '0.02'],
  ])
  expect(back[0]).toMatchObject({ originLineId: `${october}#1`, feeType: 'WAREHOUSING_FEE' })
})

describe('a reversal', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    // of        amount     code
    ['-1.20',    '1.20',    null],
    ['-1.20',    '0.00',    null],
    ['-1.20',    '1.21',    'NOT_ALLOWED_IN_STATE'],
    ['-1.20',    '-0.01',   'FEE_SIGN_WRONG'],
    ['-1.20',    '0.001',   'OUT_OF_RANGE'],
    ['-1.20',    '1.200',   null],
    ['0.00',     '0.00',    null],
    ['0.00',     '0.01',    'NOT_ALLOWED_IN_STATE'],
  ] as const

  test.each(cases)('of a line of %s by %s: %s', async (amount, back, code) => {
    const world = await opened(
      contractOf(),
      submitted('X-1', at('21T00:00'), { amount }),
      feeReversed('X-1', 'V-1', back),
      feeReversed('X-1', 'V-1', back, { eventId: 'again' }),
    )
    expect(codes(world)).toEqual(code === null ? [] : [`X-1:V-1 ${code}`])
    expect((await world.row()).party.duplicates).toBe(1)
    const zero = Number(back) === 0 || code !== null
    expect(linesOf(world, 'X-1:V-1')).toHaveLength(zero ? 0 : 1)
  })

  test('of a line of another party, system or id is LINE_UNKNOWN', async () => {
    const world = await opened(
      contractOf(),
      submitted('X-1', at('21T00:00')),
      feeReversed('X-1', 'V-1', '0.10', { partyId: 'M-2', eventId: 'a' }),
      feeReversed('X-1', 'V-1', '0.10', { sourceSystem: 'TMS', eventId: 'b' }),
      feeReversed('X-2', 'V-1', '0.10', { eventId: 'c' }),
    )
    expect(codes(world)).toEqual(['a LINE_UNKNOWN', 'b LINE_UNKNOWN', 'c LINE_UNKNOWN'])
  })

  test('stands on the original line’s key, in the period of its own instant', async () => {
    const world = await opened(
      contractOf(),
      submitted('X-1', at('21T00:00')),
      modeChanged('C-1', 'FBP', at('22T00:00')),
      feeReversed('X-1', 'V-1', '0.10', { occurredAt: at('25T00:00') }),
      closed,
      feeReversed('X-1', 'V-2', '0.10', { occurredAt: at('26T00:00') }),
      submitted('X-2', '2025-11-03T00:00:00.000+08:00'),
    )
    const homes = world
      .lines()
      .map(({ eventId, statementId, originPeriod }) => [eventId, statementId, originPeriod])
    expect(homes).toEqual([
      ['X-2:fee', 'M-1/E-CN/FBP/CNY/MONTHLY/2025-11-01', undefined],
      ['X-1:fee', october, undefined],
      ['X-1:V-1', october, undefined],
      ['X-1:V-2', november, '2025-10-01'],
    ])
  })
})

test('parts of a line take back no more than is left of it', async () => {
  const world = await opened(
    contractOf(),
    submitted('X-1', at('21T00:00')),
    feeReversed('X-1', 'V-1', '1.00'),
    feeReversed('X-1', 'V-2', '0.30'),
    feeReversed('X-1', 'V-3', '0.20'),
  )
  expect(codes(world)).toEqual(['X-1:V-2 NOT_ALLOWED_IN_STATE'])
  expect(sumOf(world)).toBe('0.00')
})

test('a line for a closed period goes to the one that is open, and says whose it is', async () => {
  const world = await opened(contractOf(), closed, submitted('X-1', at('21T00:00')))
  expect(world.lines()[0]).toMatchObject({
    statementId: november,
    originPeriod: '2025-10-01',
    lateReason: 'PERIOD_CLOSED',
  })
  expect((await world.statements())[0]).toMatchObject({ lateLines: 1 })
})

describe('an adjustment', () => {
  const amended = (more: Json): Json => adjusted('A-1', at('21T00:00'), more)

  // biome-ignore format: the columns are a table
  const cases = [
    // adjustment                                            code                 lines
    [{ amount: '5.00' },                                     null,                1],
    [{ amount: '-5.00' },                                    null,                1],
    [{ amount: '0.00' },                                     null,                0],
    [{ currency: 'USD' },                                    'CURRENCY_MISMATCH', 0],
    [{ partyId: 'X-1' },                                     'PARTY_UNKNOWN',     0],
    [{ correctsLineId: `${october}#1` },                     null,                1],
    [{ correctsLineId: `${october}#2` },                     'LINE_UNKNOWN',      0],
    [{ correctsLineId: `${october}#0` },                     'LINE_UNKNOWN',      0],
    [{ correctsLineId: `${november}#1` },                    'LINE_UNKNOWN',      0],
    [{ correctsLineId: 'nonsense' },                         'LINE_UNKNOWN',      0],
    [{ correctsLineId: `${october}#1`, partyId: 'M-2' },     'LINE_UNKNOWN',      0],
    [{ correctsLineId: `${october}#1`, currency: 'USD' },    'CURRENCY_MISMATCH', 0],
    [{ occurredAt: '2031-01-01T00:00:00.000+08:00' },        'OUT_OF_RANGE',      0],
  ] as const

  test.each(cases)('%j: %s', async (more, code, lines) => {
    const world = await opened(contractOf(), submitted('X-1', at('21T00:00')), amended(more))
    expect(codes(world)).toEqual(code === null ? [] : [`A-1:adjustment ${code}`])
    expect(linesOf(world, 'A-1:adjustment')).toHaveLength(lines)
  })

  test('is taken back by another adjustment that corrects it', async () => {
    const world = await opened(contractOf(), amended({ amount: '5.00' }), closed)
    const [line] = world.lines()
    const back = { amount: '-5.00', correctsLineId: line?.lineId }
    await world.send(adjusted('A-2', at('22T00:00'), back))
    expect(world.lines()[1]).toMatchObject({ statementId: november, originLineId: line?.lineId })
    expect(sumOf(world)).toBe('0.00')
  })
})

describe('REALTIME: each later fact has a statement of its own, named by its key', () => {
  test('a submitted line, its reversal and an adjustment', async () => {
    const contract = contractOf({ cycle: { kind: 'REALTIME', calendar: 'CN' } })
    const world = await opened(
      contract,
      submitted('X-1', at('21T00:00')),
      feeReversed('X-1', 'V-1', '0.20'),
      adjusted('A-1', at('22T00:00')),
    )
    const ids = world.lines().map(({ statementId }) => String(statementId).split('/').at(-1))
    expect(ids).toEqual(['A-1', 'WMS:X-1', 'WMS:X-1:V-1'])
  })
})
