import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import {
  maxLineBytes,
  type NumberedLine,
  readFileLines,
  readLines,
} from '../../../../src/adapters/json-lines/read-lines.ts'
import { FatalFault } from '../../../../src/ports/faults.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function all(lines: AsyncIterable<NumberedLine>): Promise<NumberedLine[]> {
  const found: NumberedLine[] = []
  for await (const line of lines) found.push(line)
  return found
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function fromText(text: string | Uint8Array, size = 3): Promise<NumberedLine[]> {
  return await all(readLines(inChunks(Buffer.from(text as string), size), 'input'))
}

// biome-ignore format: the columns are a table
const cases: readonly (readonly [string, string, readonly (readonly [number, string])[]])[] = [
  // what                          text                    lines
  ['nothing',                      '',                     []],
  ['a line end after the last',    'a\nb\n',               [[1, 'a'], [2, 'b']]],
  ['no line end after the last',   'a\nb',                 [[1, 'a'], [2, 'b']]],
  ['carriage returns',             'a\r\nb\r\n',           [[1, 'a'], [2, 'b']]],
  ['a byte order mark',            '\ufeffa\n\ufeffb',     [[1, 'a'], [2, '\ufeffb']]],
  ['nothing but a mark',           '\ufeff',               []],
  ['blank lines',                  '\n  \na\n\r\n\nb\n\n', [[3, 'a'], [6, 'b']]],
  ['characters cut by chunks',     '文字\n€uro\n',          [[1, '文字'], [2, '€uro']]],
]

test.each(cases)('reads %s', async (_, text, lines) => {
  const expected = lines.map(([number, line]) => ({ number, text: line }))
  for (const size of [1, 2, 3, 100]) expect(await fromText(text, size)).toEqual(expected)
})

test('the size of the chunks plays no part', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '文', '\n', '\r\n', ' '), maxLength: 40 })
  const same = fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (input, size) => {
    expect(await fromText(input, size)).toEqual(await fromText(input, 1000))
  })
  await fc.assert(same, { numRuns: 300 })
})

describe('files', () => {
  const content = Array.from({ length: 5000 }, (_, i) => `{"line":${i + 1}}`).join('\n')

  function write(name: string, bytes: string | Uint8Array): string {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }

  test('plain and gzipped read alike, also gzipped in parts', async () => {
    const plain = await all(readFileLines(write('a.jsonl', content)))
    expect(plain).toHaveLength(5000)
    expect(plain[4999]).toEqual({ number: 5000, text: '{"line":5000}' })
    expect(await all(readFileLines(write('a.jsonl.gz', gzipSync(content))))).toEqual(plain)
    const half = content.length / 2
    const parts = [content.slice(0, half), content.slice(half)].map((part) => gzipSync(part))
    expect(await all(readFileLines(write('b.jsonl.gz', Buffer.concat(parts))))).toEqual(plain)
  })

  test('a reader may stop early', async () => {
    for await (const line of readFileLines(write('c.jsonl.gz', gzipSync(content)))) {
      if (line.number === 10) break
    }
  })

  const latin = Uint8Array.from([97, 10, 98, 0xe9])
  const tooLong = `a\n${'x'.repeat(maxLineBytes + 1)}\n`
  const endless = 'x'.repeat(3 * maxLineBytes)
  const absent = join(folder, 'absent.jsonl')
  const cut = gzipSync(content).subarray(0, 2000)

  // biome-ignore format: the columns are a table
  const faults: readonly (readonly [string, number, string, string])[] = [
    // what               exit  file                             message has
    ['that is not there', 6,    absent,                          'absent.jsonl: there is no'],
    ['that is no gzip',   4,    write('text.gz', 'plain text'),  'text.gz: is no sound gzip file'],
    ['that is cut',       4,    write('cut.gz', cut),            'cut.gz: is no sound gzip file'],
    ['of another code',   4,    write('latin.jsonl', latin),     'latin.jsonl:2: the line is not'],
    ['with a long line',  4,    write('long.jsonl', tooLong),    'long.jsonl:2: the line'],
    ['that never ends',   4,    write('one.jsonl', endless),     'one.jsonl:1: the line is longer'],
    ['that is a folder',  4,    folder,                          'is a folder'],
  ]
  test.each(faults)('a file %s stops the reader', async (_, exitCode, file, message) => {
    const error = await all(readFileLines(file)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(FatalFault)
    expect(error).toMatchObject({ exitCode, message: expect.stringContaining(message) })
  })

  test('a line of exactly 1 MiB is read', async () => {
    const path = write('full.jsonl', `${'x'.repeat(maxLineBytes)}\r\n{}`)
    expect((await all(readFileLines(path))).map(({ text }) => text.length)).toEqual([
      maxLineBytes,
      2,
    ])
  })
})
