import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { JsonEvent } from '../../../../src/adapters/generator/json-event.ts'
import {
  demoMonth,
  type MarketplaceOptions,
  marketplace,
} from '../../../../src/adapters/generator/marketplace.ts'
import type { OrderJson } from '../../../../src/adapters/generator/order.ts'
import { type Census, censusOf, fen } from './census.ts'

function hashOf(options: Partial<MarketplaceOptions>): string {
  const hash = createHash('sha256')
  for (const event of marketplace({ ...demoMonth, ...options })) {
    hash.update(`${JSON.stringify(event)}\n`)
  }
  return hash.digest('hex')
}

function streamOf(options: Partial<MarketplaceOptions>): JsonEvent[] {
  return [...marketplace({ ...demoMonth, ...options })]
}

const onTop = ['Tick', 'ContractSigned', 'PartyModeChanged', 'SettlementEntityChanged']

function madeOf(events: readonly JsonEvent[]): number {
  return events.filter(({ type }) => !onTop.includes(type)).length
}

describe('a seed', () => {
  test('gives these bytes on every machine', () => {
    expect(hashOf({ events: 5_000, merchants: 50 })).toBe(
      '466fb89674b0cda83faf3081c7b8a79947b41071402e97c40a4988a36da85e0c',
    )
  })

  test('gives another stream than its neighbour, or than itself beyond 32 bits', () => {
    const seeds = [0, 1, 2, 2 ** 32 + 1, 2 ** 53 - 1]
    expect(new Set(seeds.map((seed) => hashOf({ seed, events: 200 }))).size).toBe(seeds.length)
  })
})

describe('the demo month', () => {
  let events: JsonEvent[] = []
  let census: Census = {}

  beforeAll(() => {
    events = streamOf({})
    census = censusOf(events)
  })

  test('holds about 20,000 orders of 200 merchants', () => {
    expect(census.orders).toBeGreaterThan(19_500)
    expect(census.orders).toBeLessThan(20_500)
    const merchants = new Set(events.flatMap(({ partyId }) => partyId ?? []))
    expect(merchants.size).toBe(200)
    expect([...merchants].every((id) => /^M-0[0-2][0-9]{2}$/.test(id))).toBe(true)
  })

  test.each([
    ...['OrderPlaced', 'OrderPaid', 'OrderDelivered', 'OrderCompleted', 'OrderCancelled'],
    ...['completed before paid', 'late OrderCompleted', 'late FeeLineSubmitted'],
    ...['discount MERCHANT COUPON', 'discount PLATFORM COUPON', 'discount PLATFORM POINTS'],
    ...['discount of a line', 'freight', 'guide', 'tags', 'gift', 'unit cost'],
    ...['RefundSucceeded', 'late RefundSucceeded', 'refund with freight', 'refund with fees'],
    ...['refund by the platform', 'refund with quantity', 'refund in several parts'],
    ...['refund in full', 'refund of a whole line', 'refund before billing', 'refund after close'],
    ...['refund before its order', 'refund without an order', 'refund across a change of mode'],
    ...['refund above what was paid, by MERCHANT', 'refund above what was paid, by PLATFORM'],
    ...['fee DELIVERY_FEE', 'fee WAREHOUSING_FEE', 'fee RETURN_SERVICE_FEE', 'FeeLineReversed'],
    ...['AdjustmentSubmitted', 'ContractSigned', 'PartyModeChanged', 'SettlementEntityChanged'],
    ...['same event again', 'same key under another event id', 'Tick'],
  ])('has: %s', (kind) => {
    expect(census[kind] ?? 0).toBeGreaterThan(0)
  })

  test('changes one settlement entity, and signs and changes modes for a few', () => {
    expect(census).toMatchObject({
      SettlementEntityChanged: 1,
      PartyModeChanged: 4,
      ContractSigned: 10,
    })
  })

  test('ticks at each local midnight, through the 45 days after its last', () => {
    const ticks = events.filter(({ type }) => type === 'Tick')
    expect(ticks).toHaveLength(29 + 45)
    expect(ticks[0]).toEqual({
      type: 'Tick',
      eventId: 'tick-2026-06-02',
      occurredAt: '2026-06-01T16:00:00Z',
      at: '2026-06-01T16:00:00Z',
    })
    expect(ticks.at(-1)?.eventId).toBe('tick-2026-08-14')
    expect(events.at(-1)).toBe(ticks.at(-1))
  })

  test('has an event behind its midnight only where it is late, repeated or out of order', () => {
    let clock = ''
    let behind = 0
    for (const { type, occurredAt } of events) {
      if (type === 'Tick') clock = occurredAt
      else if (occurredAt < clock) behind += 1
    }
    expect(behind).toBeGreaterThan(0)
    expect(behind).toBeLessThan(madeOf(events) / 40)
  })

  test('writes ids that are ids and money with the decimals of its currency', () => {
    const id = /^[A-Za-z0-9._:?-]{1,64}$/
    const ids = /^(eventId|partyId|sku|spu|guideId|buyerRef|channel|.+Id)$/
    const money = /^(amount|freight|unitCost|taxAmount)$/
    const wrong = events.flatMap((event) =>
      leavesOf(event).filter(([key, value]) => {
        if (key === 'unitPrice') return !/^[0-9]+\.[0-9]{2,3}$/.test(`${value}`)
        if (money.test(key)) return !/^-?(0|[1-9][0-9]*)\.[0-9]{2}$/.test(`${value}`)
        return ids.test(key) && !id.test(`${value}`)
      }),
    )
    expect(wrong).toEqual([])
  })

  test('takes less off an order than its goods are worth, by a third at most', () => {
    for (const { order } of events) {
      if (order === undefined) continue
      const { lines, discounts = [] } = order as OrderJson
      const list = lines.reduce(
        (sum, { quantity, unitPrice }) => sum + quantity * fen(unitPrice),
        0,
      )
      const off = discounts.reduce((sum, { amount }) => sum + fen(amount), 0)
      expect(off * 3).toBeLessThan(list + 1)
    }
  })

  test('gives no platform discount where the platform sells for its own account', () => {
    const supplied = events.filter(({ order }) => {
      const { lines = [], discounts = [] } = (order ?? {}) as Partial<OrderJson>
      const costed = lines.some(({ unitCost }) => unitCost !== undefined)
      return costed && discounts.some(({ funder }) => funder === 'PLATFORM')
    })
    expect(supplied).toEqual([])
  })
})

