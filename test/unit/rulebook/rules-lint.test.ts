import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lintRuleBook, registerRules } from '../../../src/app/commands/rules.ts'
import { findSyntaxFault } from '../../../src/app/json-syntax.ts'
import { daysOf, readRuleBookFile } from '../../../src/app/rule-book-file.ts'
import { changed, soundBook } from './sound-book.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-lint-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: string): string {
  const path = join(folder, 'rulebook.json')
  writeFileSync(path, content)
  return path
}

test('a sound rule book is summed up, with what is not applied, and the exit code is 0', async () => {
  const path = fileOf(JSON.stringify(soundBook))
  const { exitCode, lines } = await lintRuleBook(path)
  expect(exitCode).toBe(0)
  expect(lines.slice(0, 8)).toEqual([
    `${path}: sound`,
    'rule book   rb-1 version 7, days in Asia/Shanghai',
    `hash        ${readRuleBookFile(path).hash}`,
    'fee types   8',
    'schedules   6',
    'templates   2',
    'rebates     5',
    'not applied in this version: contractTemplates[1].contract.advance',
  ])
})

test('every problem is a line with file and place, and the exit code is 3', async () => {
  const document = changed(soundBook, ['zone', 'Mars/Olympus'], ['schedules.1.feeType', 'COUPN'])
  const path = fileOf(JSON.stringify(document))
  expect(await lintRuleBook(path)).toEqual({
    exitCode: 3,
    lines: [
      `${path}: zone: "Mars/Olympus" is no time zone: write its IANA name, like "Asia/Shanghai"`,
      `${path}: schedules[1].feeType (fs-coupon): "COUPN" is no fee type: did you mean "COUPON"?`,
    ],
  })
})

// biome-ignore format: the columns are a table
const unreadable: readonly (readonly [content: string, problem: string])[] = [
  ['{\n  "version": 7,\n}',  ':3:1: is no JSON from here on, at "}"'],
  ['',                       ':1:1: is no JSON from here on, where the line ends'],
  ['{"version": 1e999}',     ': holds a number that is too large, or is nested too deeply'],
]

for (const [content, problem] of unreadable) {
  test(`${JSON.stringify(content)} exits with 3: ${problem}`, async () => {
    const path = fileOf(content)
    expect(await lintRuleBook(path)).toEqual({ exitCode: 3, lines: [`${path}${problem}`] })
  })
}

test('a file that is not there exits with 6, a folder with 3', async () => {
  const absent = join(folder, 'absent.json')
  expect(await lintRuleBook(absent)).toEqual({
    exitCode: 6,
    lines: [`${absent}: there is no such file`],
  })
  expect(await lintRuleBook(folder)).toEqual({
    exitCode: 3,
    lines: [`${folder}: is a folder, not a file`],
  })
})

// biome-ignore format: the columns are a table
const faults: readonly (readonly [source: string, line: number, column: number])[] = [
  ['{"a":1,}',              1, 8],
  ['{"a" 1}',               1, 6],
  ['{a:1}',                 1, 2],
  ['[1,2',                  1, 5],
  ['[1,\n 2,,3]',           2, 4],
  ['{"a":[{"b":tru}]}',     1, 12],
  ['"a\nb"',                1, 3],
  ['"a\\x"',                1, 3],
  ['{"货":"款",}',           1, 10],
  ['[] []',                 1, 4],
  ['01',                    1, 2],
  ["{'a':1}",               1, 2],
  ['// note\n{}',           1, 1],
  ['{"a":{},"b":[],"c":}',  1, 20],
]

for (const [source, line, column] of faults) {
  test(`${JSON.stringify(source)} stops being JSON at ${line}:${column}`, () => {
    expect(() => JSON.parse(source)).toThrow()
    expect(findSyntaxFault(source)).toEqual({ line, column })
  })
}

test('the hash does not depend on order, space or a byte order mark', () => {
  const { hash, canonical } = readRuleBookFile(fileOf('\uFEFF{ "b": 1.0,\n "a": "货" }'))
  expect(canonical).toBe('{"a":"货","b":1}')
  expect(hash).toBe('sha256:1a124b066b705c791fbe678cee6882bc4b928b0d2abd95501a4a02ee258c900a')
})

test('days start by the rules of their zone, also where midnight does not exist', () => {
  const document = { validFrom: '2026-07-01', validTo: '2018-11-04' }
  const starts = (zone: string) =>
    daysOf(document, zone).map(({ startsAt }) => new Date(startsAt).toISOString())
  expect(starts('Europe/London')).toEqual(['2018-11-04T00:00:00.000Z', '2026-06-30T23:00:00.000Z'])
  // The clocks of São Paulo jumped from 0:00 to 1:00 on that day.
  expect(starts('America/Sao_Paulo')[0]).toBe('2018-11-04T03:00:00.000Z')
})

test('the help of the command starts with an example', () => {
  const program = new Command()
  registerRules(program)
  const lint = program.commands[0]?.commands[0]
  let help = ''
  lint?.configureOutput({ writeOut: (text) => (help += text) })
  lint?.outputHelp()
  expect(help).toMatch(/^Example:\n {2}settle rules lint rulebook\.json\n/)
})
