import { describe, expect, test } from 'vitest'
import { allFaults } from '../../faults/all-faults.ts'
import { type Fault, planted, titleOf } from '../../faults/fault.ts'
import { exists, readFiles } from '../../support/sources.ts'

// The table of faults cannot rot: it is planted by hand, and checked here in every run.

describe('the table of faults', () => {
  test('names text that its files have exactly once, so that every row can be planted', () => {
    for (const fault of allFaults) {
      const [source] = readFiles([fault.file])
      expect(planted(fault, source?.text ?? '')).not.toBe(source?.text)
    }
  })

  test('names tests that are there and take seconds', () => {
    const wrong = allFaults.filter(({ test: path }) => {
      return !exists(path) || !/^test\/(unit|property|contract|simulation)\//.test(path)
    })
    expect(wrong.map(titleOf)).toEqual([])
  })

  test('names every row once, and a dozen as grave', () => {
    const titles = allFaults.map(titleOf)
    expect(titles.filter((title, place) => titles.indexOf(title) !== place)).toEqual([])
    expect(allFaults.filter(({ grave }) => grave === true).length).toBeGreaterThanOrEqual(12)
  })

  test('has a fault for every feature that works, wholly or in part', () => {
    const [document] = readFiles(['docs/features.md'])
    const working = workingFeatures(document?.text ?? '')
    expect(working.length).toBeGreaterThan(40)
    const tried = new Set(allFaults.map(({ feature }) => feature))
    const untried = working.filter((feature) => !tried.has(feature))
    const remedy = 'add a row to test/faults/tables/ and see its test fail (docs/testing.md)'
    expect(untried, remedy).toEqual([])
  })

  test('names no feature that docs/features.md does not have as working', () => {
    const [document] = readFiles(['docs/features.md'])
    const working = workingFeatures(document?.text ?? '')
    const unknown = allFaults.filter(({ feature }) => !working.includes(feature))
    expect(unknown.map(titleOf)).toEqual([])
  })
})

/** First cells of the rows that say *works* or *in part*; the second where the first is empty. */
function workingFeatures(text: string): string[] {
  const rows = [...text.matchAll(/^\| *(F\d\d)? *\| *([^|]+?) *\| *\*(?:works|in part)\*/gm)]
  return rows.map(([, number, name]) => number ?? (name as string))
}

describe('a row that cannot be planted', () => {
  const row: Fault = { feature: 'F00', name: 'a', file: 'a.ts', find: 'x', replace: 'y', test: '' }

  test.each([
    ['gone', 'abc', '0 times'],
    ['there twice', 'x and x', '2 times'],
  ])('because its text is %s is named', (_why, text, times) => {
    expect(() => planted(row, text)).toThrow(times)
    expect(() => planted(row, text)).toThrow('F00: a')
  })

  test('otherwise exactly its text is replaced, dollars and all', () => {
    expect(planted({ ...row, replace: '$&' }, 'a x b')).toBe('a $& b')
  })
})
