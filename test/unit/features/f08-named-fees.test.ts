import { describe, expect, test } from 'vitest'
import { ruleBookOf } from '../../../src/app/rule-book-file.ts'
import { linesOf, sumOf } from '../../support/billed.ts'
import {
  at,
  bookOf,
  commonFees,
  completed,
  contractOf,
  type FeeOf,
  refunded,
  tick,
} from '../../support/market.ts'
import { modeChanged, submitted } from '../../support/parties.ts'
import { codes, shownStatements } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

// F08, F09: what a refund names of UPSTREAM fees: of the order's own, of freight, of submitted lines.

const upstream = { reversal: { policy: 'UPSTREAM' } }
const delivery: FeeOf = { code: 'DELIVERY_FEE', grain: 'ORDER', source: 'PASSTHROUGH', ...upstream }
const freight = (code: string, mode?: string, more: Json = {}): FeeOf => ({
  code,
  sign: '+',
  grain: 'ORDER',
  posting: 'freight',
  ...upstream,
  formula: { type: 'SHARE', of: 'FREIGHT', rate: '1' },
  ...(mode === undefined ? {} : { match: { mode: [mode] } }),
  ...more,
})

const goods = commonFees[0] as FeeOf

async function opened(
  fees: readonly FeeOf[],
  contract: Json,
  ...events: readonly Json[]
): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf([goods, ...fees], contract) })
  await world.send(...events)
  return world
}

const ofOrder = { orderId: 'O-1', orderCreatedAt: at('20T10:00') }
const delivered = (externalId: string, amount: string, more: Json = {}): Json =>
  submitted(externalId, at('21T00:00'), {
    feeType: 'DELIVERY_FEE',
    amount,
    ...ofOrder,
    ...more,
  })
const naming = (feeType: string, amount: string): Json => ({ fees: [{ feeType, amount }] })
const sevenDays = contractOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 } })

describe('freight means the UPSTREAM fees on FREIGHT that the order was charged', () => {
  const withFreight = completed('O-1', ['100.00'], { order: { freight: '8.00' } })

  // biome-ignore format: the columns are a table
  const cases = [
    // fees                                                     freight  refused                   back
    [[freight('A')],                                            '3.00',  [],                       ['- A REVERSE -3.00']],
    [[freight('A')],                                            '8.00',  [],                       ['- A REVERSE -8.00']],
    [[freight('A')],                                            '8.01',  ['NOT_ALLOWED_IN_STATE'], []],
    [[freight('A', 'SOP'), freight('B', 'FBP')],                '3.00',  [],                       ['- A REVERSE -3.00']],
    [[freight('A'), freight('B')],                              '3.00',  [],                       ['- A REVERSE -3.00', '- B REVERSE -3.00']],
    [[freight('A', 'FBP')],                                     '3.00',  ['NOT_ALLOWED_IN_STATE'], []],
    [[freight('A', 'SOP', { reversal: { policy: 'NONE' } })],   '3.00',  [],                       []],
  ] as const

  test.each(cases)('case %#', async (fees, amount, refused, back) => {
    const refund = refunded('R-1', 'O-1', [[1, '10.00']], { freight: amount })
    const world = await opened(fees, contractOf(), withFreight, refund)

    expect(world.rejections().map(({ code }) => code)).toEqual(refused)
    expect(linesOf(world, 'R-1:refund').slice(1)).toEqual(back)
  })

  test('freight and fees of one refund count together', async () => {
    const refund = { freight: '3.00', ...naming('A', '5.00') }
    const world = await opened(
      [freight('A')],
      contractOf(),
      withFreight,
      refunded('R-1', 'O-1', [], { ...refund, freight: '3.01' }),
      refunded('R-2', 'O-1', [], refund),
    )

    expect(codes(world)).toEqual(['R-1:refund NOT_ALLOWED_IN_STATE'])
    expect(linesOf(world, 'R-2:refund')).toEqual(['- A REVERSE -8.00'])
  })

  test.each(['3.00', '8.00', '9.00'])('named before billing, %s is not billed', async (amount) => {
    const world = await opened(
      [freight('A')],
      sevenDays,
      withFreight,
      refunded('R-1', 'O-1', [], { freight: amount }),
      tick(at('27T10:00')),
    )
    const left = Math.max(8 - Number(amount), 0)

    expect(linesOf(world, 'O-1:completed').slice(1)).toEqual(
      left === 0 ? [] : [`- A FORWARD ${left}.00`],
    )
  })

  test('the freight of lines that are gone falls on those that are left, gifts too', async () => {
    const world = await opened(
      [
        freight('A', undefined, { grain: 'LINE' }),
        { code: 'BOX', formula: { type: 'FIXED', amount: '1.00', per: 'ORDER' } },
      ],
      sevenDays,
      completed('O-1', ['50.00', '0.00'], { order: { freight: '8.00' } }),
      refunded('R-1', 'O-1', [[1, '50.00']]),
      tick(at('27T10:00')),
    )

    expect(linesOf(world, 'O-1:completed')).toEqual(['2 A FORWARD 8.00', '2 BOX FORWARD -1.00'])
  })
})

