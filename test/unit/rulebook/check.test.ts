import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dayOf } from '../../../src/domain/calendar/day.ts'
import { checkRuleBook, checkSuccession } from '../../../src/domain/rulebook/check.ts'
import { namedDays } from '../../../src/domain/rulebook/named-days.ts'
import { changed, check, linesOf, soundBook, startOfDay } from './sound-book.ts'

interface PublishedBook {
  readonly name: string
  /** Present when it is refused: texts, or alternatives of which one is named. */
  readonly mentions?: readonly (string | readonly string[])[]
  readonly ruleBook: unknown
}

const published: readonly PublishedBook[] = readFileSync(
  new URL('./published-books.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

const options = { hash: 'sha256:1', startOfDay }
const at = (year: number, month: number, date: number) => startOfDay(dayOf({ year, month, date }))

for (const { name, mentions, ruleBook } of published) {
  test(`the rule book of ${name} is ${mentions ? 'refused' : 'accepted'}`, () => {
    const checked = checkRuleBook(ruleBook, options)
    const lines = linesOf(checked.problems).join('\n')
    if (mentions === undefined) expect(lines).toBe('')
    expect(checked.ruleBook === undefined).toBe(mentions !== undefined)
    for (const mention of mentions ?? []) {
      const wanted = Array.isArray(mention) ? mention : [mention]
      const found = wanted.some((text: string) =>
        text.startsWith('re:') ? new RegExp(text.slice(3)).test(lines) : lines.includes(text),
      )
      expect(found, `${wanted.join(' or ')} in\n${lines}`).toBe(true)
    }
  })
}

test('a sound book is compiled: days are instants, rates fractions, absent fields decided', () => {
  const { problems, ruleBook } = check()
  expect(linesOf(problems)).toEqual([])
  expect(ruleBook).toMatchObject({ ruleBookId: 'rb-1', version: 7, hash: 'sha256:1' })
  expect(ruleBook?.feeTypes.map(({ index, sign }) => [index, sign])).toEqual(
    [1, 1, -1, -1, 0, -1, -1, -1].map((sign, index) => [index, sign]),
  )
  expect(ruleBook?.feeTypeByCode.get('COMMISSION')).toMatchObject({
    grain: 'LINE',
    reverseOnly: false,
    rounding: 'HALF_UP',
    tax: { numerator: 6, denominator: 100 },
  })
  expect(ruleBook?.feeTypeByCode.get('REFUND_ADMIN')?.reverseOnly).toBe(true)
  expect(ruleBook?.feeTypeByCode.get('KEPT')?.reversal).toEqual({
    policy: 'RETAIN_FEE',
    rate: { numerator: 2, denominator: 10 },
    cap: '30.00',
  })
  expect(ruleBook?.schedules[2]).toEqual({
    index: 2,
    scheduleId: 'fs-commission',
    feeType: 'COMMISSION',
    priority: 10,
    match: { keys: ['mode', 'category'], values: [['SOP'], ['digital/*']] },
    versions: [
      {
        validFrom: at(2026, 1, 1),
        validTo: at(2026, 4, 1),
        formula: {
          type: 'SHARE',
          of: 'NET',
          rate: { numerator: 5, denominator: 100 },
          rateText: '0.05',
          min: null,
          max: null,
        },
      },
      {
        validFrom: at(2026, 4, 1),
        validTo: null,
        formula: {
          type: 'SHARE',
          of: 'NET',
          rate: { numerator: 55, denominator: 1000 },
          rateText: '0.055',
          min: '0.10',
          max: '9.00',
        },
      },
    ],
  })
  expect(ruleBook?.schedules[3]?.match).toEqual({ keys: ['guide'], values: [['false']] })
  expect(ruleBook?.calendars.get('CN')).toMatchObject({ zone: 'Asia/Shanghai', weekStart: 6 })
})

test('the terms of a template have every default that the document left out', () => {
  expect(check().ruleBook?.templates[0]).toEqual({
    match: { keys: ['partyId'], values: [['M-*']] },
    validFrom: at(2026, 1, 1),
    validTo: null,
    terms: {
      partyKind: 'MERCHANT',
      mode: 'SOP',
      entity: 'E-CN',
      currency: 'CNY',
      settleableEvent: 'ORDER_COMPLETED',
      plusDays: 7,
      rulePinnedAt: 'ORDER_PAID',
      cycle: { kind: 'MONTHLY', calendar: 'CN', cutoffDay: 1, grace: 21_600_000, starts: [] },
      emptyStatements: 'SKIP',
      refundWaitDays: 30,
      confirmation: null,
      payout: null,
      approval: [],
      notApplied: [],
    },
  })
})

test('what is accepted and not applied is named', () => {
  const sections = ['advance', 'deposit', 'retention', 'lateFee']
  expect(check().ruleBook?.notApplied).toEqual([
    ...sections.map((name) => `contractTemplates[1].contract.${name}`),
    'guidePlans[0].versions[0].holdDays (gp-1)',
  ])
})

const goods = 'schedules.0'
const feeTypeless = changed(soundBook, ['feeTypes.8', { ...soundBook.feeTypes[2], code: 'NONE' }])
const tenderNet = { type: 'TENDER', of: 'NET' }
const forFbp = {
  scheduleId: 'fs-fbp',
  feeType: 'GOODS',
  match: { mode: ['FBP'] },
  versions: [{ validFrom: '2026-01-01', formula: { type: 'TENDER', of: 'BUYER_GOODS' } }],
}

// biome-ignore format: the columns are a table
const accepted: readonly (readonly [why: string, document: unknown])[] = [
  ['a CALCULATED fee type without a schedule',         feeTypeless],
  ['a version 1 without a predecessor',                changed(soundBook, ['version', 1], ['previousHash', null])],
  ['a later version as the first, without a hash',     changed(soundBook, ['previousHash', null])],
  ['no schedules, templates, rebates, plans, fx',      changed(soundBook, ['schedules', undefined], ['contractTemplates', undefined], ['rebates', undefined], ['guidePlans', undefined], ['fx', undefined])],
  ['NET, and a discount that only some orders have',   changed(soundBook, [`${goods}.versions.0.formula`, tenderNet], ['schedules.1.match.channel', ['app']])],
  ['versions in any order',                            changed(soundBook, ['schedules.2.versions', soundBook.schedules[2]?.versions.toReversed()])],
  ['one fee type with a tender a mode',                changed(soundBook, ['schedules.6', forFbp])],
  ['a mode of its own for the goods and the coupon',   changed(soundBook, [`${goods}.match.mode`, ['SOP']], ['schedules.1.match.mode', ['SOP']])],
  ['a prefix of modes for the goods and the coupon',   changed(soundBook, [`${goods}.match.mode`, ['S*']], ['schedules.1.match.mode', ['S*']])],
  ['NET alone',                                        changed(soundBook, [`${goods}.versions.0.formula`, tenderNet], ['schedules.1.versions.0.formula', { type: 'SHARE', of: 'NET', rate: '0' }])],
  ['the same match at another priority',               changed(soundBook, ['schedules.6', { ...soundBook.schedules[2], scheduleId: 'fs-other', priority: 11 }])],
  ['graceHours in quarters of an hour',                changed(soundBook, ['contractTemplates.0.contract.cycle.graceHours', 0.25])],
  ['a rate with nine decimals',                        changed(soundBook, ['schedules.2.versions.0.formula.rate', '0.123456789'])],
  ['a payout that carries or collects as one word',    changed(soundBook, ['contractTemplates.1.contract.payout.negative', 'COLLECT'])],
  ['an amount of whole units in yen, written with .00', changed(soundBook, ['contractTemplates.1.contract.currency', 'JPY'])],
]

for (const [why, document] of accepted) {
  test(`accepted: ${why}`, () => {
    expect(linesOf(checkRuleBook(document, options).problems)).toEqual([])
  })
}

test('versions are compiled in the order of their days', () => {
  const versions = soundBook.schedules[2]?.versions.toReversed()
  const compiled = check(['schedules.2.versions', versions]).ruleBook?.schedules[2]
  expect(compiled?.versions.map(({ validFrom }) => validFrom)).toEqual([
    at(2026, 1, 1),
    at(2026, 4, 1),
  ])
})

test('a zone is refused where a table of zones is at hand and does not have it', () => {
  const { problems } = checkRuleBook(soundBook, { ...options, isZone: () => false })
  expect(problems.map(({ path }) => path)).toEqual(['zone', 'calendars.CN.zone'])
})

test('a day whose instant is not published is refused', () => {
  const { problems } = checkRuleBook(soundBook, { ...options, startOfDay: () => undefined })
  expect(linesOf(problems)[0]).toContain('the instant at which this day starts is not published')
})

for (const document of [null, [], 'rule book', 7]) {
  test(`${JSON.stringify(document)} is no rule book`, () => {
    const { problems } = checkRuleBook(document, options)
    expect(linesOf(problems).join()).toMatch(/^document: must be an object/)
  })
}

// biome-ignore format: the columns are a table
const successions: readonly (readonly [version: number, previousHash: string | null, problems: string[]])[] = [
  [8, 'sha256:7', []],
  [9, 'sha256:7', ['version']],
  [7, 'sha256:7', ['version']],
  [8, 'sha256:6', ['previousHash']],
  [8, null,       ['previousHash']],
  [1, null,       ['version', 'previousHash']],
]

for (const [version, previousHash, paths] of successions) {
  test(`version ${version} on ${previousHash} after version 7: ${paths.join() || 'sound'}`, () => {
    const document = changed(soundBook, ['version', version], ['previousHash', previousHash])
    const problems = checkSuccession(document, { version: 7, hash: 'sha256:7' })
    expect(problems.map(({ path }) => path)).toEqual(paths)
    expect(checkSuccession(document, undefined)).toEqual([])
  })
}

test('the days that need an instant are named once, sorted, without those of calendars', () => {
  expect(namedDays(soundBook)).toEqual(['2026-01-01', '2026-04-01', '2027-01-01'])
  expect(namedDays({ validFrom: '2026-02-30', validTo: 7 })).toEqual([])
})
