import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ruleBookOf } from '../../../../src/app/rule-book-file.ts'
import {
  bookOf,
  commonFees,
  completed,
  contractOf,
  refunded,
  tick,
} from '../../../support/market.ts'
import { signed } from '../../../support/parties.ts'
import { eventsOf, streamBook, streams } from '../../../support/streams.ts'
import type { Json } from '../../../support/world.ts'
import { Folder, outputFiles } from './folder.ts'

const local = (text: string): string => `2025-${text}:00.000+08:00`
const order = (orderId: string, text: string, overrides: Json = {}): Json =>
  completed(orderId, ['100.00'], {
    occurredAt: local(text),
    orderCreatedAt: local(text),
    ...overrides,
  })
const events: readonly Json[] = [
  order('O-1', '10-20T10:00'),
  tick(local('10-25T00:00')),
  order('O-2', '10-28T10:00', { partyId: 'M-2' }),
  order('O-3', '10-29T10:00', { partyId: 'X-1' }),
  refunded('R-9', 'O-9', [[1, '1.00']], { occurredAt: local('10-30T10:00') }),
  order('O-1', '10-20T10:00', { eventId: 'again' }),
  tick(local('11-01T00:00')),
  order('O-4', '11-03T10:00', { partyId: 'M-3' }),
]
const book = bookOf()
const second = bookOf(commonFees, contractOf(), {
  version: 2,
  previousHash: ruleBookOf(book).hash,
})

function resultsOf(folder: Folder, files: readonly string[], state?: string) {
  return folder.run(files, state === undefined ? {} : { state }).then(() => folder.results())
}

// What it says to people is not what is tested here.
beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})

describe('process: the results', () => {
  test('records consumed = applied + duplicates + waiting + rejected, broadcasts once', async () => {
    const folder = new Folder(book)
    const file = folder.writeEvents('e.jsonl', events)
    for (const partitions of [1, 4]) {
      await folder.run([file], { partitions })
      // Beside the eight events the rule book and its one calendar.
      expect(folder.summary().records).toEqual({
        consumed: 10,
        applied: 7,
        duplicates: 1,
        waiting: 1,
        rejected: 1,
      })
      expect(folder.rows('rejections.jsonl')).toMatchObject([
        { eventId: 'O-3:completed', code: 'PARTY_UNKNOWN', event: { orderId: 'O-3' } },
      ])
    }
  })

  test('an empty input is settled: every file is there and empty', async () => {
    const folder = new Folder(book)
    await folder.run([folder.writeEvents('e.jsonl', [])])
    for (const name of outputFiles) expect(folder.read(name)).toBe('')
    expect(folder.summary().records).toMatchObject({ consumed: 0 })
  })

  test('rejections with one event id are in order of their parties, wherever those live', async () => {
    const strangers = ['X-5', 'X-3', 'X-1', 'X-4', 'X-2'].map((partyId) =>
      order('O-1', '10-20T10:00', { partyId, eventId: 'E' }),
    )
    for (const partitions of [1, 2, 3, 4]) {
      const folder = new Folder(book)
      await folder.run([folder.writeEvents('e.jsonl', strangers)], { partitions })
      const parties = folder.rows('rejections.jsonl').map(({ partyId }) => partyId)
      expect(parties).toEqual(['X-1', 'X-2', 'X-3', 'X-4', 'X-5'])
    }
  })

  test('a book that is refused is told of by one partition only', async () => {
    const refused = {
      type: 'RuleBookPublished',
      eventId: 'rb',
      occurredAt: local('10-20T11:00'),
      ruleBook: { ...second, version: 5, calendars: { CN: 5 } },
    }
    for (const partitions of [1, 3]) {
      const folder = new Folder(book)
      await folder.run([folder.writeEvents('e.jsonl', [...events, refused])], { partitions })
      const codes = folder.rows('rejections.jsonl').map(({ code }) => code)
      expect(codes).toEqual(['PARTY_UNKNOWN', 'RULE_BOOK_REFUSED'])
      expect(folder.rows('notices.jsonl')).toMatchObject([{ kind: 'RULE_BOOK_REJECTED' }])
      expect(folder.summary().records).toMatchObject({ consumed: 11, rejected: 2 })
    }
  })

  test('do not depend on the number of partitions', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.integer({ min: 2, max: 4 }), async (waves, partitions) => {
        const whole = new Folder(streamBook)
        const parts = new Folder(streamBook)
        const stream = eventsOf(waves)
        await whole.run([whole.writeEvents('e.jsonl', stream)], { partitions: 1 })
        await parts.run([parts.writeEvents('e.jsonl', stream)], { partitions })
        const placed = /"partition":\d+,"offset":\d+,/g
        const results = ({ 'rejections.jsonl': rejections, ...rest }: Record<string, string>) => ({
          ...rest,
          rejections: rejections?.replaceAll(placed, ''),
        })
        expect(results(parts.results())).toEqual(results(whole.results()))
      }),
      { numRuns: 6 },
    )
  })
})

