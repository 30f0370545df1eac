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

describe('F17, F54: of a statement that is disputed in part', () => {
  const sales = [sold('O-1', '100.00', '2025-10-05'), sold('O-2', '30.00', '2025-10-06')]
  const dispute = (lineIds: readonly string[], disputeId = 'D-1') =>
    said('StatementDisputed', '2025-11-03', {
      disputeId,
      statementId: october,
      lineIds,
      by: 'li.wei',
      reason: 'a parcel is missing',
    })
  const answer = said('DisputeResolved', '2025-11-15', {
    disputeId: 'D-1',
    statementId: october,
    by: 'ops.chen',
    reason: 'it had arrived',
  })
  const paid = (attempt: number, amount: string, day: string) =>
    said('PayoutSucceeded', day, {
      instructionId: `${october}:PAYOUT:${attempt}`,
      statementId: october,
      amount,
      currency: 'CNY',
    })

  test('the rest confirms itself on its day and is paid; the answer frees what was held', async () => {
    const world = await settledBy(
      terms,
      ...sales,
      ...ticks('2025-11-01'),
      dispute([`${october}#2`]),
    )
    await world.send(...ticks('2025-11-08'))
    expect(world.instructions()).toMatchObject([{ amount: '100.00', attempt: 1 }])
    await world.send(paid(1, '100.00', '2025-11-09'), answer)
    expect(world.instructions()).toMatchObject([{}, { amount: '30.00', attempt: 2 }])
    await world.send(paid(2, '30.00', '2025-11-16'))
    expect(await lifeOf(world, '2025-10')).toEqual([
      ...waiting,
      'DISPUTED 2025-11-03',
      'CONFIRMED 2025-11-08',
      'PAYABLE 2025-11-08',
      'DISPUTED 2025-11-09',
      'PAYABLE 2025-11-15',
      'PAID 2025-11-16',
    ])
  })

  test('an answer before the rest is confirmed leaves the clock alone', async () => {
    const early = { ...answer, occurredAt: '2025-11-05T12:00:00.000+08:00' }
    const world = await settledBy(
      terms,
      ...sales,
      ...ticks('2025-11-01'),
      dispute([`${october}#2`]),
      early,
    )
    await world.send(...ticks('2025-11-08'))
    expect(world.instructions()).toMatchObject([{ amount: '130.00' }])
    expect((await lifeOf(world, '2025-10')).at(-1)).toBe('PAYABLE 2025-11-08')
  })

  test.each([
    // disputed lines                      paid on 11-08
    [[`${october}#1`], '30.00'],
    [[`${october}#2`, `${october}#2`], '100.00'],
    [[`${october}#1`, `${october}#2`], null],
  ] as const)('of %j', async (lineIds, amount) => {
    const world = await settledBy(terms, ...sales, ...ticks('2025-11-01'), dispute(lineIds))
    await world.send(...ticks('2025-11-08'))
    expect(world.instructions().map((one) => one.amount)).toEqual(amount === null ? [] : [amount])
  })

  test('two disputes hold back what each of them names', async () => {
    const both = [dispute([`${october}#1`]), dispute([`${october}#2`], 'D-2')]
    const world = await settledBy(terms, ...sales, ...ticks('2025-11-01'), ...both)
    await world.send(...ticks('2025-11-08'), answer)
    expect(world.instructions()).toMatchObject([{ amount: '100.00' }])
  })

  test('a line that the statement does not have is refused', async () => {
    const world = await settledBy(
      terms,
      ...sales,
      ...ticks('2025-11-01'),
      dispute([`${october}#3`]),
    )
    expect(world.rejections()).toMatchObject([{ code: 'LINE_UNKNOWN' }])
  })

  test('hundreds of lines are told apart', async () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      sold(`O-${n + 1}`, `${n + 1}.00`, '2025-10-05'),
    )
    const world = await settledBy(terms, ...many, ...ticks('2025-11-01'))
    await world.send(dispute([`${october}#64`, `${october}#65`, `${october}#200`]))
    await world.send(...ticks('2025-11-08'))
    expect(world.instructions()).toMatchObject([{ amount: `${20_100 - 64 - 65 - 200}.00` }])
  })
})

describe('a hold on lines', () => {
  const sales = [sold('O-1', '100.00', '2025-10-05'), sold('O-2', '30.00', '2025-10-06')]
  const hold = (type: string, day: string) =>
    said(type, day, {
      holdId: 'H-1',
      statementId: october,
      ...(type === 'HoldPlaced' ? { lineIds: [`${october}#1`] } : {}),
      by: 'risk.wu',
      reason: 'under review',
    })

  test('keeps what they come to; the rest is paid, and its release pays them too', async () => {
    const world = await settledBy(terms, ...sales, ...ticks('2025-11-01'))
    await world.send(hold('HoldPlaced', '2025-11-02'), ...ticks('2025-11-08'))
    expect(world.instructions()).toMatchObject([{ amount: '30.00' }])
    await world.send(hold('HoldReleased', '2025-11-10'))
    expect(world.instructions()).toMatchObject([{}, { amount: '100.00', attempt: 2 }])
  })
})
