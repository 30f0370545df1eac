import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { csvTexts } from '../../../../src/app/queries/csv.ts'
import {
  cellsOf,
  guarded,
  lineColumns,
  recordOf,
  statementColumns,
  unguarded,
} from '../../../../src/app/queries/csv-columns.ts'
import { readExport } from '../../../../src/app/verify/read-exports.ts'
import { verifyExports } from '../../../../src/app/verify/verify-exports.ts'
import type { Json } from '../../../support/world.ts'
import { exportedMonth } from '../verify/exported.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

// biome-ignore format: the columns are a table
const guards = [
  // text           cell              why
  ['=1+1',         "'=1+1",          'a formula'],
  ['+49',          "'+49",           'a sign'],
  ['-950/1',       "'-950/1",        'a fraction below zero is no number of a spreadsheet'],
  ['@SUM(A1)',     "'@SUM(A1)",      'an old formula'],
  ['\tx',          "'\tx",           'a tab'],
  ['\rx',          "'\rx",           'a return'],
  ["'=1",          "''=1",           'an apostrophe before a formula, so that it comes back'],
  ["'quoted'",     "'quoted'",       'an apostrophe alone'],
  ['SKU-1',        'SKU-1',          'a sign within'],
  ['文',           '文',             'any other text'],
] as const

describe('the formula guard', () => {
  test.each(guards)('writes %j as %j: %s', (text, cell) => {
    expect(guarded(text)).toBe(cell)
    expect(unguarded(cell)).toBe(text)
  })

  test('gives every text back and leaves none that a spreadsheet would compute', () => {
    const signs = fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '1')
    const texts = fc.oneof(
      fc.string(),
      fc.array(signs).map((parts) => parts.join('')),
    )
    const holds = fc.property(texts, (text) => {
      expect(unguarded(guarded(text))).toBe(text)
      expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/)
    })
    fc.assert(holds, { numRuns: 2_000 })
  })

  test('leaves numbers numbers', () => {
    const line = { amount: '-9.50', taxAmount: '-0.54', basis: { base: '-1.00', rate: '-0.05' } }
    const cells = cellsOf(line, lineColumns).filter((cell) => cell !== undefined)
    expect(cells).toEqual(['-9.50', '-0.54', '-1.00', '-0.05'])
  })
})

async function writeCsv(name: string, records: readonly Json[], columns: typeof lineColumns) {
  const source = (async function* () {
    yield* records
  })()
  let text = ''
  for await (const part of csvTexts(source, columns)) text += `${part}\n`
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('what was written as CSV is read again as it was, and its roots come out', async () => {
  const { lines, statements } = await exportedMonth()
  const files = [
    await writeCsv('lines.csv', lines, lineColumns),
    await writeCsv('statements.csv', statements, statementColumns),
  ]
  const read: Json[] = []
  for await (const { json } of readExport(files[0] as string)) read.push(json)
  expect(read).toEqual(lines)
  const report = await verifyExports(files, undefined)
  expect(report).toMatchObject({ breaks: [], notes: [], lines: lines.length })
})

test('cells with quotes, commas, line ends and formulas come back', async () => {
  const line = { lineId: 'a#1', sku: '=cmd|" ,\r\n\'', feeType: 'a"b', amount: '1.00' }
  const path = await writeCsv('lines.csv', [line], lineColumns)
  const read: Json[] = []
  for await (const { json } of readExport(path)) read.push(json)
  expect(read).toEqual([line])
})

test('columns may stand in any order, but each must be there', async () => {
  const path = join(folder, 'seals.csv')
  writeFileSync(path, 'leaf,entryNo,head,statementId\nab,1,,S\n')
  const read: Json[] = []
  for await (const { json } of readExport(path)) read.push(json)
  expect(read).toEqual([{ leaf: 'ab', entryNo: 1, statementId: 'S' }])
  writeFileSync(path, 'leaf,entryNo,statementId\nab,1,S\n')
  await expect(readExport(path).next()).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining(`${path}:1: `),
  })
})

test('a list that is no JSON names its column', () => {
  const cells = statementColumns.map(({ name }) => (name === 'totals' ? '[' : ''))
  expect(recordOf(cells, statementColumns)).toMatch(/^totals: /)
})
