import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAvroCodec } from '../../../../src/adapters/avro/avro-codec.ts'
import type { Event } from '../../../../src/fold/events.ts'
import { type AvroField, eventTypes, schemaOf, schemasFolder } from './arbitrary-event.ts'
import { fullEvent, leaves, withValue } from './full-event.ts'

const codec = createAvroCodec(schemasFolder)
const max = 2 ** 52
const lastInstant = 253_402_300_799_999

/** Values of a field that break its form, and those that are numbers beyond the log's range. */
function faults(field: AvroField): { form: unknown[]; range: unknown[] } {
  const below = field.minimum === undefined ? [] : [field.minimum - 1]
  switch (field.settle) {
    case 'id':
      return { form: ['', 'x'.repeat(65), 'a b', 'M/1', 'é'], range: [] }
    case 'name':
    case 'document':
      return { form: [''], range: [] }
    case 'currency':
      return { form: ['', 'XXX', 'cny'], range: [] }
    case 'integer':
      return { form: [...below, 2 ** 31, -(2 ** 31) - 1], range: [max + 1, -max - 1] }
    case 'minor':
      return { form: below, range: [max + 1, -max - 1, Number.MAX_SAFE_INTEGER] }
    case 'instant':
    case 'instantOrDay':
      return { form: [-1, lastInstant + 1], range: [max + 1, -max - 1] }
    case 'dayStart':
      return { form: [-70_000_000_000_000, lastInstant * 2], range: [max + 1] }
    case 'day':
      return { form: [-719_163, 2_932_897], range: [max + 1] }
    case 'decimal':
      return decimalFaults(field)
    default:
      return { form: [], range: [] }
  }
}

function decimalFaults(field: AvroField): { form: unknown[]; range: unknown[] } {
  const below = field.minimum === undefined ? [] : [{ unscaled: field.minimum - 1, scale: 2 }]
  return {
    form: [...below, { unscaled: 1, scale: 10 }, { unscaled: 1, scale: -1 }],
    range: [
      { unscaled: max + 1, scale: 0 },
      { unscaled: -max - 1, scale: 0 },
      { unscaled: 1, scale: max + 1 },
    ],
  }
}

/** The outermost values that a field may have. */
function limits(field: AvroField): unknown[] {
  switch (field.settle) {
    case 'id':
      return ['x'.repeat(64), 'A-z0.9_:?']
    case 'integer':
      return [field.minimum ?? -(2 ** 31), 2 ** 31 - 1]
    case 'minor':
      return [field.minimum ?? -max, max]
    case 'decimal':
      return [
        { unscaled: field.minimum ?? -max, scale: 0 },
        { unscaled: max, scale: 9 },
      ]
    default:
      return []
  }
}

function decode(event: Event): unknown {
  return codec.decodeEvent(codec.encodeEvent(event))
}

describe.each(eventTypes)('%s', (type) => {
  const event = fullEvent(type)

  test('with every field reads as it was written', () => {
    expect(decode(event)).toEqual({ ok: true, event })
  })

  test.each(leaves(schemaOf(type)))('holds %s to what its schema says', (path, field) => {
    const { form, range } = faults(field)
    const begin = new RegExp(`^${path.replace(/[.[\]]/g, '\\$&')}(\\.unscaled|\\.scale)?: `)
    for (const [code, values] of [
      ['SCHEMA_INVALID', form],
      ['OUT_OF_RANGE', range],
    ] as const) {
      for (const value of values) {
        const decoded = decode(withValue(event, path, value))
        expect(decoded, `${path} = ${JSON.stringify(value)}`).toEqual({
          ok: false,
          code,
          message: expect.stringMatching(begin),
        })
      }
    }
  })

  test('takes the outermost values that its schema allows', () => {
    for (const [path, field] of leaves(schemaOf(type))) {
      for (const value of limits(field)) {
        const changed = withValue(event, path, value)
        expect(decode(changed), path).toEqual({ ok: true, event: changed })
      }
    }
  })
})

const order = fullEvent('OrderCompleted')
const refund = fullEvent('RefundSucceeded')
const calendar = fullEvent('CalendarPublished')
const ruleBook = fullEvent('RuleBookPublished')
const line = (order as unknown as { order: { lines: unknown[] } }).order.lines[0] as object
const dayStart = { day: 1, startsAt: 0 }
const nextDay = { day: 1, startsAt: 0, workday: true }

const outOfOrder = [3, 2, 4, 2].map((lineNo) => ({ ...line, lineNo }))
const ofNothing = { ...refund, lines: [], fees: [], freight: null } as Event
const twoInstants = withValue(fullEvent('Tick'), 'at', 1)