describe('submitted lines of the order', () => {
  test('are named by what is left of each, largest remainder, and no further', async () => {
    const world = await opened(
      [delivery],
      contractOf(),
      completed('O-1', ['100.00']),
      delivered('X-1', '-6.00'),
      delivered('X-2', '-3.00'),
      delivered('X-3', '-3.00', { orderId: 'O-2' }),
      refunded('R-1', 'O-1', [], naming('DELIVERY_FEE', '4.00')),
      refunded('R-2', 'O-1', [], naming('DELIVERY_FEE', '5.01')),
      refunded('R-3', 'O-1', [], naming('DELIVERY_FEE', '5.00')),
    )

    expect(linesOf(world, 'R-1:refund')).toEqual([
      '- DELIVERY_FEE REVERSE 2.67',
      '- DELIVERY_FEE REVERSE 1.33',
    ])
    expect(linesOf(world, 'R-3:refund')).toEqual([
      '- DELIVERY_FEE REVERSE 3.33',
      '- DELIVERY_FEE REVERSE 1.67',
    ])
    expect(codes(world)).toEqual(['R-2:refund NOT_ALLOWED_IN_STATE'])
  })

  test.each(['100.00', '112.00'])('go back at once before billing, with %s', async (amount) => {
    // The refund is of November, where no statement is yet.
    const world = await opened(
      [delivery],
      sevenDays,
      completed('O-1', ['100.00'], { occurredAt: at('28T10:00') }),
      delivered('X-1', '-6.00'),
      delivered('X-2', '-3.00'),
      refunded('R-1', 'O-1', [[1, amount]], {
        ...naming('DELIVERY_FEE', '9.00'),
        occurredAt: '2025-11-02T00:00:00.000+08:00',
      }),
    )
    const excess = amount === '112.00' ? ['1 COMPENSATION COMPENSATION -12.00'] : []

    expect(linesOf(world, 'R-1:refund')).toEqual([
      ...excess,
      '- DELIVERY_FEE REVERSE 6.00',
      '- DELIVERY_FEE REVERSE 3.00',
    ])
    const november = (await world.statements()).find(({ statementId }) =>
      String(statementId).endsWith('2025-11-01'),
    )
    expect(november).toMatchObject({ lineCount: 2 + excess.length, entryCount: 1 })
    const ids = world.lines().map(({ lineId }) => lineId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('of another mode go back on its statement, in one entry', async () => {
    const world = await opened(
      [delivery],
      contractOf(),
      modeChanged('C-1', 'FBP', at('21T00:00')),
      completed('O-1', ['100.00']),
      delivered('X-1', '-6.00'),
      delivered('X-2', '-3.00'),
      refunded('R-1', 'O-1', [[1, '50.00']], naming('DELIVERY_FEE', '9.00')),
    )

    expect(await shownStatements(world)).toEqual({
      'E-CN/FBP/CNY/MONTHLY/2025-10-01': 'OPEN 0.00',
      'E-CN/SOP/CNY/MONTHLY/2025-10-01': 'OPEN 50.00',
    })
    const fbp = (await world.statements()).find(({ mode }) => mode === 'FBP')
    expect(fbp).toMatchObject({ lineCount: 4, entryCount: 3 })
  })

  test('of a fee type that the order’s own rule book does not know can be named', async () => {
    const first = bookOf([goods])
    const succession = { version: 2, previousHash: ruleBookOf(first).hash }
    const ruleBook = bookOf([goods, delivery], contractOf(), succession)
    const published = {
      type: 'RuleBookPublished',
      eventId: 'rb-2',
      occurredAt: at('20T11:00'),
      ruleBook,
    }
    const world = await openWorld({ ruleBook: first })
    await world.send(
      completed('O-1', ['100.00']),
      published,
      delivered('X-1', '-6.00'),
      refunded('R-1', 'O-1', [[1, '1.00']], naming('DELIVERY_FEE', '2.00')),
      refunded('R-2', 'O-1', [[1, '1.00']], naming('DELIVERY_FEE', '4.01')),
      refunded('R-3', 'O-1', [[1, '1.00']], naming('NOVELTY', '1.00')),
    )

    expect(codes(world)).toEqual(['R-2:refund NOT_ALLOWED_IN_STATE', 'R-3:refund FEE_TYPE_UNKNOWN'])
    expect(sumOf(world, ({ feeType }) => feeType === 'DELIVERY_FEE')).toBe('-4.00')
  })

  test('are counted by SHARE_OF_REVERSED of their fee type', async () => {
    const admin: FeeOf = {
      code: 'ADMIN',
      grain: 'ORDER',
      leg: 'REVERSE_ONLY',
      reversal: { policy: 'NONE' },
      formula: { type: 'SHARE_OF_REVERSED', of: 'DELIVERY_FEE', rate: '0.10' },
    }
    const world = await opened(
      [admin, delivery],
      contractOf(),
      completed('O-1', ['100.00']),
      delivered('X-1', '-6.00'),
      refunded('R-1', 'O-1', [], naming('DELIVERY_FEE', '4.00')),
    )

    expect(linesOf(world, 'R-1:refund')).toEqual([
      '- ADMIN REVERSE -0.40',
      '- DELIVERY_FEE REVERSE 4.00',
    ])
  })
})

describe('a refund that names nothing but fees', () => {
  test('leaves the goods and the fees on them alone', async () => {
    const fees = [
      freight('A'),
      {
        code: 'ANY',
        reversal: { policy: 'FULL_ON_ANY_REFUND' },
        formula: { type: 'FIXED', amount: '1.00', per: 'LINE' },
      },
    ]
    const world = await opened(
      fees,
      contractOf(),
      completed('O-1', ['100.00'], { order: { freight: '8.00' } }),
      refunded('R-1', 'O-1', [], { freight: '8.00' }),
    )

    expect(linesOf(world, 'R-1:refund')).toEqual(['- A REVERSE -8.00'])
  })
})
