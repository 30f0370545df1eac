import avsc from 'avsc'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAvroCodec } from '../../../../src/adapters/avro/avro-codec.ts'
import { createOutputReader } from '../../../../src/adapters/avro/output-reader.ts'
import { formatDay, parseDay } from '../../../../src/domain/calendar/day.ts'
import { EntryDraft } from '../../../../src/domain/statements/entry.ts'
import { legs } from '../../../../src/domain/statements/statement.ts'
import type { Rejection } from '../../../../src/fold/emissions.ts'
import { sampleStatement } from '../../../contract/sample-statement.ts'
import { anyEvent, registry, schemaOf, schemasFolder } from './arbitrary-event.ts'

// The avsc library is the judge: what it writes is Avro.

const codec = createAvroCodec(schemasFolder)
const reader = createOutputReader(schemasFolder)
const types = new Map(
  Object.keys(registry).map((name) => [
    name,
    avsc.Type.forSchema(schemaOf(name) as unknown as avsc.Schema),
  ]),
)

function byLibrary(name: string, value: unknown): string {
  const id = (registry[name] as number).toString(16).padStart(8, '0')
  return `00${id}${(types.get(name) as avsc.Type).toBuffer(value).toString('hex')}`
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('events are the bytes that the library writes', () => {
  const same = fc.property(anyEvent, (event) => {
    expect(hex(codec.encodeEvent(event))).toBe(byLibrary(event.type, event))
  })
  fc.assert(same, { numRuns: 1000 })
})

const text = fc.string({ unit: 'grapheme', maxLength: 80 })
const amount = fc.integer({ min: -(2 ** 51), max: 2 ** 51 })
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values)

const line = fc.record({
  orderId: orNull(text),
  lineNo: orNull(fc.nat(1000)),
  sku: orNull(text),
  feeType: text,
  leg: fc.constantFrom(...legs),
  amount,
  taxAmount: orNull(amount),
  basis: orNull(fc.record({ of: text, base: amount, rate: orNull(text), exact: orNull(text) })),
  ruleId: orNull(text),
  ruleBookVersion: orNull(fc.nat(1000)),
  occurredAt: fc.integer({ min: 0, max: 253_402_300_799_999 }),
  originLineId: orNull(text),
  originPeriod: orNull(fc.integer({ min: 0, max: 30_000 }).map(formatDay)),
})

const entry = fc.record({
  statementId: text,
  entryNo: fc.nat(100_000),
  eventId: orNull(text),
  firstSeq: fc.nat(100_000),
  lines: fc.array(line, { maxLength: 5 }),
})

type EntryValue = typeof entry extends fc.Arbitrary<infer T> ? T : never

/** One draft for all entries, as the fold has it. */
const draft = new EntryDraft()

function fill(value: EntryValue): EntryDraft {
  draft.clear()
  draft.statementId = value.statementId
  draft.entryNo = value.entryNo
  draft.eventId = value.eventId
  draft.firstSeq = value.firstSeq
  for (const row of value.lines) {
    const at = draft.add(row.feeType, row.leg, row.amount, row.occurredAt)
    draft.orderId[at] = row.orderId
    draft.lineNo[at] = row.lineNo
    draft.sku[at] = row.sku
    draft.taxAmount[at] = row.taxAmount
    draft.basisOf[at] = row.basis?.of ?? null
    draft.basisBase[at] = row.basis?.base ?? 0
    draft.basisRate[at] = row.basis?.rate ?? null
    draft.basisExact[at] = row.basis?.exact ?? null
    draft.ruleId[at] = row.ruleId
    draft.ruleBookVersion[at] = row.ruleBookVersion
    draft.originLineId[at] = row.originLineId
    draft.originPeriod[at] = row.originPeriod
  }
  return draft
}

function decoded({ firstSeq, lines, ...rest }: EntryValue): object {
  return {
    ...rest,
    lines: lines.map((row, index) => ({
      ...row,
      seq: firstSeq + index,
      originPeriod: row.originPeriod === null ? null : parseDay(row.originPeriod),
      lateReason: row.originPeriod === null ? null : 'PERIOD_CLOSED',
    })),
  }
}

test('an entry is the bytes that the library writes, and reads as it was', () => {
  const same = fc.property(entry, (value) => {
    const bytes = codec.encodeEntry(fill(value))
    const expected = (types.get('Entry') as avsc.Type).toBuffer(decoded(value))
    expect(hex(bytes)).toBe(expected.toString('hex'))
    const pack = codec.encodeEntryPack(1, [{ outSeq: 9, bytes }])
    expect(reader.decodeEntryPack(pack)).toEqual({
      partition: 1,
      entries: [{ outSeq: 9, entry: decoded(value) }],
    })
  })
  fc.assert(same, { numRuns: 1000 })
})

