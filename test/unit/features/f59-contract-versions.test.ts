import { describe, expect, test } from 'vitest'
import { bookOf, commonFees, completed, contractOf, tick } from '../../support/market.ts'
import { adjusted, signed, terminated } from '../../support/parties.ts'
import { codes, goodsLines, shownStatements } from '../../support/shown.ts'
import { type Json, openWorld, type World } from '../../support/world.ts'

const local = (text: string): string => `2025-${text}:00.000+08:00`

async function folded(...events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: bookOf() })
  await world.send(...events)
  return world
}

const order = (orderId: string, text: string): Json =>
  completed(orderId, ['100.00'], { occurredAt: local(text), orderCreatedAt: local(text) })
const paid = (orderId: string, created: string, text: string): Json => ({
  type: 'OrderPaid',
  eventId: `${orderId}:paid`,
  occurredAt: local(text),
  partyId: 'M-1',
  orderId,
  orderCreatedAt: local(created),
})
const entities = (world: World): string[] =>
  goodsLines(world).map((line) => `${line.split(' ')[0]} ${line.split(' ')[2]?.split('/')[0]}`)

describe('F59: an order has the contract version that is valid at its pinned event', () => {
  test('changed on 10-15: orders paid before keep the old terms [derived]', async () => {
    const terms = { rulePinnedAt: 'ORDER_PAID', entity: 'E-OLD' }
    const world = await folded(
      signed('K-1', 1, { ...terms, validFrom: '2025-10-01' }),
      signed(
        'K-1',
        2,
        { ...terms, validFrom: '2025-10-15', entity: 'E-NEW' },
        { type: 'ContractAmended' },
      ),
      paid('O-1', '10-20T09:00', '10-14T23:59'),
      paid('O-2', '10-20T09:00', '10-15T00:00'),
      completed('O-1', ['1.00'], {
        occurredAt: local('10-20T10:00'),
        orderCreatedAt: local('10-20T09:00'),
      }),
      completed('O-2', ['1.00'], {
        occurredAt: local('10-20T10:00'),
        orderCreatedAt: local('10-20T09:00'),
      }),
    )
    expect(entities(world)).toEqual(['O-2 E-NEW', 'O-1 E-OLD'])
  })

  test('before the first contract the template applies, from its first instant the contract', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-15', entity: 'E-OWN' }),
      completed('O-1', ['1.00'], { occurredAt: '2025-10-14T23:59:59.999+08:00' }),
      completed('O-2', ['1.00'], { occurredAt: '2025-10-15T00:00:00.000+08:00' }),
    )
    expect(entities(world)).toEqual(['O-1 E-CN', 'O-2 E-OWN'])
  })

  test('after the end of the last contract nothing applies, template or not', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01', validTo: '2025-10-15', entity: 'E-OWN' }),
      completed('O-1', ['1.00'], { occurredAt: '2025-10-14T23:59:59.999+08:00' }),
      completed('O-2', ['1.00'], { occurredAt: '2025-10-15T00:00:00.000+08:00' }),
    )
    expect(entities(world)).toEqual(['O-1 E-OWN'])
    expect(codes(world)).toEqual(['O-2:completed PARTY_UNKNOWN'])
  })

  test('between two versions with a gap nothing applies', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01', validTo: '2025-10-10' }),
      signed('K-1', 2, { validFrom: '2025-10-20', entity: 'E-2' }),
      order('O-1', '10-09T10:00'),
      order('O-2', '10-15T10:00'),
      order('O-3', '10-20T10:00'),
    )
    expect(entities(world)).toEqual(['O-3 E-2', 'O-1 E-CN'])
    expect(codes(world)).toEqual(['O-2:completed PARTY_UNKNOWN'])
  })

  test('a terminated contract ends at the termination', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01' }),
      terminated('K-1', 2, '2025-10-15T12:00:00.000+08:00'),
      completed('O-1', ['1.00'], { occurredAt: '2025-10-15T11:59:59.999+08:00' }),
      completed('O-2', ['1.00'], { occurredAt: '2025-10-15T12:00:00.000+08:00' }),
      adjusted('A-1', local('10-16T00:00')),
    )
    expect(goodsLines(world)).toHaveLength(1)
    expect(codes(world)).toEqual(['O-2:completed PARTY_UNKNOWN', 'A-1:adjustment PARTY_UNKNOWN'])
  })

  test('versions arrive in any order: the later version begins, the earlier ends there', async () => {
    const one = signed('K-1', 1, { validFrom: '2025-10-01', entity: 'E-1' })
    const two = signed('K-1', 2, { validFrom: '2025-10-10', entity: 'E-2' })
    for (const versions of [
      [one, two],
      [two, one],
    ]) {
      const world = await folded(
        ...versions,
        order('O-1', '10-09T10:00'),
        order('O-2', '10-10T00:00'),
      )
      expect(entities(world)).toEqual(['O-1 E-1', 'O-2 E-2'])
    }
  })

  test('a later version that begins earlier replaces the earlier one whole', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-10', entity: 'E-1' }),
      signed('K-1', 2, { validFrom: '2025-10-05', entity: 'E-2' }),
      order('O-1', '10-04T10:00'),
      order('O-2', '10-06T10:00'),
      order('O-3', '10-20T10:00'),
    )
    expect(entities(world)).toEqual(['O-2 E-2', 'O-3 E-2', 'O-1 E-CN'])
  })
})

