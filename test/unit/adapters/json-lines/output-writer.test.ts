import { expect, test } from 'vitest'
import { createAvroCodec } from '../../../../src/adapters/avro/avro-codec.ts'
import { createOutputReader } from '../../../../src/adapters/avro/output-reader.ts'
import {
  instructionJson,
  lineJson,
  noticeJson,
  rejectionJson,
  statementJson,
} from '../../../../src/adapters/json-lines/output-writer.ts'
import { EntryDraft } from '../../../../src/domain/statements/entry.ts'
import type { Instruction, Rejection } from '../../../../src/fold/emissions.ts'
import { sampleStatement } from '../../../contract/sample-statement.ts'
import { schemasFolder } from '../avro/arbitrary-event.ts'

const codec = createAvroCodec(schemasFolder)
const reader = createOutputReader(schemasFolder)
const at = Date.UTC(2026, 0, 1, 2)

/** Compares names, values and order. */
function expectJson(json: unknown, expected: unknown): void {
  expect(JSON.stringify(json, null, 1)).toBe(JSON.stringify(expected, null, 1))
}

function entryOf(fill: (entry: EntryDraft) => void): Parameters<typeof lineJson> {
  const draft = new EntryDraft()
  draft.statementId = 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01'
  draft.entryNo = 2
  draft.firstSeq = 5
  fill(draft)
  const pack = codec.encodeEntryPack(0, [{ outSeq: 1, bytes: codec.encodeEntry(draft) }])
  const { entry } = reader.decodeEntryPack(pack).entries[0]!
  return [entry, entry.lines[0]!]
}

test('a line with every field has them in the order of the interface', () => {
  const json = lineJson(
    ...entryOf((entry) => {
      entry.eventId = 'e-1'
      const line = entry.add('COMMISSION', 'REVERSE', -5, at)
      entry.orderId[line] = 'O-1'
      entry.lineNo[line] = 1
      entry.sku[line] = 'SKU-1'
      entry.taxAmount[line] = -1
      entry.basisOf[line] = 'NET'
      entry.basisBase[line] = 10_000
      entry.basisRate[line] = '0.05'
      entry.basisExact[line] = '500/1'
      entry.ruleId[line] = 'fs-1'
      entry.ruleBookVersion[line] = 7
      entry.originLineId[line] = 'M-1/E-CN/SOP/CNY/DAILY/2025-12-31#1'
      entry.originPeriod[line] = '2025-12-31'
    }),
  )
  expectJson(json, {
    lineId: 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01#5',
    statementId: 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01',
    seq: 5,
    entryNo: 2,
    eventId: 'e-1',
    partyId: 'M-1',
    orderId: 'O-1',
    lineNo: 1,
    sku: 'SKU-1',
    feeType: 'COMMISSION',
    leg: 'REVERSE',
    amount: '-0.05',
    taxAmount: '-0.01',
    currency: 'CNY',
    basis: { of: 'NET', base: '100.00', rate: '0.05', exact: '500/1' },
    ruleId: 'fs-1',
    ruleBookVersion: 7,
    occurredAt: '2026-01-01T02:00:00.000Z',
    originLineId: 'M-1/E-CN/SOP/CNY/DAILY/2025-12-31#1',
    originPeriod: '2025-12-31',
    lateReason: 'PERIOD_CLOSED',
  })
})

test('a line leaves out what is absent', () => {
  const json = lineJson(...entryOf((entry) => entry.add('CARRY', 'CARRY', 38_000, at)))
  expectJson(json, {
    lineId: 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01#5',
    statementId: 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01',
    seq: 5,
    entryNo: 2,
    partyId: 'M-1',
    feeType: 'CARRY',
    leg: 'CARRY',
    amount: '380.00',
    currency: 'CNY',
    occurredAt: '2026-01-01T02:00:00.000Z',
  })
})

const open = {
  ...sampleStatement(),
  total: -393,
  totals: [{ feeType: 'COMMISSION', forward: -500, reverse: 100, other: 7 }],
  lineCount: 3,
  entryCount: 2,
  ruleBookVersions: [7],
}

