import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoRuleBookIn } from '../../../../src/adapters/generator/demo-rule-book.ts'
import { marketplace } from '../../../../src/adapters/generator/marketplace.ts'
import { runProcess } from '../../../../src/app/process/run-process.ts'
import { openQueries } from '../../../../src/app/queries/open-queries.ts'
import type { Queries, StatementFilter } from '../../../../src/app/queries/queries.ts'
import { verifyExports, verifyState } from '../../../../src/app/verify/verify-exports.ts'
import type { Json } from '../../../support/world.ts'

const month = {
  seed: 3,
  events: 900,
  merchants: 8,
  days: 30,
  start: '2026-06-01',
  zone: 'Asia/Shanghai',
}

let folder = ''
let out = ''
let queries: Queries

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'queries-'))
  const rules = join(folder, 'rulebook.json')
  const events = join(folder, 'events.jsonl')
  writeFileSync(rules, JSON.stringify(demoRuleBookIn(month.zone)))
  writeFileSync(events, [...marketplace(month)].map((event) => JSON.stringify(event)).join('\n'))
  out = join(folder, 'out')
  const state = join(folder, 'state')
  await runProcess({ rules, events: [events], out, state, partitions: 3 })
  queries = await openQueries(state)
})

afterAll(async () => {
  await queries.close()
  rmSync(folder, { recursive: true })
})

function written(name: string): Json[] {
  return readFileSync(join(out, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

test('all statements are those of the file, in its order', async () => {
  expect(await all(queries.statements({}))).toEqual(written('statements.jsonl'))
})

test('all entries together are the lines of the file, in its order', async () => {
  const statements = await all(queries.entries({}))
  const lines = statements.flatMap(({ entries }) => entries.flatMap((entry) => entry.lines))
  expect(lines).toEqual(written('lines.jsonl'))
})

test('the rejections are those of the file', async () => {
  expect(await all(queries.rejections({}))).toEqual(written('rejections.jsonl'))
  const [first] = written('rejections.jsonl')
  const eventId = String(first?.eventId)
  expect(await all(queries.rejections({ eventId }))).toEqual([first])
})

const filters: readonly (readonly [StatementFilter, (statement: Json) => boolean])[] = [
  [{ party: 'M-0002' }, ({ partyId }) => partyId === 'M-0002'],
  [{ period: '2026-06-01' }, ({ statementId }) => /2026-06-01$/.test(String(statementId))],
  [{ status: 'FINALISED' }, ({ status }) => status === 'FINALISED'],
  [{ status: 'OPEN' }, ({ status }) => status === 'OPEN'],
  [{ mode: 'FBP' }, ({ mode }) => mode === 'FBP'],
  [{ entity: 'E-CN-02', closed: true }, ({ entity }) => entity === 'E-CN-02'],
  [{ currency: 'USD' }, ({ currency }) => currency === 'USD'],
]

test.each(filters)('the filter %j leaves what fits', async (filter, fits) => {
  const found = await all(queries.statements(filter))
  expect(found).toEqual(written('statements.jsonl').filter(fits))
})

test('a statement is found by its id, with its lines', async () => {
  const [, statement] = written('statements.jsonl')
  const id = String(statement?.statementId)
  expect(await queries.statement(id)).toEqual(statement)
  const own = written('lines.jsonl').filter(({ statementId }) => statementId === id)
  expect(await all(queries.lines(id))).toEqual(own)
})

test('a statement that is none is not found', async () => {
  expect(await queries.statement('M-0001/nowhere')).toBeUndefined()
  expect(await all(queries.lines('M-0001/nowhere'))).toEqual([])
})

test('the lines of an order are found over all its statements', async () => {
  const refunded = written('lines.jsonl').find(({ leg }) => leg === 'REVERSE')
  const own = written('lines.jsonl').filter(({ orderId }) => orderId === refunded?.orderId)
  expect(await queries.linesOfOrder(String(refunded?.orderId))).toEqual(own)
  const party = String(refunded?.partyId)
  expect(await queries.linesOfOrder(String(refunded?.orderId), party)).toEqual(own)
})

test('the rule book is the one that was published', async () => {
  const published = await queries.ruleBook(1)
  expect(JSON.parse(published?.document ?? '')).toEqual(
    JSON.parse(JSON.stringify(demoRuleBookIn(month.zone))),
  )
  expect(await queries.ruleBook(2)).toBeUndefined()
})

test('the event of a line is found', async () => {
  const line = written('lines.jsonl').find(({ leg }) => leg === 'FORWARD')
  const event = await queries.event(String(line?.eventId), String(line?.partyId))
  expect(event).toMatchObject({ eventId: line?.eventId, partyId: line?.partyId })
})

describe('verifying', () => {
  test('a state and its files comes out', async () => {
    expect((await verifyState(queries)).breaks).toEqual([])
    const files = [join(out, 'lines.jsonl'), join(out, 'statements.jsonl')]
    expect((await verifyExports(files, queries)).breaks).toEqual([])
  })

  test('a file against the state names the entry that differs', async () => {
    const lines = written('lines.jsonl')
    const place = lines.findIndex(({ sku }) => sku !== undefined)
    const line = lines[place] as Json
    const path = join(folder, 'touched.jsonl')
    const touched = lines.with(place, { ...line, sku: 'S-OTHER' })
    writeFileSync(path, touched.map((each) => JSON.stringify(each)).join('\n'))
    const { breaks } = await verifyExports([path, join(out, 'statements.jsonl')], queries)
    const { statementId, entryNo } = line
    expect(breaks).toMatchObject([{ statementId, entryNo, check: 'log' }])
  })

  test('lines without statements is wrong usage', async () => {
    const verifying = verifyExports([join(out, 'lines.jsonl')], undefined)
    await expect(verifying).rejects.toMatchObject({ exitCode: 2 })
  })
})

test('a folder that another one has open says which and what to do', async () => {
  await expect(openQueries(join(folder, 'state'))).rejects.toMatchObject({
    exitCode: 9,
    message: expect.stringMatching(/state.*another process has this log open.*(Stop it|stop it)/),
  })
})

test('a folder that holds no settlement is not found, and stays as it is', async () => {
  const other = join(folder, 'other')
  mkdirSync(other)
  await expect(openQueries(other)).rejects.toMatchObject({
    exitCode: 6,
    message: expect.stringContaining('holds no settlement'),
  })
  await expect(openQueries(join(folder, 'nowhere'))).rejects.toMatchObject({ exitCode: 6 })
})