// biome-ignore format: the columns are a table
const overlaps = [
  // first from, to                 second from, to               overlaps
  ['2025-10-01', null,         '2025-11-01', null,         true ],
  ['2025-10-01', '2025-11-01', '2025-11-01', null,         false],
  ['2025-10-01', '2025-11-02', '2025-11-01', null,         true ],
  ['2025-11-01', null,         '2025-10-01', '2025-11-01', false],
  ['2025-11-01', null,         '2025-10-01', '2025-11-02', true ],
  ['2025-11-01', null,         '2025-10-01', null,         true ],
  ['2025-10-01', '2025-12-01', '2025-10-15', '2025-10-20', true ],
  ['2025-10-15', '2025-10-20', '2025-10-01', '2025-12-01', true ],
] as const

describe('F59: two contracts of one party may not overlap', () => {
  const from = (validFrom: string, validTo: string | null): Json =>
    validTo === null ? { validFrom } : { validFrom, validTo }

  for (const [firstFrom, firstTo, secondFrom, secondTo, overlap] of overlaps) {
    const says = overlap ? 'overlaps' : 'goes with'
    test(`[${secondFrom}, ${secondTo}) ${says} [${firstFrom}, ${firstTo})`, async () => {
      const world = await folded(
        signed('K-1', 1, from(firstFrom, firstTo)),
        signed('K-2', 1, from(secondFrom, secondTo)),
      )
      expect(codes(world)).toEqual(overlap ? ['K-2:1 CONTRACT_OVERLAPS'] : [])
    })
  }

  test('a version that ends where the next one begins leaves room for another contract', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01' }),
      terminated('K-1', 2, local('11-01T00:00')),
      signed('K-2', 1, { validFrom: '2025-11-01', entity: 'E-2' }),
      order('O-1', '11-01T00:00'),
    )
    expect(codes(world)).toEqual([])
    expect(entities(world)).toEqual(['O-1 E-2'])
  })

  test('so does one that arrives after the version that ends it', async () => {
    const world = await folded(
      signed('K-1', 2, { validFrom: '2025-10-10', validTo: '2025-10-20', entity: 'E-1' }),
      signed('K-2', 1, { validFrom: '2025-10-20', entity: 'E-2' }),
      signed('K-1', 1, { validFrom: '2025-10-01', entity: 'E-0' }),
      order('O-1', '10-05T00:00'),
    )
    expect(codes(world)).toEqual([])
    expect(entities(world)).toEqual(['O-1 E-0'])
  })

  test('contracts of two parties do not meet', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01' }),
      signed('K-2', 1, { validFrom: '2025-10-01' }, { partyId: 'M-2' }),
    )
    expect(codes(world)).toEqual([])
  })

  test('a refused contract changes nothing and is judged anew', async () => {
    const second = signed('K-2', 1, { validFrom: '2025-11-01', entity: 'E-2' })
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01' }),
      second,
      terminated('K-1', 2, local('10-31T00:00')),
      second,
      order('O-1', '11-05T00:00'),
    )
    expect(codes(world)).toEqual(['K-2:1 CONTRACT_OVERLAPS'])
    expect(entities(world)).toEqual(['O-1 E-2'])
  })
})

