import { describe, expect, test } from 'vitest'
import {
  adjusted,
  lifeOf,
  said,
  settledBy,
  sold,
  statementOf,
  sumsOf,
  ticks,
} from '../../support/settled-months.ts'
import type { Json } from '../../support/world.ts'

const terms = {
  approval: {
    rules: [
      { item: 'ADJUSTMENT', from: '1000.00', levels: ['OPS'] },
      { item: 'ADJUSTMENT', from: '10000.00', levels: ['OPS', 'FINANCE'] },
    ],
  },
}

function approval(type: string, id: string, level: string, by: string, more: Json = {}): Json {
  return said(type, '2025-10-06', { approvalId: id, adjustmentId: 'A-1', level, by, ...more })
}

const granted = (id: string, level: string, by: string): Json =>
  approval('ApprovalGranted', id, level, by)

async function totalAfter(amount: string, ...events: readonly Json[]): Promise<string> {
  const world = await settledBy(terms, adjusted('A-1', amount, '2025-10-05'), ...events)
  await world.send(...ticks('2025-11-01'))
  return (await sumsOf(world))['2025-10']?.split(' ')[1] ?? 'none'
}

describe('F26, F13: an adjustment waits for the levels that its amount needs', () => {
  // biome-ignore format: the columns are a table
  test.each([
    ['below every rule it needs nobody',      '999.99',    [],                                                                   '999.99'],
    ['from 1,000.00 it waits for OPS',        '1000.00',   [],                                                                   'none'],
    ['and enters when OPS grants it',         '1000.00',   [granted('P-1', 'OPS', 'a')],                                         '1000.00'],
    ['from 10,000.00 OPS alone is too few',   '10000.00',  [granted('P-1', 'OPS', 'a')],                                         'none'],
    ['OPS then FINANCE [derived]',            '10000.00',  [granted('P-1', 'OPS', 'a'), granted('P-2', 'FINANCE', 'b')],         '10000.00'],
    ['a negative one needs as much',          '-10000.00', [granted('P-1', 'OPS', 'a')],                                         'none'],
    ['rejected, it never enters',             '1000.00',   [approval('ApprovalRejected', 'P-1', 'OPS', 'a', { reason: 'no' })],  'none'],
    ['who submitted it cannot approve it',    '1000.00',   [granted('P-1', 'OPS', 'ops.chen')],                                  'none'],
    ['handed on, the other one may',          '1000.00',   [approval('ApprovalDelegated', 'P-0', 'OPS', 'a', { to: 'z' }), granted('P-1', 'OPS', 'z')], '1000.00'],
  ] as const)('%s', async (_what, amount, events, want) => {
    expect(await totalAfter(amount, ...events)).toBe(want)
  })
})

// biome-ignore format: the columns are a table
test.each([
  ['paid',      sold('O-1', '100.00', '2025-10-05'),      'PAYABLE'],
  ['collected', adjusted('A-1', '-100.00', '2025-10-05'), 'RECEIVABLE'],
] as const)('a statement that its only level rejects and then grants is %s', async (_what, cause, want) => {
  const statementId = statementOf('2025-10')
  const word = (type: string, approvalId: string, day: string): Json =>
    said(type, day, { approvalId, statementId, level: 'OPS', by: 'a', reason: 'a reason' })
  const world = await settledBy(
    {
      payout: { termDays: 0, negative: 'COLLECT' },
      approval: { rules: [{ item: 'STATEMENT', from: '0.01', levels: ['OPS'] }] },
    },
    cause,
    ...ticks('2025-11-01'),
    word('ApprovalRejected', 'P-1', '2025-11-02'),
    word('ApprovalGranted', 'P-2', '2025-11-03'),
  )
  expect((await lifeOf(world, '2025-10')).slice(-3)).toEqual([
    'PENDING_APPROVAL 2025-11-01',
    'FINALISED 2025-11-02',
    `${want} 2025-11-03`,
  ])
})
