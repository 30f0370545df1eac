import { describe, expect, test } from 'vitest'
import { feesOf, linesOf, sumOf } from '../../support/billed.ts'
import { chargebackClosed as closed, chargebackOpened as opened } from '../../support/disputed.ts'
import { at, bookOf, completed, contractOf, tick } from '../../support/market.ts'
import { modeChanged } from '../../support/parties.ts'
import { type Json, openWorld } from '../../support/world.ts'

// A buyer's bank takes the payment back: the amount and a fee are adjustments of the party; a case
// that is won gives the amount back and never the fee.

const november = '2025-11-01T00:00:00.000+08:00'
const december = '2025-12-01T00:00:00.000+08:00'

const world = () => openWorld({ ruleBook: bookOf() })

describe('what a case costs the party', () => {
  // biome-ignore format: a table
  const cases: [title: string, events: Json[], charged: string, net: string][] = [
    ['opened',                 [opened('CB')],                                          '-100.00', '-20.00'],
    ['lost',                   [opened('CB'), closed('CB', 'LOST')],                    '-100.00', '-20.00'],
    ['won',                    [opened('CB'), closed('CB', 'WON')],                     '0.00',    '80.00'],
    ['won in part',            [opened('CB'), closed('CB', 'WON', { amount: '40.00' })], '-60.00',  '20.00'],
    ['won, no amount said',    [opened('CB'), without(closed('CB', 'WON'), 'amount')],  '0.00',    '80.00'],
    ['two cases of one order', [opened('CA'), opened('CB'), closed('CB', 'WON')],       '-100.00', '-35.00'],
  ]
  test.each(cases)('%s', async (_title, events, charged, net) => {
    const market = await world()
    await market.send(completed('O-1', ['100.00']), ...events, tick(november))
    expect(market.rejections()).toEqual([])
    expect(sumOf(market, ({ feeType }) => feeType === 'CHARGEBACK')).toBe(charged)
    const [statement] = await market.statements()
    expect(statement?.total).toBe(net)
  })
})

test('the opening is an entry of two adjustments on the order, and a win points at the first', async () => {
  const market = await world()
  await market.send(completed('O-1', ['100.00']), opened('CB'), closed('CB', 'WON'))
  expect(linesOf(market, 'CB:opened')).toEqual([
    '- CHARGEBACK ADJUSTMENT -100.00',
    '- CHARGEBACK_FEE ADJUSTMENT -15.00',
  ])
  const taken = market.lines().find(({ feeType }) => feeType === 'CHARGEBACK')
  const back = market.lines().find(({ eventId }) => eventId === 'CB:closed')
  expect(taken).toMatchObject({ orderId: 'O-1', occurredAt: '2025-10-24T16:00:00.000Z' })
  expect(back).toMatchObject({ amount: '100.00', leg: 'ADJUSTMENT', originLineId: taken?.lineId })
})

test('a case stays on the mode of its order, and after its period is closed it is late', async () => {
  const market = await world()
  await market.send(
    completed('O-1', ['100.00']),
    modeChanged('C-1', 'FBP', november),
    tick(november),
    opened('CB', { occurredAt: at('30T00:00') }),
    tick(december),
    closed('CB', 'WON', { occurredAt: '2025-12-02T00:00:00.000+08:00' }),
  )
  expect(market.lines().find(({ feeType }) => feeType === 'CHARGEBACK')).toMatchObject({
    statementId: 'M-1/E-CN/SOP/CNY/MONTHLY/2025-11-01',
    originPeriod: '2025-10-01',
    lateReason: 'PERIOD_CLOSED',
  })
  expect(market.lines().find(({ eventId }) => eventId === 'CB:closed')?.statementId).toBe(
    'M-1/E-CN/SOP/CNY/MONTHLY/2025-12-01',
  )
})

