import { expect, test } from 'vitest'
import {
  bestSchedule,
  bestTemplate,
  chooseSchedule,
  type LineFacts,
  type OrderFacts,
} from '../../../src/domain/rulebook/match.ts'
import type {
  ContractTemplate,
  Match,
  MatchKey,
  Schedule,
} from '../../../src/domain/rulebook/rule-book.ts'

const order: OrderFacts = {
  mode: 'SOP',
  partyId: 'M-100',
  channel: 'app-1',
  tags: ['vip', 'spring-sale'],
  guide: true,
}
const lines: LineFacts = {
  sku: ['SKU-1', 'SKU-2'],
  skuType: [null, 'BULKY'],
  category: ['数码/手机/5G', null],
}

type Keys = Partial<Record<MatchKey, readonly string[]>>

function matchOf(keys: Keys): Match {
  return {
    keys: Object.keys(keys) as MatchKey[],
    values: Object.values(keys) as (readonly string[])[],
  }
}

function schedule(scheduleId: string, keys: Keys, rest: Partial<Schedule> = {}): Schedule {
  const formula = { type: 'FIXED', amount: '1', per: 'ORDER' } as const
  const versions = [{ validFrom: 0, validTo: null, formula }]
  const match = matchOf(keys)
  return { index: 0, scheduleId, feeType: 'FEE', priority: 0, match, versions, ...rest }
}

// biome-ignore format: the columns are a table
const matching: readonly (readonly [keys: Keys, first: boolean, second: boolean, why: string])[] = [
  // keys                                line 0 line 1  why
  [{},                                   true,  true,   'no key matches every order'],
  [{ mode: ['FBP', 'SOP'] },             true,  true,   'or within a key'],
  [{ mode: ['FBP'] },                    false, false,  'another mode'],
  [{ mode: ['SO'] },                     false, false,  'without a * nothing but the whole value'],
  [{ mode: ['SOP*'] },                   true,  true,   'a prefix may be the whole value'],
  [{ mode: ['*'] },                      true,  true,   'the empty prefix matches every value'],
  [{ mode: ['SOP-*'] },                  false, false,  'a prefix longer than the value'],
  [{ category: ['数码/手机/*'] },          true,  false,  'a fact that is absent does not match'],
  [{ category: ['*'] },                  true,  false,  'not even by the empty prefix'],
  [{ skuType: ['BULKY'] },               false, true,   'each line for itself'],
  [{ sku: ['SKU-2'] },                   false, true,   'sku'],
  [{ tag: ['spring-*'] },                true,  true,   'any tag of the order'],
  [{ tag: ['winter-*'] },                false, false,  'none of the tags'],
  [{ guide: ['true'] },                  true,  true,   'a guide sold it'],
  [{ guide: ['false'] },                 false, false,  'a guide sold it, so false does not match'],
  [{ channel: ['app-1'] },               true,  true,   'channel'],
  [{ partyId: ['M-*'], mode: ['FBP'] },  false, false,  'and across keys'],
  [{ partyId: ['M-*'], mode: ['SOP'] },  true,  true,   'both keys'],
]

for (const [keys, first, second, why] of matching) {
  test(`${JSON.stringify(keys)}: ${why}`, () => {
    const only = [schedule('fs', keys)]
    expect(bestSchedule(only, order, lines, 0, 0) !== undefined).toBe(first)
    expect(bestSchedule(only, order, lines, 0, 1) !== undefined).toBe(second)
  })
}

const later = { versions: [{ ...schedule('', {}).versions[0]!, validFrom: 5 }] }
const ended = { versions: [{ ...schedule('', {}).versions[0]!, validTo: 10 }] }

