import { describe, expect, test } from 'vitest'
import {
  base,
  guideBook,
  guideLines,
  november,
  october,
  settled,
  sold,
} from '../../support/guides.ts'
import { at, refunded, tick } from '../../support/market.ts'
import { type Json, openWorld } from '../../support/world.ts'

const refund = (id: string, amount: string, more: Json = {}) =>
  refunded(id, 'O-1', [[1, amount]], more)
const policy = (name: string, more: Json = {}) => guideBook({ clawback: { policy: name, ...more } })
const byReason = policy('PROPORTIONAL', { byReason: { QUALITY: 'MERCHANT_BEARS', FRAUD: 'FULL' } })
const window = policy('PROPORTIONAL', { windowDays: 5 })

describe('what goes back of the 6.00 of an order of 200.00', () => {
  // biome-ignore format: a table
  const cases: [title: string, book: Json, refunds: Json[], clawed: string[]][] = [
    ['in proportion',                  policy('PROPORTIONAL'),        [refund('R-1', '50.00')],                                ['-1.50']],
    ['cumulatively, rounded once',     policy('PROPORTIONAL'),        [refund('R-1', '66.50'), refund('R-2', '66.50'), refund('R-3', '67.00')], ['-2.00', '-1.99', '-2.01']],
    ['never more than there is',       policy('PROPORTIONAL'),        [refund('R-1', '250.00')],                               ['-6.00']],
    ['a cent of a refund: no line',    policy('PROPORTIONAL'),        [refund('R-1', '0.10')],                                 []],
    ['nothing by policy',              policy('NONE'),                [refund('R-1', '200.00')],                               []],
    ['all, with the last refund',      policy('FULL_ON_FULL_REFUND'), [refund('R-1', '50.00'), refund('R-2', '150.00')],       ['-6.00']],
    ['all, with the first one',        policy('FULL_ON_ANY_REFUND'),  [refund('R-1', '0.10'), refund('R-2', '150.00')],        ['-6.00']],
    ['the merchant bears it',          byReason,                      [refund('R-1', '50.00', { reason: 'QUALITY' })],         []],
    ['borne refunds do not count on',  byReason,                      [refund('R-1', '50.00', { reason: 'QUALITY' }), refund('R-2', '50.00')], ['-1.50']],
    ['all, for its reason',            byReason,                      [refund('R-1', '50.00'), refund('R-2', '50.00', { reason: 'FRAUD' })],   ['-1.50', '-4.50']],
    ['another reason: the policy',     byReason,                      [refund('R-1', '50.00', { reason: 'SIZE' })],            ['-1.50']],
    ['the last instant of the window', window,                        [refund('R-1', '50.00', { occurredAt: at('25T10:00') })], ['-1.50']],
    ['after the window',               window,                        [refund('R-1', '50.00', { occurredAt: '2025-10-25T10:00:00.001+08:00' })], []],
    ['only what is inside it counts',  window,                        [refund('R-1', '50.00', { occurredAt: at('26T10:00') }), refund('R-2', '50.00', { occurredAt: at('24T10:00') })], ['-1.50']],
  ]
  test.each(cases)('%s', async (_title, book, refunds, clawed) => {
    const world = await settled(book, [sold('O-1', '200.00'), ...refunds])
    const lines = guideLines(world).filter((line) => line.includes('CLAWBACK'))
    expect(lines).toEqual(clawed.map((amount) => `G-01 O-1 BASE CLAWBACK ${amount}`))
  })
})

test('49.00 at 30 % is 14.70; refunded after the payout, −14.70 is a line of the next one', async () => {
  const book = guideBook({
    components: [{ code: 'BASE', formula: { type: 'SHARE', of: 'NET', rate: '0.30' } }],
    clawback: { policy: 'PROPORTIONAL' },
  })
  const world = await openWorld({ ruleBook: book })
  const late = { occurredAt: at('31T10:00') }
  await world.send(sold('O-1', '49.00'), tick(november), refund('R-1', '49.00', late))
  const lines = world.lines().filter(({ partyId }) => partyId === 'G-01')
  expect(lines.map(({ amount }) => amount)).toEqual(['14.70', '-14.70'])
  expect(lines[1]).toMatchObject({
    statementId: 'G-01/E-CN/CPS/CNY/MONTHLY/2025-11-01',
    originLineId: `${october}#1`,
    originPeriod: '2025-10-01',
    eventId: 'R-1:refund',
    occurredAt: '2025-10-31T02:00:00.000Z',
    basis: { of: 'NET', base: '49.00', exact: '-1470/1' },
  })
})

test('every component goes back by itself, and a refund before billing only lessens NET', async () => {
  const fixed = { code: 'FIXED', formula: { type: 'FIXED', amount: '1.00', per: 'ORDER' } }
  const waits = { settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 3 } }
  const book = guideBook({ components: [base, fixed] }, { merchant: waits })
  const world = await openWorld({ ruleBook: book })
  await world.send(
    sold('O-1', '200.00'),
    refund('R-1', '50.00'),
    tick(at('24T00:00')),
    refund('R-2', '75.00', { occurredAt: at('25T00:00') }),
  )
  expect(guideLines(world)).toEqual([
    'G-01 O-1 BASE COMMISSION 4.50',
    'G-01 O-1 FIXED COMMISSION 1.00',
    'G-01 O-1 BASE CLAWBACK -2.25',
    'G-01 O-1 FIXED CLAWBACK -0.50',
  ])
})
