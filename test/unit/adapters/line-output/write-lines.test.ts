import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeLines } from '../../../../src/adapters/line-output/write-lines.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function* numbers(to: number, pulled = { count: 0 }): Generator<string> {
  for (let value = 1; value <= to; value += 1) {
    pulled.count = value
    yield `${value}`.padStart(100, '0')
  }
}

test('a file holds every line', async () => {
  const file = join(folder, 'out.jsonl')
  expect(await writeLines(numbers(3_000), { file })).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe(`${[...numbers(3_000)].join('\n')}\n`)
  expect(readdirSync(folder)).toEqual(['out.jsonl'])
})

test('a file named .gz is compressed', async () => {
  const file = join(folder, 'out.jsonl.gz')
  await writeLines(numbers(3_000), { file })
  expect(gunzipSync(readFileSync(file)).toString()).toBe(`${[...numbers(3_000)].join('\n')}\n`)
})

test('a source that fails leaves no file behind', async () => {
  const lines = (function* () {
    yield* numbers(3_000)
    throw new Error('the source failed')
  })()
  const file = join(folder, 'out.jsonl')
  await expect(writeLines(lines, { file })).rejects.toThrow('the source failed')
  expect(readdirSync(folder)).toEqual([])
})

test('a file in a folder that is not there is not found', async () => {
  const file = join(folder, 'nope', 'out.jsonl')
  await expect(writeLines(['a'], { file })).rejects.toMatchObject({ exitCode: 6 })
})

test('a slow reader holds the source back', async () => {
  const stream = new PassThrough({ highWaterMark: 1 })
  const pulled = { count: 0 }
  const writing = writeLines(numbers(100_000, pulled), { stream })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(pulled.count).toBeLessThan(5_000)
  stream.resume()
  expect(await writing).toBe(true)
  expect(pulled.count).toBe(100_000)
})

test('a reader that goes away ends the writing quietly', async () => {
  const stream = failing('EPIPE')
  const pulled = { count: 0 }
  expect(await writeLines(numbers(100_000, pulled), { stream })).toBe(false)
  expect(pulled.count).toBeLessThan(5_000)
})

test('another failure of the stream is told', async () => {
  const writing = writeLines(numbers(100_000), { stream: failing('ENOSPC') })
  await expect(writing).rejects.toMatchObject({ exitCode: 5 })
})

function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
  })
}