test('a pack is the bytes that the library writes, and gives each entry its bytes back', () => {
  const same = fc.property(fc.array(entry, { maxLength: 4 }), (values) => {
    const packed = values.map((value, outSeq) => ({
      outSeq,
      bytes: codec.encodeEntry(fill(value)),
    }))
    const pack = codec.encodeEntryPack(5, packed)
    const entries = values.map((value, outSeq) => ({ outSeq, entry: decoded(value) }))
    expect(hex(pack)).toBe(byLibrary('EntryPack', { partition: 5, entries }))
    const again = reader.decodeEntryPack(pack).entries.map((one) => reader.entryBytes(one.entry))
    expect(again).toEqual(packed.map(({ bytes }) => bytes))
  })
  fc.assert(same, { numRuns: 300 })
})

test('longs are exact up to the safe range, where the library changes their sign', () => {
  const exact = fc.property(fc.maxSafeInteger(), (value) => {
    draft.clear()
    draft.add('FEE', 'FORWARD', value, 0)
    const pack = codec.encodeEntryPack(0, [{ outSeq: 0, bytes: codec.encodeEntry(draft) }])
    expect(reader.decodeEntryPack(pack).entries[0]?.entry.lines[0]?.amount).toBe(value)
  })
  fc.assert(exact, { examples: [[2 ** 52 + 1], [-(2 ** 52) - 1], [Number.MIN_SAFE_INTEGER]] })
})

const statement = {
  ...sampleStatement(),
  totals: [{ feeType: 'COMMISSION', forward: -500, reverse: 100, other: 7 }],
  ruleBookVersions: [1, 2],
}

test('a statement that is open has no number, no roots and no closing', () => {
  expect(reader.decodeStatement(codec.encodeStatement(4, statement))).toMatchObject({
    outSeq: 4,
    statementId: 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01',
    number: null,
    root: null,
    previousRoot: null,
    closedAt: null,
    entrySchema: 'Entry-1',
    totals: [{ feeType: 'COMMISSION', forward: -500, reverse: 100, other: 7, net: -393 }],
    ruleBookVersions: [1, 2],
    history: [{ status: 'OPEN', at: 1_767_196_800_000, by: null, reason: null }],
  })
})

test('a statement that is closed has all of it', () => {
  const [root, previousRoot] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const closing = { number: 3, root, previousRoot, closedAt: 5, finalisedAt: 5 }
  const bytes = codec.encodeStatement(4, { ...statement, ...closing, status: 'FINALISED' })
  expect(reader.decodeStatement(bytes)).toMatchObject({ ...closing, status: 'FINALISED' })
})

test('notices and rejections read as they were written', () => {
  const notice = {
    noticeId: 'NOT_APPLIED:M-1:1',
    kind: 'NOT_APPLIED' as const,
    partyId: 'M-1',
    statementId: null,
    at: 1,
    facts: [{ name: 'section', value: 'fx' }],
  }
  expect(reader.decodeNotice(codec.encodeNotice(1, notice))).toEqual({ outSeq: 1, ...notice })
  const rejection: Rejection = {
    eventId: 'e',
    type: 'Tick',
    partyId: null,
    code: 'OUT_OF_RANGE',
    message: 'at: is beyond ±2^52',
    partition: 0,
    offset: 2 ** 40,
    firstSeenAt: null,
    record: Uint8Array.from([0, 255]),
  }
  const again = reader.decodeRejection(codec.encodeRejection(2, rejection))
  expect(again).toEqual({ outSeq: 2, ...rejection })
})

test('an instruction reads as the library wrote it', () => {
  const instruction = {
    outSeq: 1,
    instructionId: 'S:PAYOUT:1',
    kind: 'PAYOUT',
    statementId: 'S',
    partyId: 'M-1',
    entity: 'E-CN',
    amount: 100,
    currency: 'CNY',
    dueOn: 20_000,
    attempt: 1,
    idempotencyKey: 'k',
  }
  const bytes = Buffer.from(byLibrary('Instruction', instruction), 'hex')
  expect(reader.decodeInstruction(bytes)).toEqual(instruction)
})

test('a record of another schema, or one that is damaged, is corrupt', () => {
  const bytes = codec.encodeStatement(4, statement)
  expect(() => reader.decodeNotice(bytes)).toThrow('framed with id 103')
  expect(() => reader.decodeStatement(bytes.subarray(0, 40))).toThrow('ends too early')
  expect(() => reader.decodeStatement(Uint8Array.from([...bytes, 1]))).toThrow('left over')
})
