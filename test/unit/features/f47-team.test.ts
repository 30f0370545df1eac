import { describe, expect, test } from 'vitest'
import { base, guideBook, guideLines, joined, settled, sold } from '../../support/guides.ts'
import { at, refunded } from '../../support/market.ts'
import type { Json } from '../../support/world.ts'

function override(level: number, rate: string, code = `TEAM_${level}`): Json {
  return { code, formula: { type: 'SHARE_OF_COMPONENT', of: 'BASE', rate, level } }
}

const oneLevel = guideBook({ components: [base, override(1, '0.10')] })
const levels = [override(1, '0.10'), override(2, '0.05'), override(3, '0.02')]
const threeLevels = guideBook({ components: [base, ...levels] })
const since = '2025-01-01'

describe('who gets a share of the 6.00 of G-01', () => {
  const chain = [joined('G-01', 'G-02', since), joined('G-02', 'G-03', since)]
  // biome-ignore format: a table
  const cases: [title: string, book: Json, team: Json[], shares: string[]][] = [
    ['no upline',                    oneLevel,    [],                                            []],
    ['the upline',                   oneLevel,    [joined('G-01', 'G-02', since)],               ['G-02 O-1 TEAM_1 COMMISSION 0.60']],
    ['the plan ends at one level',   oneLevel,    chain,                                         ['G-02 O-1 TEAM_1 COMMISSION 0.60']],
    ['two uplines',                  threeLevels, chain,                                         ['G-02 O-1 TEAM_1 COMMISSION 0.60', 'G-03 O-1 TEAM_2 COMMISSION 0.30']],
    ['three, never a fourth',        threeLevels, [...chain, joined('G-03', 'G-04', since), joined('G-04', 'G-05', since)], ['G-02 O-1 TEAM_1 COMMISSION 0.60', 'G-03 O-1 TEAM_2 COMMISSION 0.30', 'G-04 O-1 TEAM_3 COMMISSION 0.12']],
    ['a cycle ends where it began',  threeLevels, [...chain, joined('G-03', 'G-01', since)],     ['G-02 O-1 TEAM_1 COMMISSION 0.60', 'G-03 O-1 TEAM_2 COMMISSION 0.30']],
    ['a level in between without share', guideBook({ components: [base, override(2, '0.05')] }), chain, ['G-03 O-1 TEAM_2 COMMISSION 0.30']],
    ['who has no contract gets none', threeLevels, [joined('G-01', 'X-02', since)],              []],
    ['who left has no upline',       oneLevel,    [joined('G-01', 'G-02', since), joined('G-01', undefined, '2025-10-20')], []],
    ['a change after the sale',      oneLevel,    [joined('G-01', 'G-02', since), joined('G-01', 'G-03', '2025-10-21')], ['G-02 O-1 TEAM_1 COMMISSION 0.60']],
    ['a change before the sale',     oneLevel,    [joined('G-01', 'G-02', since), joined('G-01', 'G-03', '2025-10-20')], ['G-03 O-1 TEAM_1 COMMISSION 0.60']],
  ]
  test.each(cases)('%s', async (_title, book, team, shares) => {
    const world = await settled(book, [...team, sold('O-1', '200.00')])
    expect(guideLines(world)).toEqual(['G-01 O-1 BASE COMMISSION 6.00', ...shares])
    const open = (await world.statements()).filter(({ status }) => status !== 'FINALISED')
    expect(open).toEqual([])
  })
})

test('a refund takes the shares of all who had one, also after the guide changed teams', async () => {
  const world = await settled(threeLevels, [
    joined('G-01', 'G-02', since),
    joined('G-02', 'G-03', since),
    sold('O-1', '200.00'),
    joined('G-01', 'G-04', '2025-10-21'),
    refunded('R-1', 'O-1', [[1, '100.00']], { occurredAt: at('27T00:00') }),
  ])
  expect(guideLines(world).filter((line) => line.includes('CLAWBACK'))).toEqual([
    'G-01 O-1 BASE CLAWBACK -3.00',
    'G-02 O-1 TEAM_1 CLAWBACK -0.30',
    'G-03 O-1 TEAM_2 CLAWBACK -0.15',
  ])
})

test('nobody is his own upline, and a change is known once', async () => {
  const change = joined('G-01', 'G-02', since)
  const world = await settled(oneLevel, [
    joined('G-05', 'G-05', since),
    change,
    { ...change, eventId: 'again' },
    { ...change, upline: 'G-03' },
    joined('X-01', 'G-02', since),
  ])
  expect(
    world
      .rejections()
      .map(({ code }) => code)
      .sort(),
  ).toEqual(['DUPLICATE_CONFLICT', 'NOT_ALLOWED_IN_STATE', 'PARTY_UNKNOWN'])
})

test('a share that rounds to nothing opens no statement, and a refund takes nothing of it', async () => {
  const world = await settled(oneLevel, [
    joined('G-01', 'G-02', since),
    sold('O-1', '1.00'),
    refunded('R-1', 'O-1', [[1, '1.00']]),
  ])
  expect(guideLines(world)).toEqual([
    'G-01 O-1 BASE COMMISSION 0.03',
    'G-01 O-1 BASE CLAWBACK -0.03',
  ])
  expect((await world.statements()).map(({ partyId }) => partyId)).not.toContain('G-02')
})