test('an open statement leaves out what closing gives', () => {
  const root = new Uint8Array(32)
  expectJson(statementJson({ ...open, root, previousRoot: root, closedAt: 1, finalisedAt: 1 }), {
    statementId: 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01',
    partyId: 'M-1',
    partyKind: 'MERCHANT',
    entity: 'E-CN',
    mode: 'SOP',
    currency: 'CNY',
    zone: 'Asia/Shanghai',
    cycle: 'DAILY',
    periodStart: '2025-12-31T16:00:00.000Z',
    periodEnd: '2026-01-01T16:00:00.000Z',
    status: 'OPEN',
    opening: '0.00',
    total: '-3.93',
    closing: '0.00',
    taxTotal: '0.00',
    totals: [
      { feeType: 'COMMISSION', forward: '-5.00', reverse: '1.00', other: '0.07', net: '-3.93' },
    ],
    lineCount: 3,
    entryCount: 2,
    entrySchema: 'Entry-1',
    ruleBookVersions: [7],
    lateLines: 0,
    history: [{ status: 'OPEN', at: '2025-12-31T16:00:00.000Z' }],
  })
})

test('a closed statement has number, roots in hex, and instants', () => {
  const history = [{ status: 'CONFIRMED' as const, at, by: 'U-1', reason: 'fine' }]
  const root = new Uint8Array(32).fill(0xab)
  const closing = { number: 3, root, previousRoot: null, closedAt: at, finalisedAt: at }
  const json = statementJson({ ...open, ...closing, history, status: 'CONFIRMED' })
  expect(Object.keys(json).slice(0, 3)).toEqual(['statementId', 'number', 'partyId'])
  expect(json).toMatchObject({
    number: 3,
    root: 'ab'.repeat(32),
    closedAt: '2026-01-01T02:00:00.000Z',
    finalisedAt: '2026-01-01T02:00:00.000Z',
    history: [{ status: 'CONFIRMED', at: '2026-01-01T02:00:00.000Z', by: 'U-1', reason: 'fine' }],
  })
  expect(json).not.toHaveProperty('previousRoot')
})

test('the first instant of all is an instant, not absent', () => {
  const closing = { number: 1, root: null, previousRoot: null, closedAt: 0, finalisedAt: 0 }
  expect(statementJson({ ...open, ...closing }).closedAt).toBe('1970-01-01T00:00:00.000Z')
})

test('money has exactly the decimals of its currency', () => {
  expect(statementJson({ ...open, currency: 'JPY' }).total).toBe('-393')
  expect(statementJson({ ...open, currency: 'KWD' }).total).toBe('-0.393')
})

test('a notice keeps the order of its facts, and a name may stand twice', () => {
  const facts = [
    { name: 'problem', value: 'b' },
    { name: 'problem', value: 'a' },
  ]
  const kind = 'RULE_BOOK_REJECTED'
  const notice = { noticeId: 'n', kind, partyId: null, statementId: null, at, facts } as const
  expectJson(noticeJson(notice), { noticeId: 'n', kind, at: '2026-01-01T02:00:00.000Z', facts })
})

const rejection: Rejection = {
  eventId: 'e-1',
  type: 'Tick',
  partyId: null,
  code: 'OUT_OF_RANGE',
  message: 'at: is beyond ±2^52',
  partition: 0,
  offset: 7,
  firstSeenAt: at,
  record: new Uint8Array(3),
}

test('a rejection has the event when the record could be decoded', () => {
  expectJson(rejectionJson(rejection, { type: 'Tick' }), {
    eventId: 'e-1',
    type: 'Tick',
    code: 'OUT_OF_RANGE',
    message: 'at: is beyond ±2^52',
    partition: 0,
    offset: 7,
    firstSeenAt: '2026-01-01T02:00:00.000Z',
    event: { type: 'Tick' },
  })
  const json = rejectionJson({ ...rejection, firstSeenAt: null }, null)
  expect(Object.keys(json)).not.toContain('event')
  expect(Object.keys(json)).not.toContain('firstSeenAt')
})

test('an instruction has its fields in order', () => {
  const instruction: Instruction = {
    instructionId: 'S:PAYOUT:1',
    kind: 'PAYOUT',
    statementId: 'S',
    partyId: 'M-1',
    entity: 'E-CN',
    amount: 9500,
    currency: 'CNY',
    dueOn: 20_454,
    attempt: 1,
    idempotencyKey: 'k',
  }
  expectJson(instructionJson(instruction), {
    ...instruction,
    amount: '95.00',
    dueOn: '2026-01-01',
  })
  expect(instructionJson({ ...instruction, dueOn: null })).not.toHaveProperty('dueOn')
})