describe('process: forms of the input', () => {
  const mark = '\uFEFF'

  // biome-ignore format: the columns are a table
  const forms = [
    ['one plain file',                   (folder: Folder) => [folder.writeEvents('e.jsonl', events)]],
    ['CRLF, blank lines and a mark',     (folder: Folder) => [folder.writeEvents('e.jsonl', [mark + JSON.stringify(events[0]), '', '  ', ...events.slice(1)], '\r\n')]],
    ['gzip',                             (folder: Folder) => [folder.writeEvents('e.jsonl.gz', events)]],
    ['several files, some compressed',   (folder: Folder) => [folder.writeEvents('a.jsonl', events.slice(0, 3)), folder.writeEvents('b.jsonl.gz', events.slice(3, 6)), folder.writeEvents('c.jsonl', []), folder.writeEvents('d.jsonl', events.slice(6))]],
  ] as const

  for (const [what, files] of forms) {
    test(`${what} gives the results of one plain file`, async () => {
      const plain = new Folder(book)
      const other = new Folder(book)
      const expected = await resultsOf(plain, [plain.writeEvents('e.jsonl', events)])
      expect(await resultsOf(other, files(other))).toEqual(expected)
    })
  }

  const { occurredAt: _, ...untimed } = events[0] as Json
  const contract = (terms: Json): Json => signed('K-1', 1, terms)

  // biome-ignore format: the columns are a table
  const faults = [
    ['a missing field',       untimed,                                   '4 e.jsonl:2: occurredAt: is missing'],
    ['an unknown field',      { ...untimed, ocurredAt: local('10-20T10:00') }, '4 e.jsonl:2: ocurredAt: is no field of OrderCompleted; did you mean "occurredAt"?'],
    ['an unknown type',       { ...events[0], type: 'OrderComplete' },   '4 e.jsonl:2: type: "OrderComplete" is no event type; did you mean "OrderCompleted"?'],
    ['a later type',          { ...events[0], type: 'BankLineReceived' }, '2 e.jsonl:2: type: BankLineReceived is not available in this version'],
    ['no JSON',               '{"type":',                                '4 e.jsonl:2: record: is no JSON'],
    ['a day without its zone', { ...events[0], occurredAt: '2025-10-20' }, '4 e.jsonl:2: occurredAt: "2025-10-20" is no instant'],
    ['a contract’s unknown field', contract({ emptyStatement: 'EMIT' }), '4 e.jsonl:2: contract.emptyStatement: '],
    ['a contract’s wrong word', contract({ cycle: { kind: 'YEARLY', calendar: 'CN' } }), '4 e.jsonl:2: contract.cycle.kind: "YEARLY" is not known'],
    ['a contract’s grace',    contract({ cycle: { kind: 'DAILY', calendar: 'CN', graceHours: 0.1 } }), '4 e.jsonl:2: contract.cycle.graceHours: 0.1 is not in quarters of an hour'],
    ['a tick with a party',   { ...tick(local('10-20T10:00')), partyId: 'M-1' }, '4 e.jsonl:2: partyId: is no field of Tick'],
    ['a zone that is none',   { type: 'RuleBookPublished', eventId: 'rb', occurredAt: local('10-20T10:00'), ruleBook: { ...second, calendars: { CN: { zone: 'Mars/Base' } } } }, '4 e.jsonl:2: ruleBook.calendars.CN.zone: "Mars/Base" is no time zone'],
  ] as const

  for (const [what, fault, message] of faults) {
    test(`${what} stops before anything is written`, async () => {
      const folder = new Folder(book)
      const file = folder.writeEvents('e.jsonl', [events[0] as Json, fault, ...events])
      const told = await folder.fault([file], { state: folder.at('state') })
      expect(told.slice(0, message.length)).toBe(message)
      expect([folder.has('out'), folder.has('state')]).toEqual([false, false])
    })
  }

  test('a bad line leaves a state as it was', async () => {
    const folder = new Folder(book)
    const state = folder.at('state')
    const half = folder.writeEvents('half.jsonl', events.slice(0, 3))
    const expected = await resultsOf(folder, [half], state)
    const bad = folder.writeEvents('bad.jsonl', [...events, '{}'])
    expect(await folder.fault([bad], { state })).toBe('4 bad.jsonl:9: type: is missing')
    expect(folder.results()).toEqual(expected)
    expect(await resultsOf(folder, [half], state)).toEqual(expected)
  })

  test('--skip-invalid collects the bad lines and settles the rest', async () => {
    const plain = new Folder(book)
    const folder = new Folder(book)
    const expected = await resultsOf(plain, [plain.writeEvents('e.jsonl', events)])
    const bad = ['{"type":"Tick"}', 'nonsense', JSON.stringify(contractEvent)]
    const file = folder.writeEvents('e.jsonl', [bad[0] as string, ...events, ...bad.slice(1)])
    await folder.run([file], { skipInvalid: folder.at('bad.jsonl') })
    expect(folder.results()).toEqual(expected)
    expect(readFileSync(folder.at('bad.jsonl'), 'utf8')).toBe(`${bad.join('\n')}\n`)
  })

  const contractEvent = contract({ mode: 5 })

  test('--skip-invalid into a folder that is not there is wrong usage', async () => {
    const folder = new Folder(book)
    const file = folder.writeEvents('e.jsonl', events)
    const told = await folder.fault([file], { skipInvalid: folder.at('no/bad.jsonl') })
    expect(told).toMatch(/^2 --skip-invalid no\/bad.jsonl: cannot be written/)
    expect(folder.has('out')).toBe(false)
  })

  test('--out that is a file is wrong usage', async () => {
    const folder = new Folder(book)
    const out = folder.writeEvents('e.jsonl', events)
    expect(await folder.fault([out], { out })).toBe('2 --out e.jsonl: is a file; name a folder')
  })

  test('a file that is not there is not found', async () => {
    expect(await new Folder(book).fault(['nope.jsonl'])).toBe('6 nope.jsonl: there is no such file')
  })
})

