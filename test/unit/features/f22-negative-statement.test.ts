import { describe, expect, test } from 'vitest'
import { historyOf, november, october, on, owed, payingContract } from '../../support/clearing.ts'
import { bookOf, commonFees, contractOf, tick } from '../../support/market.ts'
import { entityChanged, modeChanged } from '../../support/parties.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F22: what a statement comes to below zero, or below the minimum, goes into the next of its key.

async function paying(payout: Json = {}, overrides: Json = {}): Promise<World> {
  const contract = payingContract(payout, overrides)
  return openWorld({ ruleBook: bookOf(commonFees, contract), reload: true })
}

const ends = ['11-01', '12-01'].map((day) => tick(on(day)))
const heads = async (world: World): Promise<Json[]> =>
  (await world.statements()).map(({ opening, total, closing, status, lineCount }) => ({
    opening,
    total,
    closing,
    status,
    lineCount,
  }))

test('F22 [derived]: −120.00 is carried, and the next period of +500.00 pays 380.00', async () => {
  const world = await paying()
  await world.send(owed('A-1', '10-15', '-120.00'), ends[0] as Json)
  expect((await world.statements())[1]).toMatchObject({ status: 'OPEN', opening: '-120.00' })
  await world.send(owed('A-2', '11-10', '500.00'), ends[1] as Json)
  // biome-ignore format: the columns are a table
  expect(await heads(world)).toEqual([
    { opening: '0.00',    total: '-120.00', closing: '-120.00', status: 'CARRIED_FORWARD', lineCount: 2 },
    { opening: '-120.00', total: '500.00',  closing: '0.00',    status: 'PAYABLE',         lineCount: 2 },
  ])
  const carries = world.lines().filter(({ leg }) => leg === 'CARRY')
  // biome-ignore format: the columns are a table
  expect(carries).toMatchObject([
    { statementId: october,  seq: 2, feeType: 'CARRY', amount: '120.00',  occurredAt: '2025-10-31T16:00:00.000Z' },
    { statementId: november, seq: 2, feeType: 'CARRY', amount: '-120.00', occurredAt: '2025-11-30T16:00:00.000Z' },
  ])
  for (const line of carries) expect(line).not.toHaveProperty('eventId')
  expect(world.instructions()).toEqual([
    {
      instructionId: `${november}:PAYOUT:1`,
      kind: 'PAYOUT',
      statementId: november,
      partyId: 'M-1',
      entity: 'E-CN',
      amount: '380.00',
      currency: 'CNY',
      dueOn: '2025-12-03',
      attempt: 1,
      idempotencyKey: `${november}:PAYOUT:1`,
    },
  ])
})

// biome-ignore format: the columns are a table
const rests: readonly (readonly [what: string, payout: Json, amount: string, status: string, closing: string])[] = [
  ['a debt is carried where nothing else is said', {},                                                '-1.00',  'CARRIED_FORWARD', '-1.00'],
  ['a debt to be collected is a receivable',       { negative: 'COLLECT' },                           '-1.00',  'RECEIVABLE',      '0.00' ],
  ['without a deposit the next step is taken',     { negative: ['OFFSET_DEPOSIT', 'CARRY_FORWARD'] }, '-1.00',  'CARRIED_FORWARD', '-1.00'],
  ['without a deposit and a next step, likewise',  { negative: 'OFFSET_DEPOSIT' },                    '-1.00',  'RECEIVABLE',      '0.00' ],
  ['no period may carry a debt',                   { carryMaxPeriods: 0 },                            '-1.00',  'RECEIVABLE',      '0.00' ],
  ['below the minimum an amount is carried',       { minimum: '100.00' },                             '99.99',  'CARRIED_FORWARD', '99.99'],
  ['the minimum itself is paid',                   { minimum: '100.00' },                             '100.00', 'PAYABLE',         '0.00' ],
]

test.each(rests)('%s', async (_, payout, amount, status, closing) => {
  const world = await paying(payout)
  await world.send(owed('A-1', '10-15', amount), ends[0] as Json)
  expect((await world.statements())[0]).toMatchObject({ total: amount, status, closing })
  expect(world.instructions()).toHaveLength(status === 'PAYABLE' ? 1 : 0)
})

test('what comes to nothing is settled, and nothing is paid', async () => {
  const world = await paying()
  await world.send(owed('A-1', '10-15', '-1.00'), owed('A-2', '10-16', '1.00'), ends[0] as Json)
  const [statement] = await world.statements()
  expect(historyOf(statement)).toEqual([
    'OPEN 10-01',
    'CLOSED 11-01',
    'FINALISED 11-01',
    'SETTLED_ZERO 11-01',
  ])
  expect(statement).not.toHaveProperty('dueOn')
})

