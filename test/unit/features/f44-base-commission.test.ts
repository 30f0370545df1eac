import { expect, test } from 'vitest'
import { discount } from '../../support/billed.ts'
import {
  guideBook,
  guideLines,
  november,
  october,
  settled,
  share,
  sold,
} from '../../support/guides.ts'
import { at, tick } from '../../support/market.ts'
import { type Json, openWorld } from '../../support/world.ts'

// biome-ignore format: a table
const cases: [title: string, component: Json, order: Json, amount: string | undefined][] = [
  ['3 % of 200.00',                   share('BASE', '0.03'),                   sold('O-1', '200.00'), '6.00'],
  ['half a cent is rounded up',       share('BASE', '0.03'),                   sold('O-1', '25.50'),  '0.77'],
  ['what comes to nothing: no line',  share('BASE', '0.03'),                   sold('O-1', '0.10'),   undefined],
  ['NET: less what merchants fund',   share('BASE', '0.03'),                   sold('O-1', '200.00', { order: { discounts: [discount('MERCHANT', '50.00')] } }), '4.50'],
  ['NET: not what the platform funds', share('BASE', '0.03'),                  sold('O-1', '200.00', { order: { discounts: [discount('PLATFORM', '50.00')] } }), '6.00'],
  ['at least',                        share('BASE', '0.03', { min: '7.00' }),  sold('O-1', '200.00'), '7.00'],
  ['at most',                         share('BASE', '0.03', { max: '5.00' }),  sold('O-1', '200.00'), '5.00'],
  ['another base of the order',       share('BASE', '0.03', { of: 'BUYER_GOODS' }), sold('O-1', '200.00', { order: { discounts: [discount('PLATFORM', '50.00')] } }), '4.50'],
]
test.each(cases)('%s', async (_title, component, order, amount) => {
  const world = await settled(guideBook({ components: [component] }), [order])
  const expected = amount === undefined ? [] : [`G-01 O-1 BASE COMMISSION ${amount}`]
  expect(guideLines(world)).toEqual(expected)
})

test('a line names the order, the event that completed it, the plan and its basis', async () => {
  const world = await settled(guideBook({}), [sold('O-1', '25.50')])
  expect(world.lines().find(({ partyId }) => partyId === 'G-01')).toEqual({
    lineId: `${october}#1`,
    statementId: october,
    seq: 1,
    entryNo: 1,
    eventId: 'O-1:completed',
    partyId: 'G-01',
    orderId: 'O-1',
    feeType: 'BASE',
    leg: 'COMMISSION',
    amount: '0.77',
    currency: 'CNY',
    basis: { of: 'NET', base: '25.50', rate: '0.03', exact: '153/2' },
    ruleId: 'gp-1',
    ruleBookVersion: 1,
    occurredAt: '2025-10-20T02:00:00.000Z',
  })
})

test('the credit has the settleable instant of the merchant, whatever the guide agreed', async () => {
  const waits = (plusDays: number) => ({
    settleableWhen: { event: 'ORDER_COMPLETED', plusDays },
  })
  const book = guideBook({}, { merchant: waits(7), guide: waits(20) })
  const world = await openWorld({ ruleBook: book })
  await world.send(sold('O-1', '200.00'), tick(at('26T00:00')))
  expect(guideLines(world)).toEqual([])
  await world.send(tick(at('28T00:00')))
  const [line] = world.lines().filter(({ partyId }) => partyId === 'G-01')
  expect(line).toMatchObject({ amount: '6.00', occurredAt: '2025-10-27T02:00:00.000Z' })
})

test('a guide closes by the marks of the same tick, dated as ever', async () => {
  const world = await settled(guideBook({}), [sold('O-1', '200.00')])
  const statement = (await world.statements()).find(({ partyId }) => partyId === 'G-01')
  expect(statement).toMatchObject({
    statementId: october,
    status: 'FINALISED',
    total: '6.00',
    number: 1,
    partyKind: 'GUIDE',
    closedAt: '2025-10-31T16:00:00.000Z',
  })
})

test('an order billed by the closing tick itself is on the statement that the tick closes', async () => {
  const book = guideBook(
    {},
    { merchant: { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } } },
  )
  const world = await settled(book, [
    sold('O-1', '200.00', { occurredAt: at('24T23:00'), orderCreatedAt: at('24T23:00') }),
  ])
  const statement = (await world.statements()).find(({ partyId }) => partyId === 'G-01')
  expect(statement).toMatchObject({ statementId: october, total: '6.00', status: 'FINALISED' })
})

test('a guide without a plan or a contract is not credited, and that is no rejection', async () => {
  const world = await settled(guideBook({}), [
    sold('O-1', '200.00', { order: { guideId: 'X-01' } }),
    sold('O-2', '200.00', { order: { guideId: 'M-2' } }),
  ])
  expect(world.lines().filter(({ leg }) => leg === 'COMMISSION')).toEqual([])
  expect(world.rejections()).toEqual([])
})

test('a guide settled in another currency is told of, not credited', async () => {
  const world = await settled(guideBook({}, { guide: { currency: 'JPY' } }), [
    sold('O-1', '200.00'),
  ])
  expect(guideLines(world)).toEqual([])
  expect(world.notices().map(({ kind, partyId }) => [kind, partyId])).toEqual([
    ['GUIDE_NOT_CREDITED', 'G-01'],
  ])
})

test('loopback records are in no count of records', async () => {
  const world = await settled(guideBook({}), [sold('O-1', '200.00')])
  const { party, broadcast, clock } = await world.row()
  expect([party.applied, broadcast.applied]).toEqual([1, 3])
  expect(clock).toBe(Date.parse(november))
})
