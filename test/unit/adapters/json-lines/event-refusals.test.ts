import { describe, expect, test } from 'vitest'
import { createEventReader } from '../../../../src/adapters/json-lines/event-reader.ts'
import { laterEventTypes } from '../../../../src/adapters/json-lines/event-types.ts'
import { schemasFolder } from '../avro/arbitrary-event.ts'
import {
  calendar,
  calendarDay,
  contract,
  discount,
  envelope,
  fee,
  line,
  mode,
  order,
  orderLine,
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

// biome-ignore format: the columns are a table
const refusals: readonly (readonly [string, string, unknown])[] = [
  // field                       message has                                line
  ['record',                     'is no JSON',                              '{"type":'],
  ['record',                     'is no JSON',                              ''],
  ['record',                     'not a list',                              '[]'],
  ['record',                     'not null',                                'null'],
  ['type',                       'is missing',                              without(fee, 'type')],
  ['type',                       'not a number',                            { ...fee, type: 1 }],
  ['type',                       'did you mean "OrderCompleted"?',
    { ...fee, type: 'OrderComplete' }],
  ['type',                       '"Xyz" is no event type',
    { ...fee, type: 'Xyz' }],
  ['type',                       'is no event type',
    { ...fee, type: 'constructor' }],
  ['type',                       'BankLineReceived is not available in this version',
    { ...fee, type: 'BankLineReceived' }],
  ['ordreId',                    'did you mean "orderId"?',
    { ...order, ordreId: 'O-1' }],
  ['order.curency',              'did you mean "currency"?',
    snapshot({ curency: 'CNY' })],
  ['order.lines[0].colour',      'is no field of OrderLine',
    orderLine({ colour: 'red' })],
  ['days',                       'is no field of RuleBookPublished',
    { ...published, days: [] }],
  ['__proto__',                  'is no field',
    JSON.stringify(fee).replace('{', '{"__proto__":{"feeType":"X"},')],
  ['externalId',                 'is missing',
    without(fee, 'externalId')],
  ['partyId',                    'is missing',
    without(order, 'partyId')],
  ['partyId',                    'is no field of Tick',
    { ...tick, partyId: 'M-1' }],
  ['amount',                     'not null',
    { ...fee, amount: null }],
  ['currency',                   'is missing',
    without(fee, 'currency')],
  ['order.currency',             'is missing',
    { ...order, order: { lines: [line] } }],
  ['currency',                   'no known currency',
    { ...fee, currency: 'XYZ' }],
  ['orderId',                    'A-Z a-z 0-9',
    { ...order, orderId: 'O/1' }],
  ['orderId',                    '1 to 64 characters',
    { ...order, orderId: '' }],
  ['orderId',                    '1 to 64 characters',
    { ...order, orderId: 'x'.repeat(65) }],
  ['orderId',                    'must be a string, not a number',
    { ...order, orderId: 17 }],
  ['order.lines[0].sku',         'must not be empty',                       orderLine({ sku: '' })],
  ['order.lines[0].sku',         'surrogate',
    orderLine({ sku: 'a\ud800' })],
  ['amount',                     'write it as a string, "-1.5"',
    { ...fee, amount: -1.5 }],
  ['order.lines[0].unitPrice',   'write it as a string, "10"',
    orderLine({ unitPrice: 10 })],
  ['amount',                     'not an object',                           { ...fee, amount: {} }],
  ['amount',                     'no plain decimal',
    { ...fee, amount: '1e3' }],
  ['amount',                     'no plain decimal',
    { ...fee, amount: '1,000.00' }],
  ['amount',                     'no plain decimal',
    { ...fee, amount: '01' }],
  ['amount',                     'no plain decimal',
    { ...fee, amount: '+1' }],
  ['amount',                     'no plain decimal',                        { ...fee, amount: '' }],
  ['amount',                     'CNY has at most 2 decimals',
    { ...fee, amount: '0.125' }],
  ['amount',                     'CNY has at most 2 decimals',
    { ...fee, amount: '0.100' }],
  ['amount',                     'JPY has no decimals',
    { ...fee, amount: '1.0', currency: 'JPY' }],
  ['order.lines[0].amount',      'CNY has at most 2 decimals',
    orderLine({ amount: '20.005' })],
  ['order.lines[0].unitPrice',   'more than 9 decimals',
    orderLine({ unitPrice: '1.0000000001' })],
  ['amount',                     'too large',
    { ...fee, amount: '45035996273704.97' }],
  ['amount',                     'too large',
    { ...fee, amount: '9'.repeat(40) }],
  ['lines[0].amount',            'too large',
    refundLine({ amount: '4503599627370497' })],
  ['lines[0].amount',            'negative',
    refundLine({ amount: '-5.00' })],
  ['freight',                    'negative',
    { ...refund, freight: '-1' }],
  ['fees[0].amount',             'negative',
    { ...refund, fees: [{ feeType: 'F', amount: '-1' }] }],
  ['order.discounts[0].amount',  'negative',
    discount({ amount: '-1' })],
  ['order.freight',              'negative',
    snapshot({ freight: '-0.01' })],
  ['order.discounts[0].funder',  'did you mean "MERCHANT"?',
    discount({ funder: 'MERCHAND' })],
  ['liability',                  'MERCHANT, PLATFORM, GUIDE',
    { ...refund, liability: 'BUYER' }],
  ['order.lines[0].quantity',    'must be a JSON integer, not a string',
    orderLine({ quantity: '2' })],
  ['order.lines[0].quantity',    'must be a JSON integer, not 1.5',
    orderLine({ quantity: 1.5 })],
  ['order.lines[0].quantity',    'the least is 1',
    orderLine({ quantity: 0 })],
  ['order.lines[0].quantity',    'beyond ±2^31',
    orderLine({ quantity: 2147483648 })],
  ['order.lines[0].lineNo',      'the least is 1',
    orderLine({ lineNo: 0 })],
  ['order.lines[1].lineNo',      '1 stands twice',
    snapshot({ lines: [line, line] })],
  ['order.lines[0].gift',        'must be true or false',
    orderLine({ gift: 'yes' })],
  ['order.lines',                'must not be empty',
    snapshot({ lines: [] })],
  ['order.lines',                'is missing',
    { ...order, order: { currency: 'CNY' } }],
  ['order.lines',                'must be a list',
    snapshot({ lines: {} })],
  ['order.lines[0]',             'must be an object',
    snapshot({ lines: ['x'] })],
  ['order.tags[1]',              'must be a string',
    snapshot({ tags: ['a', 1] })],
  ['order',                      'must be an object, not a list',
    { ...order, order: [] }],
  ['lines',                      'names lines, freight or fees',
    { ...refund, lines: [] }],
  ['occurredAt',                 'has no offset',
    { ...fee, occurredAt: '2026-01-05T10:00:00' }],
  ['occurredAt',                 'has no offset',
    { ...fee, occurredAt: '2026-01-05 10:00' }],
  ['occurredAt',                 'is no instant',
    { ...fee, occurredAt: '2026-01-05' }],
  ['occurredAt',                 'must be a string',
    { ...fee, occurredAt: 1767225600000 }],
  ['at',                         'differs from occurredAt',
    { ...tick, at: '2026-01-05T10:00:00Z' }],
  ['validFrom',                  'is no day',
    { ...mode, validFrom: '2026-02-30' }],
  ['validFrom',                  'outside the years 1970 to 9999',
    { ...mode, validFrom: '1969-12-31' }],
  ['ruleBook',                   'must be an object',
    { ...published, ruleBook: '{}' }],
  ['ruleBook',                   'is missing',
    without(published, 'ruleBook')],
  ['version',                    'differs from ruleBook.version',
    { ...published, version: 3 }],
  ['ruleBookId',                 'differs from ruleBook.ruleBookId',
    { ...published, ruleBookId: 'x' }],
  ['ruleBookId',                 'is missing',
    { ...published, ruleBook: { version: 1 } }],
  ['ruleBook.zone',              'is no time zone',
    { ...published, ruleBook: { ...ruleBook, zone: 'Mars/Base', validFrom: '2026-01-01' } }],
  ['ruleBook.zone',              'must be the name',
    { ...published, ruleBook: { ruleBookId: 'rb', version: 1, validFrom: '2026-01-01' } }],
  ['ruleBook',                   'is no day',
    { ...published, ruleBook: { ...ruleBook, validFrom: '0000-01-01' } }],
  ['ruleBook',                   'no canonical form',
    JSON.stringify(published).replace('"schedules":[]', '"schedules":[1e999]')],
  ['ruleBook',                   'too deep',
    JSON.stringify(published).replace('[]', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ['version',                    'the least is 1',
    { ...contract, version: 0 }],
  ['days',                       'at least two days',
    { ...calendar, days: (calendar.days as unknown[]).slice(0, 1) }],
  ['days',                       'is missing',
    without(calendar, 'days')],
  ['days[1].day',                'does not follow',
    { ...calendar, days: (calendar.days as unknown[]).toReversed() }],
  ['days[1].startsAt',           'is not after',
    { ...calendar, days: [calendarDay, { ...calendarDay, day: '2026-01-02' }] }],
  ['number',                     'the least is 1',
    { type: 'BehaviourActivated', ...envelope, number: 0 }],
]

describe('refused lines', () => {
  test.each(refusals)('%s %s', (field, message, json) => {
    expect(read(json)).toEqual({ ok: false, field, message: expect.stringContaining(message) })
  })

  test('without a zone, local days are refused and instants are not', () => {
    const zoneless = createEventReader({ schemasFolder, zone: undefined })
    const field = { ok: false, message: expect.stringContaining('--zone') }
    expect(zoneless.read(JSON.stringify(mode))).toEqual({ ...field, field: 'validFrom' })
    expect(zoneless.read(JSON.stringify(contract))).toEqual({ ...field, field: 'contract' })
    expect(zoneless.read(JSON.stringify(published))).toMatchObject({ ok: true })
  })

  test('a long foreign key or type is named by its beginning', () => {
    const key = read({ ...fee, ['x'.repeat(1000)]: 1 })
    expect(key).toMatchObject({ ok: false, field: `${'x'.repeat(64)}…` })
    expect(JSON.stringify(read({ type: 'x'.repeat(1000) })).length).toBeLessThan(200)
  })

  test.each(laterEventTypes)('%s is not available yet, and says so', (type) => {
    const message = `${type} is not available in this version`
    expect(read({ type })).toEqual({ ok: false, field: 'type', message })
  })

  test('a reader for a zone that is none cannot be made', () => {
    const make = (): unknown => createEventReader({ schemasFolder, zone: 'Mars/Base' })
    expect(make).toThrow('"Mars/Base" is no time zone')
  })
})
