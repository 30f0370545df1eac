import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventReader } from '../../../../src/adapters/json-lines/event-reader.ts'
import { eventTypes } from '../../../../src/adapters/json-lines/event-types.ts'
import { schemasFolder, fileEventTypes as schemaTypes } from '../avro/arbitrary-event.ts'
import {
  calendar,
  contract,
  fee,
  type Json,
  line,
  mode,
  order,
  published,
  refund,
  refundLine,
  ruleBook,
  snapshot,
  tick,
  without,
} from './sample-lines.ts'

const reader = createEventReader({ schemasFolder, zone: 'Asia/Shanghai' })

function read(json: unknown): ReturnType<typeof reader.read> {
  return reader.read(typeof json === 'string' ? json : JSON.stringify(json))
}

describe('sound lines', () => {
  test('an order is read in the shape of the fold: null and [] for what is absent', () => {
    expect(read(order)).toEqual({
      ok: true,
      event: {
        type: 'OrderCompleted',
        eventId: 'e-1',
        occurredAt: Date.UTC(2026, 0, 5, 2),
        partyId: 'M-1',
        source: null,
        orderId: 'O-1',
        orderCreatedAt: Date.UTC(2026, 0, 5, 2),
        order: {
          currency: 'CNY',
          lines: [
            {
              lineNo: 1,
              sku: 'SKU-1',
              spu: null,
              skuType: null,
              category: null,
              quantity: 2,
              unitPrice: { unscaled: 10_005, scale: 3 },
              amount: null,
              gift: null,
              unitCost: null,
            },
          ],
          discounts: [],
          freight: null,
          guideId: null,
          channel: null,
          buyerRef: null,
          tags: [],
        },
      },
    })
  })

  // biome-ignore format: the columns are a table
  const sound: readonly (readonly [string, unknown])[] = [
    ['a refund of freight alone',           { ...without(refund, 'lines'), freight: '0.5' }],
    ['a refund of more decimals',           refundLine({ amount: '5.123456789' })],
    ['a fee',                               fee],
    ['a tick in two notations',             tick],
    ['null for an optional field',          { ...fee, description: null, lineNo: null }],
    ['fewer decimals than the currency has', { ...fee, amount: '-1' }],
    ['yen without decimals',                { ...fee, amount: '-1', currency: 'JPY' }],
    ['a contract',                          contract],
    ['a contract without days, no zone',    { ...contract, contract: { mode: 'SOP' } }],
    ['a calendar',                          calendar],
    ['ids of the document said again',      { ...published, ruleBookId: 'rb', version: 2 }],
    ['a key twice, of which the last counts', JSON.stringify(fee).replace('{', '{"feeType":1,')],
  ]
  test.each(sound)('%s', (_, json) => {
    expect(read(json)).toMatchObject({ ok: true })
  })

  test('a rule book becomes canonical JSON with the start of each day it names', () => {
    const versions = [{ validTo: '2026-02-01', validFrom: '2026-01-01' }]
    const document = { ...ruleBook, schedules: [{ versions }], calendars: { x: ['2026-05-05'] } }
    expect(read({ ...published, ruleBook: document })).toMatchObject({
      ok: true,
      event: {
        type: 'RuleBookPublished',
        ruleBookId: 'rb',
        version: 2,
        document:
          '{"calendars":{"x":["2026-05-05"]},"ruleBookId":"rb","schedules":' +
          '[{"versions":[{"validFrom":"2026-01-01","validTo":"2026-02-01"}]}],' +
          '"version":2,"zone":"Asia/Shanghai"}',
        days: [
          { day: 20_454, startsAt: Date.UTC(2025, 11, 31, 16) },
          { day: 20_485, startsAt: Date.UTC(2026, 0, 31, 16) },
        ],
      },
    })
  })

  test('a local day as validFrom is the instant at which it starts in the zone', () => {
    expect(read(mode)).toMatchObject({ event: { validFrom: Date.UTC(2026, 0, 31, 16) } })
    const instant = { ...mode, validFrom: '2026-02-01T12:00:00Z' }
    expect(read(instant)).toMatchObject({ event: { validFrom: Date.UTC(2026, 1, 1, 12) } })
  })

  test('one line does not lend its currency or document to the next', () => {
    read(contract)
    read(snapshot({ currency: 'JPY', lines: [{ ...line, amount: '20' }] }))
    expect(read(fee)).toMatchObject({ event: { amount: -150 } })
  })
})

describe('whatever the line', () => {
  const isDecided = (text: string): void => {
    const found = reader.read(text)
    if (!found.ok) expect(found.message).not.toBe('')
  }

  test('reading never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), isDecided), { numRuns: 2000 })
  })

  test('reading never throws on a sound line with one foreign value', () => {
    const sound = fc.constantFrom(order, refund, fee, tick, mode, published, contract, calendar)
    const changed = fc
      .tuple(sound, fc.nat(), fc.jsonValue())
      .map(([json, place, value]) => replaceNth(json, place, value))
    fc.assert(fc.property(changed, isDecided), { numRuns: 5000 })
  })
})

/** The JSON text of a value in which one part, counted from the outside, is another. */
function replaceNth(json: Json, place: number, value: unknown): string {
  let count = 0
  JSON.stringify(json, (_, part) => {
    count += 1
    return part
  })
  let left = place % count
  return JSON.stringify(json, (_, part) => {
    left -= 1
    return left === -1 ? value : part
  })
}

test('the reader knows every event type of a file that has a schema', () => {
  expect([...eventTypes].sort()).toEqual([...schemaTypes].sort())
})
