import { describe, expect, test } from 'vitest'
import { lifeOf, said, settledBy, sold, statementOf, ticks } from '../../support/settled-months.ts'

const terms = {
  confirmation: { required: true, autoConfirmDays: 7 },
  payout: { termDays: 0, negative: 'CARRY_FORWARD' },
}
const october = statementOf('2025-10')
const sale = sold('O-1', '100.00', '2025-10-05')
const opened = ['OPEN 2025-10-01', 'CLOSED 2025-11-01', 'FINALISED 2025-11-01']
const waiting = [...opened, 'PENDING_CONFIRMATION 2025-11-01']

describe('F17: a statement is paid when it is confirmed', () => {
  test('closed on 11-01 it confirms itself on 11-08, however late the tick [derived]', async () => {
    const want = [...waiting, 'CONFIRMED 2025-11-08', 'PAYABLE 2025-11-08']
    for (const days of [
      ['2025-11-01', '2025-11-08'],
      ['2025-11-01', '2025-12-20'],
    ]) {
      const world = await settledBy(terms, sale, ...ticks(...days))
      expect(await lifeOf(world, '2025-10')).toEqual(want)
      expect(world.instructions()).toHaveLength(1)
    }
    const early = await settledBy(terms, sale, ...ticks('2025-11-01', '2025-11-07'))
    expect(await lifeOf(early, '2025-10')).toEqual(waiting)
    expect(early.instructions()).toEqual([])
  })

  test('the party confirms it before, and who did is kept', async () => {
    const confirmed = said('StatementConfirmed', '2025-11-03', {
      confirmationId: 'C-1',
      statementId: october,
      by: 'li.wei',
    })
    const world = await settledBy(terms, sale, ...ticks('2025-11-01'), confirmed)
    await world.send(...ticks('2025-11-20'))
    expect(await lifeOf(world, '2025-10')).toEqual([
      ...waiting,
      'CONFIRMED 2025-11-03',
      'PAYABLE 2025-11-03',
    ])
    const [statement] = (await world.statements()) as { history: { by?: string }[] }[]
    expect(statement?.history.map(({ by }) => by ?? '')).toContain('li.wei')
  })

  test.each([
    // what is said                                   and why it is refused
    ['before it is closed', '2025-10', [], 'NOT_ALLOWED_IN_STATE'],
  ] as const)('%s it cannot be confirmed', async (_what, month, _ticks, code) => {
    const world = await settledBy(
      terms,
      sale,
      said('StatementConfirmed', '2025-10-20', {
        confirmationId: 'C-1',
        statementId: statementOf(month),
        by: 'li.wei',
      }),
    )
    expect(world.rejections()).toMatchObject([{ code }])
  })
})

describe('F54: a dispute', () => {
  const disputed = said('StatementDisputed', '2025-11-03', {
    disputeId: 'D-1',
    statementId: october,
    by: 'li.wei',
    reason: 'two parcels are missing',
  })

  test('stops the clock; warned of after 24 hours, overdue after 72 [given range]', async () => {
    const world = await settledBy(terms, sale, ...ticks('2025-11-01'), disputed)
    await world.send(...ticks('2025-11-20'))
    expect(await lifeOf(world, '2025-10')).toEqual([...waiting, 'DISPUTED 2025-11-03'])
    const told = world.notices().filter(({ kind }) => String(kind).startsWith('DISPUTE'))
    expect(told.map(({ kind, at }) => [kind, at])).toEqual([
      ['DISPUTE_WARNING', '2025-11-04T04:00:00.000Z'],
      ['DISPUTE_OVERDUE', '2025-11-06T04:00:00.000Z'],
    ])
  })

  test('resolved, the statement is confirmed and paid', async () => {
    const resolved = said('DisputeResolved', '2025-11-10', {
      disputeId: 'D-1',
      statementId: october,
      by: 'ops.chen',
      reason: 'they had arrived',
    })
    const world = await settledBy(terms, sale, ...ticks('2025-11-01'), disputed, resolved)
    expect((await lifeOf(world, '2025-10')).at(-1)).toBe('PAYABLE 2025-11-10')
    expect(world.instructions()).toMatchObject([{ amount: '100.00' }])
  })
})