// biome-ignore format: the columns are a table
const choices: readonly (readonly [why: string, winner: Schedule, loser: Schedule])[] = [
  ['more keys before a longer value',          schedule('b', { mode: ['S*'], guide: ['true'] }),      schedule('a', { sku: ['SKU-1'] })],
  ['more keys before a higher priority',       schedule('b', { mode: ['*'] }),                        schedule('a', {}, { priority: 9 })],
  ['the longer value',                         schedule('b', { category: ['数码/手机/*'] }),            schedule('a', { category: ['数码/*'] })],
  ['the longest value that matched counts',    schedule('b', { mode: ['SOP'] }),                      schedule('a', { mode: ['S*', 'FBP-long-name'] })],
  ['the longest of several that matched',      schedule('b', { tag: ['vip', 'spring-sale'] }),        schedule('a', { tag: ['spring-*'] })],
  ['the longest over all keys',                schedule('b', { mode: ['S*'], partyId: ['M-100'] }),   schedule('a', { mode: ['SOP'], partyId: ['M-1*'] })],
  ['the longest, whichever key comes first',   schedule('b', { partyId: ['M-100'], mode: ['S*'] }),   schedule('a', { partyId: ['M-1*'], mode: ['SOP'] })],
  ['a longer prefix before a shorter exact',   schedule('b', { partyId: ['M-10*'] }),                 schedule('a', { mode: ['SOP'] })],
  ['exact before a prefix of equal length',    schedule('b', { mode: ['SOP'] }),                      schedule('a', { mode: ['SOP*'] }, { priority: 9 })],
  ['the higher priority',                      schedule('b', { mode: ['SOP'] }, { priority: 1 }),     schedule('a', { mode: ['SOP'] })],
  ['the lower scheduleId',                     schedule('a', { mode: ['SOP'] }),                      schedule('b', { mode: ['SOP'] })],
  ['upper case before lower case, as bytes',   schedule('Z', {}),                                     schedule('a', {})],
  ['one that has not begun hides nothing',     schedule('b', {}),                                     schedule('a', { mode: ['SOP'] }, later)],
]

for (const [why, winner, loser] of choices) {
  test(`of two schedules: ${why}`, () => {
    expect(bestSchedule([winner, loser], order, lines, 0)).toBe(winner)
    expect(bestSchedule([loser, winner], order, lines, 0)).toBe(winner)
  })
}

test('a schedule of the whole order knows no line', () => {
  expect(bestSchedule([schedule('fs', { sku: ['*'] })], order, null, 0)).toBeUndefined()
  expect(bestSchedule([schedule('fs', { mode: ['SOP'] })], order, null, 0)).toBeDefined()
})

test('a version is valid from its first instant and no longer at its end', () => {
  const versions = [...ended.versions, { ...ended.versions[0]!, validFrom: 10, validTo: 20 }]
  const fs = schedule('fs', {}, { versions })
  const at = (instant: number) => chooseSchedule([fs], order, lines, instant)?.version
  expect([-1, 0, 9, 10, 19, 20].map(at)).toEqual([undefined, 0, 0, 1, 1, undefined])
})

function template(keys: Keys, validFrom = 0, validTo: number | null = null): ContractTemplate {
  return { match: matchOf(keys), validFrom, validTo } as ContractTemplate
}

// biome-ignore format: the columns are a table
const templates: readonly (readonly [partyId: string, place: number, why: string])[] = [
  ['X-1',   0,  'the one for every party'],
  ['M-1',   1,  'the prefix'],
  ['M-10',  2,  'the longer prefix'],
  ['M-100', 3,  'the exact id'],
  ['G-1',   0,  'one that has ended is no candidate'],
  ['T-1',   5,  'one of two equals: the first in the book'],
]

for (const [partyId, place, why] of templates) {
  test(`the template of ${partyId} is ${why}`, () => {
    const all = [
      template({}),
      template({ partyId: ['M-*'] }),
      template({ partyId: ['M-10*'] }),
      template({ partyId: ['M-100'] }),
      template({ partyId: ['G-*'] }, 0, 100),
      template({ partyId: ['T-*'] }),
      template({ partyId: ['T-*'] }),
    ]
    expect(bestTemplate(all, partyId, 100)).toBe(all[place])
  })
}

test('without a template that matches there is none', () => {
  expect(bestTemplate([template({ partyId: ['G-*'] })], 'M-1', 0)).toBeUndefined()
  expect(bestTemplate([template({}, 5)], 'M-1', 4)).toBeUndefined()
})
