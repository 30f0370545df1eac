import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMeter } from '../../../../src/adapters/prometheus/prometheus-meter.ts'
import { metricCatalogue } from '../../../../src/app/run/catalogue.ts'
import {
  appendThroughSocket,
  askRunning,
  isRunning,
  statusOf,
  streamFrom,
} from '../../../../src/app/run/socket-client.ts'
import { SocketLines } from '../../../../src/app/run/socket-lines.ts'
import { batchesOf, batchesToJson, socketPath } from '../../../../src/app/run/socket-protocol.ts'
import {
  type Handlers,
  type SocketServer,
  startSocketServer,
} from '../../../../src/app/run/socket-server.ts'
import { FatalFault } from '../../../../src/ports/faults.ts'

const meter = createMeter(metricCatalogue)
let folder = ''
let server: SocketServer | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settle-socket-'))
})

afterEach(async () => {
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function serve(handlers: Handlers): Promise<string> {
  const path = socketPath(folder) as string
  server = await startSocketServer(path, handlers, meter)
  return path
}

test('without an instance there is no status, and asking is a fault that may pass', async () => {
  expect(await isRunning(folder)).toBe(false)
  await expect(askRunning(folder, { request: 'append' })).rejects.toMatchObject({
    kind: 'transient',
  })
})

test('an instance is asked for its status, and only its own user may connect', async () => {
  const path = await serve({ status: async () => ({ pid: 7 }) })
  expect(await statusOf(folder)).toEqual({ pid: 7 })
  expect(await isRunning(folder)).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('what a process that was killed has left behind is replaced', async () => {
  writeFileSync(socketPath(folder) as string, '')
  await serve({ status: async () => 1 })
  expect(await isRunning(folder)).toBe(true)
})

test('batches arrive as they were sent, keys and bytes alike', async () => {
  const received: unknown[] = []
  await serve({
    append: async ({ batches }) => {
      received.push(batchesOf(batches, 2))
      return null
    },
  })
  const value = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const records = [
    { key: Buffer.from('M-1'), value: Buffer.from(value) },
    { key: null, value: Buffer.from('') },
  ]
  const batches = [{ topic: 'events', partition: 1, records }] as const
  await appendThroughSocket(folder, batches)
  expect(received).toEqual([batches])
})

test('a refusal keeps its exit code and message', async () => {
  await serve({
    append: () => Promise.reject(new FatalFault(9, 'the disk is full')),
  })
  await expect(appendThroughSocket(folder, [])).rejects.toMatchObject({
    exitCode: 9,
    message: 'the disk is full',
  })
})

// biome-ignore format: the columns are a table
const wrong = [
  // line                        why
  ['{"request":"shutdown"}',     'no such request'],
  ['{"request":"toString"}',     'what every object has is no request'],
  ['{"request":5}',              'the name is a text'],
  ['[]',                         'a list is no request'],
  ['{',                          'no JSON'],
] as const

test.each(wrong)('the line %s is refused as usage: %s', async (line) => {
  const path = await serve({ status: async () => 1 })
  expect(await exchange(path, `${line}\n`)).toMatchObject({ ok: false, exitCode: 2 })
})

test('requests of one connection are answered in their order', async () => {
  const path = await serve({
    status: async ({ wait }) => {
      await new Promise((resolve) => setTimeout(resolve, Number(wait)))
      return wait
    },
  })
  const lines = [30, 1, 10].map((wait) => `{"request":"status","wait":${wait}}\n`)
  expect(await answers(path, lines.join(''), 3)).toEqual([30, 1, 10])
})

test('closing waits for the request under way', async () => {
  let end = (): void => undefined
  const path = await serve({
    append: () =>
      new Promise((resolve) => {
        end = () => resolve('done')
      }),
  })
  const answer = exchange(path, '{"request":"append"}\n')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const closed = server?.close()
  server = undefined
  end()
  expect(await answer).toEqual({ ok: true, result: 'done' })
  await closed
  expect(await isRunning(folder)).toBe(false)
})

test('a folder whose path is too long for a socket has none', () => {
  const deep = join(folder, 'a'.repeat(60), 'b'.repeat(60))
  mkdirSync(deep, { recursive: true })
  expect(socketPath(deep)).toBeUndefined()
})

// biome-ignore format: the columns are a table
const shapes = [
  // batches                                          why
  [5,                                                 'no list'],
  [[{ partition: 2, records: [] }],                   'there is no such partition'],
  [[{ partition: -1, records: [] }],                  'nor this one'],
  [[{ partition: 0, records: {} }],                   'records are a list'],
  [[{ partition: 0, records: [['a']] }],              'a record is a pair'],
  [[{ partition: 0, records: [[null, 5]] }],          'a value is a text'],
  [[null],                                            'a batch is an object'],
] as const

test.each(shapes)('batches %j are refused: %s', (json) => {
  expect(batchesOf(json, 2)).toBeUndefined()
})

test('batches survive the way to JSON and back', () => {
  const batches = [
    { topic: 'events', partition: 0, records: [{ key: null, value: Buffer.from([0, 255]) }] },
  ] as const
  expect(batchesOf(JSON.parse(JSON.stringify(batchesToJson(batches))), 1)).toEqual(batches)
})

test('lines are cut wherever the pieces end, also within a letter', () => {
  const lines = new SocketLines()
  const bytes = Buffer.from('货款\nb\n\nc')
  const found = [...bytes].flatMap((byte) => lines.add(Buffer.from([byte])))
  expect(found).toEqual(['货款', 'b', ''])
  expect(lines.add(Buffer.from('\n'))).toEqual(['c'])
})

async function exchange(path: string, text: string): Promise<unknown> {
  const [answer] = await raw(path, text, 1)
  return answer
}

async function answers(path: string, text: string, count: number): Promise<unknown[]> {
  return (await raw(path, text, count)).map((answer) => (answer as { result: unknown }).result)
}

function raw(path: string, text: string, count: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const lines = new SocketLines()
    const found: unknown[] = []
    const socket = connect(path, () => socket.write(text))
    socket.once('error', reject)
    socket.on('data', (piece: Buffer) => {
      for (const line of lines.add(piece)) found.push(JSON.parse(line))
      if (found.length < count) return
      resolve(found)
      socket.destroy()
    })
  })
}

async function taken(question: string): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of streamFrom(folder, { request: 'query', question })) items.push(item)
  return items
}

