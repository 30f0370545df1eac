import { describe, expect, test } from 'vitest'
import { bookOf, contractOf, tick } from '../../support/market.ts'
import { adjusted, entityChanged, modeChanged, signed, terminated } from '../../support/parties.ts'
import { codes } from '../../support/shown.ts'
import { type Json, openWorld } from '../../support/world.ts'

const first = signed('K-1', 1, { validFrom: '2025-10-01' })
const again = (event: Json, overrides: Json = {}): Json => ({
  ...event,
  eventId: `${event.eventId}:again`,
  source: 'another',
  ...overrides,
})

// biome-ignore format: the columns are a table
const facts = [
  // fact                                                                    same key, other content
  ['a contract version', signed('K-1', 1, { validFrom: '2025-10-01' }),        { contract: contractOf({ validFrom: '2025-10-02' }) }],
  ['a contract, by type', signed('K-1', 1, { validFrom: '2025-10-01' }),       { type: 'ContractAmended' }                           ],
  ['a contract, by time', signed('K-1', 1, { validFrom: '2025-10-01' }),       { occurredAt: '2025-09-01T00:00:00.001+08:00' }       ],
  ['a change of mode',   modeChanged('C-1', 'FBP', '2025-10-01'),              { mode: 'POP' }                                       ],
  ['a change of entity', entityChanged('C-1', 'E-2', '2025-10-01'),            { validFrom: '2025-10-02' }                           ],
  ['an adjustment',      adjusted('A-1', '2025-10-20T10:00:00.000+08:00'),     { amount: '5.01' }                                    ],
] as const

describe('F11: the same key and content is a duplicate, other content a conflict', () => {
  for (const [what, event, other] of facts) {
    test(`${what}: again is a duplicate`, async () => {
      const world = await openWorld({ ruleBook: bookOf() })
      await world.send(event)
      const before = world.trace().length
      await world.send(again(event), event)
      expect(world.trace()).toHaveLength(before)
      expect((await world.row()).party).toEqual({
        applied: 1,
        duplicates: 2,
        waiting: 0,
        rejected: 0,
      })
    })

    test(`${what}: other content is DUPLICATE_CONFLICT, told of once`, async () => {
      const world = await openWorld({ ruleBook: bookOf() })
      await world.send(event, again(event, other), again(event, other), again(event))
      expect(codes(world)).toEqual([`${event.eventId}:again DUPLICATE_CONFLICT`])
      expect((await world.row()).party).toEqual({
        applied: 1,
        duplicates: 2,
        waiting: 0,
        rejected: 1,
      })
    })
  }

  test('a day and the instant at which it starts are the same content', async () => {
    const world = await openWorld({ ruleBook: bookOf() })
    await world.send(
      modeChanged('C-1', 'FBP', '2025-10-01'),
      modeChanged('C-1', 'FBP', '2025-09-30T16:00:00Z'),
    )
    expect((await world.row()).party).toMatchObject({ applied: 1, duplicates: 1 })
  })

  test('a key belongs to one party: another one may use it', async () => {
    const world = await openWorld({ ruleBook: bookOf() })
    await world.send(
      adjusted('A-1', '2025-10-20T10:00:00+08:00'),
      adjusted('A-1', '2025-10-20T10:00:00+08:00', { partyId: 'M-2', amount: '7.00' }),
      modeChanged('A-1', 'FBP', '2025-10-01'),
    )
    expect((await world.row()).party).toMatchObject({ applied: 3, duplicates: 0, rejected: 0 })
  })

  test('keys are kept for ever: two years and many ticks later it is still a duplicate', async () => {
    const world = await openWorld({ ruleBook: bookOf() })
    await world.send(first)
    await world.send(tick('2026-01-01T00:00:00Z'), tick('2027-06-01T00:00:00Z'), first)
    expect((await world.row()).party).toMatchObject({ applied: 1, duplicates: 1 })
  })

  test('a contract version cannot be signed and terminated at once', async () => {
    const world = await openWorld({ ruleBook: bookOf() })
    await world.send(first, terminated('K-1', 1, '2025-10-10T00:00:00+08:00'))
    expect(codes(world)).toEqual(['K-1:1:end DUPLICATE_CONFLICT'])
  })

  test('a rejected event leaves no key and is judged anew', async () => {
    const world = await openWorld({ ruleBook: bookOf() })
    const change = { ...modeChanged('C-1', 'FBP', '2025-10-01'), partyId: 'X-1' }
    await world.send(
      change,
      again(change),
      { ...first, partyId: 'X-1' },
      again(change, { mode: 'POP' }),
      change,
    )
    expect(codes(world)).toEqual(['C-1:mode PARTY_UNKNOWN', 'C-1:mode DUPLICATE_CONFLICT'])
    expect((await world.row()).party).toEqual({
      applied: 2,
      duplicates: 1,
      waiting: 0,
      rejected: 2,
    })
  })
})