describe('process: the same state again', () => {
  test('an input that begins with what is there continues after it', async () => {
    const whole = new Folder(book)
    const expected = await resultsOf(whole, [whole.writeEvents('e.jsonl', events)])
    for (let cut = 0; cut <= events.length; cut += 1) {
      const folder = new Folder(book)
      const state = folder.at('state')
      await folder.run([folder.writeEvents('e.jsonl', events.slice(0, cut))], { state })
      const file = folder.writeEvents('e.jsonl', events)
      expect(await resultsOf(folder, [file], state)).toEqual(expected)
      expect(await resultsOf(folder, [file], state)).toEqual(expected)
    }
  })

  test('any other input is appended whole: what is known is a duplicate', async () => {
    const folder = new Folder(book)
    const state = folder.at('state')
    await folder.run([folder.writeEvents('e.jsonl', events)], { state })
    const lines = folder.read('lines.jsonl')
    await folder.run([folder.writeEvents('e.jsonl', events.slice(1, 5))], { state })
    // Again: the tick and one order are duplicates, so are the rejected one and the refund.
    expect(folder.summary().records).toEqual({
      consumed: 14,
      applied: 7,
      duplicates: 5,
      waiting: 1,
      rejected: 1,
    })
    expect(folder.read('lines.jsonl')).toBe(lines)
    expect(folder.rows('rejections.jsonl')).toHaveLength(1)
  })

  test('an input of the same length that begins otherwise is no continuation', async () => {
    const folder = new Folder(book)
    const state = folder.at('state')
    await folder.run([folder.writeEvents('e.jsonl', events)], { state })
    const other = [order('O-8', '10-20T12:00'), ...events.slice(1), order('O-9', '11-03T12:00')]
    await folder.run([folder.writeEvents('e.jsonl', other)], { state })
    const orders = folder.rows('lines.jsonl').map(({ orderId }) => orderId)
    expect([...new Set(orders)].sort()).toEqual(['O-1', 'O-2', 'O-4', 'O-8', 'O-9'])
  })

  test('another number of partitions is refused, none takes what is there', async () => {
    const folder = new Folder(book)
    const state = folder.at('state')
    const file = folder.writeEvents('e.jsonl', events)
    await folder.run([file], { state, partitions: 2 })
    const told = await folder.fault([file], { state, partitions: 3 })
    expect(told).toMatch(/^3 .*created with 2 partitions and cannot be opened with 3/)
    expect(await folder.fault([file], { state })).toBe('no fault')
  })
})