test('a stream arrives whole and in order, in however many pieces', async () => {
  const items = Array.from({ length: 3_000 }, (_, n) => ({ n, text: 'é'.repeat(n % 200) }))
  await serve({
    query: async function* () {
      yield* items
    },
  })
  expect(await taken('all')).toEqual(items)
})

test('a stream that fails half way ends with its fault, not as if it were whole', async () => {
  await serve({
    query: async function* () {
      for (let n = 0; n < 2_000; n += 1) yield { n, text: 'x'.repeat(100) }
      throw new FatalFault(9, 'the store is damaged')
    },
  })
  await expect(taken('all')).rejects.toMatchObject({ exitCode: 9, message: 'the store is damaged' })
})

test('nothing is read further than somebody takes it, and nothing once they are gone', async () => {
  let made = 0
  let isClosed = false
  await serve({
    query: async function* () {
      try {
        for (; made < 1_000_000; made += 1) yield { text: 'x'.repeat(1_000) }
      } finally {
        isClosed = true
      }
    },
  })
  for await (const _ of streamFrom(folder, { request: 'query' })) {
    await sleep(200)
    break
  }
  expect(made).toBeLessThan(20_000)
  await vi.waitFor(() => expect(isClosed).toBe(true))
})

test('somebody who does not take an answer does not hold up the end', async () => {
  await serve({
    query: async function* () {
      for (;;) yield { text: 'x'.repeat(1_000) }
    },
  })
  const stream = streamFrom(folder, { request: 'query' })
  await stream.next()
  await sleep(100)
  await server?.close()
  server = undefined
  await expect(
    (async () => {
      for await (const _ of stream);
    })(),
  ).rejects.toMatchObject({ kind: expect.stringMatching(/^(transient|fatal)$/) })
})
