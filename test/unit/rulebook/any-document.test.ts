import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkRuleBook } from '../../../src/domain/rulebook/check.ts'
import { namedDays } from '../../../src/domain/rulebook/named-days.ts'
import { changed, soundBook, startOfDay } from './sound-book.ts'

const options = { hash: 'sha256:1', startOfDay }

/** Every place of a document, by dots. */
function placesOf(value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return [place]
  const inside = Object.entries(value).flatMap(([key, item]) =>
    placesOf(item, place === '' ? key : `${place}.${key}`),
  )
  return place === '' ? inside : [place, ...inside]
}

const places = placesOf(soundBook, '')
const ownValue = fc.constantFrom(
  ...['*', '', '0', '-0', '1e9', '2026-01-01', 'NET', 'TENDER', 'GOODS', 'SOP', '__proto__'],
)
const anyValue = fc.oneof(ownValue, fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined))

// A record of the log is checked by the fold, so no document whatever may throw there.
test('any document is either compiled or refused with a problem, and never throws', () => {
  const judged = fc.property(fc.jsonValue(), (document) => {
    const { problems, ruleBook } = checkRuleBook(document, options)
    expect(ruleBook === undefined).toBe(problems.length > 0)
    namedDays(document)
  })
  fc.assert(judged, { numRuns: 500 })
})

test('a sound book with any one value in place of another never throws', () => {
  const judged = fc.property(fc.constantFrom(...places), anyValue, (place, value) => {
    const { problems, ruleBook } = checkRuleBook(changed(soundBook, [place, value]), options)
    expect(ruleBook === undefined).toBe(problems.length > 0)
  })
  fc.assert(judged, { numRuns: 3_000 })
})

test('a field of the sound book that a number replaces is refused where text stood', () => {
  for (const place of places) {
    const found = place.split('.').reduce<unknown>((value, key) => {
      return (value as Record<string, unknown>)[key]
    }, soundBook)
    if (typeof found !== 'string') continue
    const { problems } = checkRuleBook(changed(soundBook, [place, 7]), options)
    expect(problems.length, place).toBeGreaterThan(0)
  }
})
