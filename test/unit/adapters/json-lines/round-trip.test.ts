import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAvroCodec } from '../../../../src/adapters/avro/avro-codec.ts'
import { createEventReader } from '../../../../src/adapters/json-lines/event-reader.ts'
import { createEventWriter } from '../../../../src/adapters/json-lines/event-writer.ts'
import { anyFileEvent, fileEventTypes, schemasFolder, zone } from '../avro/arbitrary-event.ts'
import { fullEvent } from '../avro/full-event.ts'

const codec = createAvroCodec(schemasFolder)
const reader = createEventReader({ schemasFolder, zone })
const writer = createEventWriter(schemasFolder)

test('JSON, Avro and JSON again say the same', () => {
  const same = fc.property(anyFileEvent, (event) => {
    const json = writer.toJson(event)
    const read = reader.read(JSON.stringify(json))
    expect(read).toEqual({ ok: true, event })
    const decoded = codec.decodeEvent(codec.encodeEvent(event))
    expect(decoded).toEqual(read)
    expect(decoded.ok && writer.toJson(decoded.event)).toEqual(json)
  })
  fc.assert(same, { numRuns: 2000 })
})

test('a line read from a file is always one that the log takes', () => {
  const taken = fc.property(anyFileEvent, (event) => {
    const read = reader.read(JSON.stringify(writer.toJson(event)))
    expect(read.ok && codec.decodeEvent(codec.encodeEvent(read.event)).ok).toBe(true)
  })
  fc.assert(taken, { numRuns: 500 })
})

describe.each(fileEventTypes)('%s', (type) => {
  test('has its type first and its fields in the order of its schema', () => {
    const json = writer.toJson(fullEvent(type))
    expect(Object.keys(json).slice(0, 3)).toEqual(['type', 'eventId', 'occurredAt'])
  })
})

test('amounts, decimals and instants are written as files have them', () => {
  expect(writer.toJson(fullEvent('FeeLineSubmitted'))).toEqual({
    type: 'FeeLineSubmitted',
    eventId: 'X-1',
    occurredAt: '2026-01-01T00:00:00.000Z',
    partyId: 'X-1',
    source: 'text 文',
    sourceSystem: 'X-1',
    externalId: 'X-1',
    feeType: 'name',
    amount: '1.00',
    currency: 'CNY',
    orderId: 'X-1',
    orderCreatedAt: '2026-01-01T00:00:00.000Z',
    lineNo: 1,
    quantity: 1,
    unitPrice: '1.50',
    taxAmount: '1.00',
    description: 'text 文',
  })
})

test('a document in the log that is no JSON is written as the text it is', () => {
  const event = { ...fullEvent('RuleBookPublished'), document: '{' }
  expect(writer.toJson(event as typeof event & { type: 'RuleBookPublished' }).ruleBook).toBe('{')
})