const wholes: readonly (readonly [string, string, Event])[] = [
  // what                                path                     event
  ['an order without lines', 'order.lines', withValue(order, 'order.lines', [])],
  [
    'a line number that stands twice',
    'order.lines[1].lineNo',
    withValue(order, 'order.lines', [line, line]),
  ],
  [
    'one that does so out of order',
    'order.lines[3].lineNo',
    withValue(order, 'order.lines', outOfOrder),
  ],
  ['a refund of nothing', 'lines', ofNothing],
  ['a tick whose instants differ', 'at', twoInstants],
  ['a calendar of one day', 'days', withValue(calendar, 'days', [nextDay])],
  ['a calendar with a gap', 'days[1].day', withValue(calendar, 'days[1].day', 2)],
  ['a calendar that does not rise', 'days[1].startsAt', withValue(calendar, 'days[1].startsAt', 0)],
  [
    'a document day that stands twice',
    'days[1].day',
    withValue(ruleBook, 'days', [dayStart, dayStart]),
  ],
]

test.each(wholes)('refuses %s', (_, path, event) => {
  const decoded = decode(event) as { message: string }
  expect(decoded).toMatchObject({ ok: false, code: 'SCHEMA_INVALID' })
  expect(decoded.message.startsWith(`${path}: `)).toBe(true)
})

test('a refund of freight alone, and one of fees alone, are sound', () => {
  for (const absent of [
    { lines: [], fees: [] },
    { lines: [], freight: null },
  ]) {
    const event = { ...refund, ...absent } as Event
    expect(decode(event)).toEqual({ ok: true, event })
  }
})

const framed = (...bytes: number[]): Uint8Array => Uint8Array.from([0, 0, 0, 0, ...bytes])
const behaviour = (...bytes: number[]): Uint8Array => framed(18, ...bytes)
const idX = [2, 0x58]
const refundHead = [...idX, 0, ...idX, 0, ...idX, ...idX, 0]
const many = (count: number, byte: number): number[] => Array<number>(count).fill(byte)
const [form, range] = ['SCHEMA_INVALID', 'OUT_OF_RANGE']

const bytes: readonly (readonly [string, string, string, Uint8Array])[] = [
  // what                             begins with      code   bytes
  ['no bytes', 'record: ', form, new Uint8Array(0)],
  ['no framing', 'record: ', form, Uint8Array.from([1, 0, 0, 0, 18, 2])],
  ['an id that no schema has', 'record: schema id 99', form, framed(99, 2, 0x58)],
  ['the id of an output', 'record: schema id 103', form, framed(103, 2, 0x58)],
  ['an id beyond 2^31', 'record: schema id 4278190098', form, Uint8Array.from([0, 255, 0, 0, 18])],
  ['nothing but framing', 'eventId: ', form, behaviour()],
  ['a text longer than the record', 'eventId: ', form, behaviour(80, 0x58)],
  ['a text of negative length', 'eventId: ', form, behaviour(1, 0x58)],
  ['an endless number', 'occurredAt: ', form, behaviour(...idX, ...many(11, 0x80), 0)],
  ['the largest long', 'occurredAt: ', range, behaviour(...idX, 0xfe, ...many(8, 0xff), 1)],
  ['the smallest long', 'occurredAt: ', range, behaviour(...idX, ...many(9, 0xff), 1)],
  ['a third union branch', 'source: ', form, behaviour(...idX, 0, 4, 2)],
  ['text that is not UTF-8', 'source: ', form, behaviour(...idX, 0, 2, 2, 0xff, 2)],
  ['half of a surrogate pair', 'source: ', form, behaviour(...idX, 0, 2, 6, 0xed, 0xa0, 0x80, 2)],
  ['bytes left over', 'record: ', form, behaviour(...idX, 0, 0, 2, 0)],
  ['an array of too many items', 'lines: ', form, framed(6, ...refundHead, ...many(4, 0xfe), 0x0f)],
]

test.each(bytes)('refuses %s', (_, begin, code, value) => {
  const decoded = codec.decodeEvent(value)
  expect(decoded).toMatchObject({ ok: false, code })
  expect((decoded as { message: string }).message.slice(0, begin.length)).toBe(begin)
})

test('an unknown enum symbol and a boolean of 2 are refused', () => {
  const value = codec.encodeEvent(refund)
  value[value.length - 1] = 6
  expect(codec.decodeEvent(value)).toMatchObject({ message: 'liability: is none of the symbols' })
  const days = codec.encodeEvent(calendar)
  days[days.length - 2] = 2
  expect(codec.decodeEvent(days)).toMatchObject({
    message: 'days[1].workday: is neither true nor false',
  })
})

test('an array in several blocks, also with sizes, reads as one', () => {
  const blocks = [2, 2, 2, 0, 0, 1, 8, 4, 4, 0, 0, 0]
  const value = framed(6, ...idX, 0, ...idX, 0, ...idX, ...idX, 0, ...blocks, 0, 0, 0, 0)
  expect(codec.decodeEvent(value)).toMatchObject({
    ok: true,
    event: { lines: [{ lineNo: 1 }, { lineNo: 2 }] },
  })
})

test('any bytes behind the framing of any event are decided', () => {
  const body = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 2, 0x58)), { maxLength: 60 })
  const isDecided = fc.property(fc.integer({ min: 1, max: 18 }), body, (id, rest) => {
    const decoded = codec.decodeEvent(framed(id, ...rest))
    if (!decoded.ok) expect(decoded.message).toMatch(/^[A-Za-z0-9.[\]]+: /)
  })
  fc.assert(isDecided, { numRuns: 20_000 })
})