describe('F59: which template applies', () => {
  const template = (values: string[], entity: string, overrides: Json = {}): Json => ({
    match: values.length === 0 ? {} : { partyId: values },
    contract: contractOf({ entity, ...overrides }),
  })

  // biome-ignore format: the columns are a table
  const cases = [
    ['M-1',   'E-EXACT'],
    ['M-12',  'E-M1'   ],
    ['M-2',   'E-M'    ],
    ['G-1',   'E-ALL'  ],
    ['M-',    'E-M'    ],
  ] as const

  for (const [partyId, entity] of cases) {
    test(`the most specific one for ${partyId} is ${entity}`, async () => {
      const contractTemplates = [
        template([], 'E-ALL'),
        template(['M-*'], 'E-M'),
        template(['M-1*', 'Z-*'], 'E-M1'),
        template(['M-1'], 'E-EXACT'),
      ]
      const ruleBook = bookOf(commonFees, contractOf(), { contractTemplates })
      const world = await openWorld({ ruleBook })
      await world.send({ ...order('O-1', '10-20T10:00'), partyId })
      expect(entities(world)).toEqual([`O-1 ${entity}`])
    })
  }

  test('a template that is not valid yet hides no other', async () => {
    const contractTemplates = [
      template(['M-*'], 'E-M'),
      template(['M-1'], 'E-EXACT', { validFrom: '2025-10-20' }),
    ]
    const world = await openWorld({
      ruleBook: bookOf(commonFees, contractOf(), { contractTemplates }),
    })
    await world.send(
      completed('O-1', ['1.00'], { occurredAt: '2025-10-19T23:59:59.999+08:00' }),
      completed('O-2', ['1.00'], { occurredAt: '2025-10-20T00:00:00.000+08:00' }),
    )
    expect(entities(world)).toEqual(['O-2 E-EXACT', 'O-1 E-M'])
  })

  test('with none, every event of the party is PARTY_UNKNOWN', async () => {
    const world = await folded(
      { ...order('O-1', '10-20T10:00'), partyId: 'X-1' },
      { ...adjusted('A-1', local('10-20T10:00')), partyId: 'X-1' },
      tick(local('11-01T00:00')),
    )
    expect(codes(world)).toEqual(['O-1:completed PARTY_UNKNOWN', 'A-1:adjustment PARTY_UNKNOWN'])
    expect(await shownStatements(world)).toEqual({})
  })
})

describe('F59: what a contract event may not say', () => {
  // biome-ignore format: the columns are a table
  const cases = [
    ['a calendar that no rule book has', signed('K-1', 1, { cycle: { kind: 'DAILY', calendar: 'US' } }), 'SCHEMA_INVALID'      ],
    ['an end of what never began',       terminated('K-1', 1, local('10-01T00:00')),                       'NOT_ALLOWED_IN_STATE'],
  ] as const

  for (const [what, event, code] of cases) {
    test(`${what} is ${code}`, async () => {
      expect(codes(await folded(event)).map((text) => text.split(' ')[1])).toEqual([code])
    })
  }

  test('sections that this version does not apply are told of', async () => {
    const world = await folded(
      signed('K-1', 1, { validFrom: '2025-10-01', lateFee: { ratePerDay: '0.0005' } }),
    )
    expect(world.notices()).toMatchObject([
      { kind: 'NOT_APPLIED', facts: [{ name: 'section', value: 'contract.lateFee' }] },
    ])
  })
})