describe('the number of events', () => {
  test.each([1, 2, 3, 10, 1_001])('is exactly what was asked for: %i', (events) => {
    for (let seed = 0; seed < 20; seed += 1) {
      expect(madeOf(streamOf({ seed, events, merchants: 3 }))).toBe(events)
    }
  })

  test('does not change which ids are made twice: every event id is one content', () => {
    const contents = new Map<string, string>()
    for (const event of streamOf({ events: 5_000 })) {
      const text = JSON.stringify(event)
      expect(contents.get(event.eventId) ?? text).toBe(text)
      contents.set(event.eventId, text)
    }
  })
})

describe('a stream of other days', () => {
  test.each([
    ['2026-06-01', 1],
    ['2026-02-10', 10],
    ['2026-12-20', 28],
    ['2027-01-31', 90],
  ])('from %s over %i days ticks until its last month is closed', (start, days) => {
    const events = streamOf({ events: 500, merchants: 10, start, days })
    const ticks = events.filter(({ type }) => type === 'Tick').map(({ occurredAt }) => occurredAt)
    const others = events.filter(({ type }) => type !== 'Tick').map(({ occurredAt }) => occurredAt)
    const last = others.sort().at(-1) as string
    const local = new Date(Date.parse(last) + 8 * 3_600_000)
    const closes = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1, 6 - 8)
    expect(Date.parse(ticks.at(-1) as string)).toBeGreaterThan(closes)
    expect(ticks.length).toBeGreaterThanOrEqual(days - 1 + 45)
  })

  test('follows the clock changes of its zone', () => {
    const events = streamOf({ events: 10, start: '2026-03-28', days: 3, zone: 'Europe/London' })
    const ticks = events.filter(({ type }) => type === 'Tick').map(({ occurredAt }) => occurredAt)
    expect(ticks.slice(0, 2)).toEqual(['2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z'])
  })

  test('is pulled lazily: a long one starts at once', () => {
    const long = marketplace({ ...demoMonth, events: 1_000_000_000, merchants: 100 })
    expect(long.next().value).toMatchObject({ type: 'ContractSigned' })
    expect(long.next().done).toBe(false)
  })
})

function leavesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' ? leavesOf(inner) : [[key, inner] as [string, unknown]],
  )
}