describe('process: rule books of one state', () => {
  const third = bookOf(commonFees, contractOf(), {
    version: 3,
    previousHash: ruleBookOf(second).hash,
  })

  test('the next version is published, and an earlier one may be named again', async () => {
    const folder = new Folder(book)
    const state = folder.at('state')
    const file = folder.writeEvents('e.jsonl', events)
    await folder.run([file], { state })
    folder.writeRules(second)
    await folder.run([file], { state })
    expect(folder.summary().records).toMatchObject({ consumed: 11, rejected: 1 })
    folder.writeRules(book)
    expect(await folder.fault([file], { state })).toBe('no fault')
    expect(folder.summary().records).toMatchObject({ consumed: 11 })
  })

  // biome-ignore format: the columns are a table
  const wrong = [
    ['a version that skips one',   { ...second, version: 3 },                                'version: must be 2'          ],
    ['a wrong previousHash',       { ...second, previousHash: `sha256:${'0'.repeat(64)}` },  'previousHash: must be sha256'],
    ['another version 1',          { ...book, zone: 'Asia/Tokyo' },                          'version: must be 2'          ],
    ['another rule book',          { ...second, ruleBookId: 'rb-other' },                    'ruleBookId: must be rb-test' ],
    ['a calendar that moves',      { ...second, calendars: { CN: { zone: 'Asia/Tokyo' } } }, 'calendars.CN.zone: must stay Asia/Shanghai'],
  ] as const

  for (const [what, ruleBook, message] of wrong) {
    test(`${what} is refused, whatever the input, and changes nothing`, async () => {
      const folder = new Folder(book)
      const state = folder.at('state')
      const file = folder.writeEvents('e.jsonl', events)
      const expected = await resultsOf(folder, [file], state)
      folder.writeRules(ruleBook)
      for (const input of [file, folder.writeEvents('none.jsonl', [])]) {
        expect(await folder.fault([input], { state })).toContain(`3 rules.json: ${message}`)
      }
      folder.writeRules(book)
      expect(await resultsOf(folder, [file], state)).toEqual(expected)
    })
  }

  test('a version that came with the events counts as published', async () => {
    const published = {
      type: 'RuleBookPublished',
      eventId: 'rb-2',
      occurredAt: local('10-26T00:00'),
      ruleBook: second,
    }
    const folder = new Folder(book)
    const state = folder.at('state')
    const file = folder.writeEvents('e.jsonl', [...events, published])
    await folder.run([file], { state })
    for (const [ruleBook, consumed] of [
      [second, 11],
      [third, 12],
    ] as const) {
      folder.writeRules(ruleBook)
      await folder.run([file], { state })
      expect(folder.summary().records).toMatchObject({ consumed, duplicates: 1, rejected: 1 })
    }
  })

  test('the calendars of a version that comes with the events are published too', async () => {
    const calendars = { ...(book.calendars as Json), UK: { zone: 'Europe/London' } }
    const contract = contractOf({ cycle: { kind: 'DAILY', calendar: 'UK', graceHours: 0 } })
    const ruleBook = {
      ...bookOf(commonFees, contract, { calendars }),
      version: 2,
      previousHash: second.previousHash,
    }
    const published = {
      type: 'RuleBookPublished',
      eventId: 'rb-2',
      occurredAt: local('10-19T00:00'),
      ruleBook,
    }
    const folder = new Folder(book)
    await folder.run([folder.writeEvents('e.jsonl', [published, order('O-1', '10-20T06:30')])])
    expect(folder.rows('statements.jsonl')).toMatchObject([
      { zone: 'Europe/London', statementId: 'M-1/E-CN/SOP/CNY/DAILY/2025-10-19' },
    ])
  })
})
