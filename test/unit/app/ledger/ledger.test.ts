import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoRuleBookIn } from '../../../../src/adapters/generator/demo-rule-book.ts'
import { marketplace } from '../../../../src/adapters/generator/marketplace.ts'
import { bookingsOf, type DatedBooking } from '../../../../src/app/ledger/read-ledger.ts'
import { runProcess } from '../../../../src/app/process/run-process.ts'
import { openQueries } from '../../../../src/app/queries/open-queries.ts'
import type { Queries, StatementRecord } from '../../../../src/app/queries/queries.ts'
import { parseMinor } from '../../../../src/app/verify/json-fields.ts'
import { Balances } from '../../../../src/domain/ledger/balances.ts'

const month = {
  seed: 11,
  events: 1_200,
  merchants: 10,
  days: 30,
  start: '2026-06-01',
  zone: 'Asia/Shanghai',
}

let folder = ''
let queries: Queries
let bookings: DatedBooking[] = []
let statements: StatementRecord[] = []
const balances = new Balances()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  const rules = join(folder, 'rulebook.json')
  const events = join(folder, 'events.jsonl')
  writeFileSync(rules, JSON.stringify(demoRuleBookIn(month.zone)))
  writeFileSync(events, [...marketplace(month)].map((event) => JSON.stringify(event)).join('\n'))
  const state = join(folder, 'state')
  await runProcess({ rules, events: [events], out: join(folder, 'out'), state, partitions: 2 })
  queries = await openQueries(state)
  statements = await all(queries.statements({}))
  bookings = await all(bookingsOf(queries, {}))
  for (const booking of bookings) balances.add(booking)
})

afterAll(async () => {
  await queries.close()
  rmSync(folder, { recursive: true })
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

function minor(text: string, { currency }: StatementRecord): number {
  return parseMinor(text, currency) as number
}

function payable(statement: StatementRecord): number {
  const { opening, total, closing } = statement
  return minor(opening, statement) + minor(total, statement) - minor(closing, statement)
}

test('I1: every booking balances, and so does every currency', () => {
  expect(bookings.length).toBeGreaterThan(1_000)
  for (const { postings } of bookings) {
    expect(postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
  }
  expect([...balances.sums().values()]).toEqual([0n])
})

test('I2: what closing takes from accrued is opening + total, and stands on the statement', () => {
  const closes = new Map(
    bookings.filter(({ kind }) => kind === 'CLOSE').map(({ ref, postings }) => [ref, postings]),
  )
  const closed = statements.filter((each) => each.number !== undefined && payable(each) !== 0)
  expect(closed.length).toBeGreaterThan(10)
  for (const each of closed) {
    const moved = minor(each.opening, each) + minor(each.total, each)
    expect(closes.get(each.statementId)?.[0]).toEqual({
      account: `party:${each.partyId}:accrued`,
      amount: moved,
    })
  }
})

test('accrued is what stands on open statements', () => {
  const open = new Map<string, number>()
  for (const each of statements.filter(({ number }) => number === undefined)) {
    const key = `${each.entity} party:${each.partyId}:accrued`
    open.set(key, (open.get(key) ?? 0) - minor(each.opening, each) - minor(each.total, each))
  }
  const accrued = balances.rows().filter(({ account }) => account.endsWith(':accrued'))
  expect(accrued.length).toBeGreaterThan(5)
  for (const { entity, account, balance } of accrued) {
    expect(Number(balance)).toBe(open.get(`${entity} ${account}`) ?? 0)
  }
})

test('the postings of one statement are those of its lines and of its steps', async () => {
  const [first] = statements.filter(({ number }) => number !== undefined) as [StatementRecord]
  const ids = [first.statementId]
  const own = await all(bookingsOf(queries, { party: first.partyId, ids }))
  expect(own.filter(({ kind }) => kind === 'LINE')).toHaveLength(first.lineCount)
  expect(new Set(own.map(({ ref }) => ref.split('#')[0]))).toEqual(new Set(ids))
})