test('without `payout` a statement rests at FINALISED, whatever its total', async () => {
  const world = await openWorld({ ruleBook: bookOf(commonFees, contractOf()) })
  await world.send(owed('A-1', '10-15', '-120.00'), ends[0] as Json)
  expect(await heads(world)).toMatchObject([{ status: 'FINALISED', closing: '0.00', lineCount: 1 }])
})

describe('carrying on', () => {
  const days = ['11-01', '12-01'].map(on)
  const months = [...days, '2026-01-01T00:00:00.000+08:00', '2026-02-01T00:00:00.000+08:00']

  test('two statements in a row carry the debt, the third becomes a receivable', async () => {
    const world = await paying({ carryMaxPeriods: 2 })
    await world.send(owed('A-1', '10-15', '-120.00'), ...months.map(tick))
    // biome-ignore format: the columns are a table
    expect(await heads(world)).toEqual([
      { opening: '0.00',    total: '-120.00', closing: '-120.00', status: 'CARRIED_FORWARD', lineCount: 2 },
      { opening: '-120.00', total: '0.00',    closing: '-120.00', status: 'CARRIED_FORWARD', lineCount: 2 },
      { opening: '-120.00', total: '0.00',    closing: '0.00',    status: 'RECEIVABLE',      lineCount: 1 },
    ])
  })

  test('one tick over all months leaves what a tick a month leaves', async () => {
    const sent = [owed('A-1', '10-15', '-120.00'), owed('A-2', '12-15', '20.00')]
    const monthly = await paying({ carryMaxPeriods: 2 })
    await monthly.send(...sent.slice(0, 1), ...months.slice(0, 2).map(tick))
    await monthly.send(...sent.slice(1), ...months.slice(2).map(tick))
    const atOnce = await paying({ carryMaxPeriods: 2 })
    await atOnce.send(...sent, tick(months[3] as string))
    const texts = (found: readonly Json[]): string[] => found.map((one) => JSON.stringify(one))
    expect(texts(await atOnce.statements())).toEqual(texts(await monthly.statements()))
    expect(texts(atOnce.lines())).toEqual(texts(monthly.lines()))
  })

  test('a debt stays with its mode and entity: residual statements carry it on', async () => {
    const world = await paying()
    await world.send(
      owed('A-1', '10-15', '-120.00'),
      modeChanged('C-1', 'FBP', on('11-01')),
      entityChanged('C-2', 'E-HK', on('11-01')),
      ends[0] as Json,
      owed('A-2', '11-10', '500.00'),
      ends[1] as Json,
    )
    const found = (await world.statements()).map(({ statementId, opening, total, status }) =>
      [statementId, opening, total, status].join(' '),
    )
    expect(found).toEqual([
      `${october} 0.00 -120.00 CARRIED_FORWARD`,
      `${november} -120.00 0.00 CARRIED_FORWARD`,
      'M-1/E-CN/SOP/CNY/MONTHLY/2025-12-01 -120.00 0.00 OPEN',
      'M-1/E-HK/FBP/CNY/MONTHLY/2025-11-01 0.00 500.00 PAYABLE',
    ])
  })

  test('REALTIME: what is carried waits for the next statement of the key', async () => {
    const cycle = { kind: 'REALTIME', calendar: 'CN' }
    const world = await paying({ minimum: '100.00' }, { cycle })
    await world.send(owed('A-1', '10-15', '60.00'), tick(on('10-16')))
    await world.send(owed('A-2', '10-17', '-10.00'), tick(on('10-18')))
    await world.send(owed('A-3', '10-19', '70.00'), tick(on('10-20')))
    // biome-ignore format: the columns are a table
    expect(await heads(world)).toEqual([
      { opening: '0.00',  total: '60.00',  closing: '60.00', status: 'CARRIED_FORWARD', lineCount: 2 },
      { opening: '60.00', total: '-10.00', closing: '50.00', status: 'CARRIED_FORWARD', lineCount: 3 },
      { opening: '50.00', total: '70.00',  closing: '0.00',  status: 'PAYABLE',         lineCount: 2 },
    ])
    expect(world.instructions()).toMatchObject([{ amount: '120.00' }])
  })

  test('where a CUSTOM cycle ends nothing can be carried: a debt becomes a receivable', async () => {
    const starts = ['2025-10-01', '2025-11-01']
    const world = await paying({}, { cycle: { kind: 'CUSTOM', calendar: 'CN', starts } })
    await world.send(owed('A-1', '10-15', '-120.00'), tick(on('11-02')))
    expect(await heads(world)).toMatchObject([{ status: 'RECEIVABLE', closing: '0.00' }])
  })
})