test('an order that is not billed yet has its case on the statement of its terms', async () => {
  const waits = { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } }
  const market = await openWorld({ ruleBook: bookOf(undefined, contractOf(waits)) })
  await market.send(completed('O-1', ['100.00']), opened('CB'))
  expect(feesOf(market)).toEqual(['CHARGEBACK -100.00', 'CHARGEBACK_FEE -15.00'])
})

test('a REALTIME case has a statement of its own, named by its key', async () => {
  const cycle = { cycle: { kind: 'REALTIME', calendar: 'CN', graceHours: 0 } }
  const market = await openWorld({ ruleBook: bookOf(undefined, contractOf(cycle)) })
  await market.send(completed('O-1', ['100.00']), opened('CB'), closed('CB', 'WON'))
  const ids = (await market.statements()).map(({ statementId }) => statementId)
  expect(ids).toEqual([
    'M-1/E-CN/SOP/CNY/REALTIME/CB:ChargebackClosed',
    'M-1/E-CN/SOP/CNY/REALTIME/CB:ChargebackOpened',
    'M-1/E-CN/SOP/CNY/REALTIME/O-1',
  ])
})

describe('what is no case', () => {
  // biome-ignore format: a table
  const cases: [title: string, events: Json[], code: string][] = [
    ['of an unknown order',       [opened('CB', { orderId: 'O-9' })],                               'ORDER_UNKNOWN'],
    ['of another creation',       [opened('CB', { orderCreatedAt: at('20T11:00') })],               'ORDER_UNKNOWN'],
    ['of a cancelled order',      [opened('CB', { orderId: 'O-2' })],                               'ORDER_CANCELLED'],
    ['closed, never opened',      [closed('CB', 'WON')],                                            'NOT_ALLOWED_IN_STATE'],
    ['more than was taken',       [opened('CB'), closed('CB', 'WON', { amount: '100.01' })],        'NOT_ALLOWED_IN_STATE'],
    ['closed for another order',  [opened('CB'), closed('CB', 'WON', { orderId: 'O-3' })],          'NOT_ALLOWED_IN_STATE'],
    ['too many decimals',         [opened('CB', { amount: '1.001' })],                              'OUT_OF_RANGE'],
    ['too many decimals of fee',  [opened('CB', { fee: '1.001' })],                                 'OUT_OF_RANGE'],
    ['the same key otherwise',    [opened('CB'), opened('CB', { fee: '16.00' })],                   'DUPLICATE_CONFLICT'],
    ['the same end otherwise',    [opened('CB'), closed('CB', 'WON'), closed('CB', 'LOST')],        'DUPLICATE_CONFLICT'],
  ]
  test.each(cases)('%s', async (_title, events, code) => {
    const market = await world()
    const cancelled = { ...completed('O-2', ['10.00']), type: 'OrderCancelled' }
    await market.send(completed('O-1', ['100.00']), cancelled)
    await market.send(...events.slice(0, -1))
    const before = market.lines()
    await market.send(...events.slice(-1))
    expect(market.rejections().map((rejection) => rejection.code)).toEqual([code])
    expect(market.lines()).toEqual(before)
  })
})

test('a case that comes again is a duplicate, whatever its event id', async () => {
  const market = await world()
  await market.send(completed('O-1', ['100.00']), opened('CB'), closed('CB', 'WON'))
  const before = market.lines()
  await market.send(
    opened('CB', { eventId: 'again', amount: '100.0' }),
    closed('CB', 'WON', { eventId: 'and-again' }),
  )
  expect(market.lines()).toEqual(before)
  expect((await market.row()).party.duplicates).toBe(2)
})

test('the case of no amount but a fee charges the fee, and has nothing to give back', async () => {
  const market = await world()
  await market.send(completed('O-1', ['100.00']), opened('CB', { amount: '0.00' }))
  await market.send(closed('CB', 'WON', { amount: '0' }))
  expect(market.rejections()).toEqual([])
  expect(feesOf(market).slice(-1)).toEqual(['CHARGEBACK_FEE -15.00'])
})

function without(event: Json, field: string): Json {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== field))
}
