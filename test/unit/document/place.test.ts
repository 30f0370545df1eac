import { expect, test } from 'vitest'
import { closest } from '../../../src/domain/document/closest.ts'
import { Place, type Problem } from '../../../src/domain/document/place.ts'

// biome-ignore format: the columns are a table
const words: readonly (readonly [word: string, nearest: string | undefined])[] = [
  ['MOTHLY',       'MONTHLY'],
  ['monthly',      'MONTHLY'],
  ['MNOTHLY',      'MONTHLY'],
  ['DAYLY',        'DAILY'],
  ['FORTNIGHTLY',  undefined],
  ['X',            undefined],
  ['',             undefined],
]

for (const [word, nearest] of words) {
  test(`the word nearest to "${word}" is ${nearest ?? 'none'}`, () => {
    expect(closest(word, ['DAILY', 'WEEKLY', 'MONTHLY'])).toBe(nearest)
  })
}

/** The problems that reading a value leaves. */
function problemsOf(value: unknown, read: (place: Place) => unknown): string[] {
  const problems: Problem[] = []
  const result = read(new Place(value, problems))
  expect(result === undefined, 'undefined exactly with a problem').toBe(problems.length > 0)
  return problems.map(({ path, message }) => `${path}: ${message}`)
}

// biome-ignore format: the columns are a table
const readings: readonly (readonly [value: unknown, read: (place: Place) => unknown, problem: string | undefined])[] = [
  ['0.05',          (place) => place.rate(),          undefined],
  ['12',            (place) => place.rate(),          undefined],
  [0.05,            (place) => place.rate(),          'document: must be text: write it as a string: "0.05"'],
  [1e-7,            (place) => place.rate(),          'document: must be text: write it as a string'],
  ['.5',            (place) => place.rate(),          'document: ".5" is no decimal that fits: write it like "0.05"'],
  ['1e3',           (place) => place.rate(),          'document: "1e3" is no decimal that fits: write it like "0.05"'],
  ['-1',            (place) => place.amount(),        'document: -1 is negative'],
  ['1.0123456789',  (place) => place.amount(),        'document: 1.0123456789 has 10 decimals: at most 9'],
  ['1.01',          (place) => place.portion(),       'document: 1.01 is more than the whole: at most 1'],
  ['1',             (place) => place.portion(),       undefined],
  ['2026-02-29',    (place) => place.day(),           'document: "2026-02-29" is no day: write YYYY-MM-DD'],
  ['2028-02-29',    (place) => place.day(),           undefined],
  [false,           (place) => place.flag(),          undefined],
  [null,            (place) => place.flag(),          'document: must be true or false, not null'],
  [2.5,             (place) => place.integer(0),      'document: 2.5 is no whole number'],
  [0,               (place) => place.integer(0),      undefined],
  [29,              (place) => place.integer(1, 28),  'document: 29 is too large: at most 28'],
  ['',              (place) => place.text(),          'document: must not be empty'],
  [['a'],           (place) => place.text(),          'document: must be text, not a list'],
  ['a b',           (place) => place.id(),            'document: "a b" is no id: use 1 to 64 of A–Z a–z 0–9 . _ : ? -'],
  ['a'.repeat(65),  (place) => place.id(),            `document: "${'a'.repeat(65)}" is no id: use 1 to 64 of A–Z a–z 0–9 . _ : ? -`],
  [[],              (place) => place.list(),          undefined],
  [[],              (place) => place.filledList(),    'document: must not be empty'],
  [[],              (place) => place.fields(),        'document: must be an object, not a list'],
]

for (const [value, read, problem] of readings) {
  test(`${JSON.stringify(value)}: ${problem ?? 'is read'}`, () => {
    expect(problemsOf(value, read)).toEqual(problem === undefined ? [] : [problem])
  })
}

test('unknown keys are refused, also those that every JavaScript object knows', () => {
  const problems: Problem[] = []
  const document: unknown = JSON.parse('{"name":"a","nmae":"b","constructor":1,"__proto__":2}')
  const fields = new Place(document, problems).fields()
  expect(fields?.required('name')?.text()).toBe('a')
  fields?.required('toString')
  fields?.close()
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'toString: is missing',
    'nmae: is not known here: did you mean "name"?',
    'constructor: is not known here: remove it',
    '__proto__: is not known here: remove it',
  ])
})

test('a problem names the things around it by their ids', () => {
  const problems: Problem[] = []
  const plans = new Place([{ id: 'p1', parts: [{ id: 'a' }, { id: 7 }] }], problems).list('id')
  const parts = plans?.[0]?.fields()?.optional('parts')?.list('id')
  for (const part of parts ?? []) part.refuse('is wrong')
  expect(problems.map(({ path }) => path)).toEqual(['[0].parts[0] (p1, a)', '[0].parts[1] (p1)'])
})
