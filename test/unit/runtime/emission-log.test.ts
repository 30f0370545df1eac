import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Statement } from '../../../src/domain/statements/statement.ts'
import type { Notice, Rejection } from '../../../src/fold/emissions.ts'
import type { OutgoingBatch } from '../../../src/ports/log.ts'
import { EmissionLog } from '../../../src/runtime/emission-log.ts'
import { noEmissions } from '../../../src/runtime/recover.ts'
import { emissionsIn, fakeCodec } from '../../support/fake-codec.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const fresh = () => new EmissionLog(fakeCodec, 5, noEmissions)
const statement = { statementId: 'M-1/S', lineCount: 3 } as Statement

function notice(partyId: string | null): Notice {
  return { noticeId: 'n:1', kind: 'NOT_APPLIED', partyId, statementId: null, at: 0, facts: [] }
}

function rejection(partyId: string | null, eventId: string): Rejection {
  const rest = { type: '', message: '', partition: 5, offset: 9, firstSeenAt: null }
  return { ...rest, partyId, eventId, code: 'OUT_OF_RANGE', record: bytes('') }
}

const keysOf = (batches: OutgoingBatch[]) =>
  batches.flatMap(({ topic, records }) =>
    records.map(({ key }) => [topic, key === null ? null : Buffer.from(key).toString()]),
  )

test('entries of a party become one record of a commit, others one record each', () => {
  const log = fresh()
  log.entry('M-1', bytes('a'))
  log.statement(statement)
  log.entry('M-2', bytes('b'))
  log.entry('M-1', bytes('c'))
  log.notice(notice('M-2'))
  log.rejection(rejection('M-1', 'E1'))
  const batches = log.drain()
  expect(keysOf(batches)).toEqual([
    ['statements', 'M-1/S'],
    ['notices', 'M-2'],
    ['rejections', 'M-1'],
    ['lines', 'M-1'],
    ['lines', 'M-2'],
  ])
  expect(batches.every(({ partition }) => partition === 5)).toBe(true)
  const emissions = batches.flatMap(({ records }) => records.flatMap((r) => emissionsIn(r.value)))
  expect(emissions.map(([outSeq]) => outSeq).sort()).toEqual([0, 1, 2, 3, 4, 5])
  expect(log.drain()).toEqual([])
  expect(log.count().nextOutSeq).toBe(6)
})

test('what has no party is keyed by its own id, and what has no id has no key', () => {
  const log = fresh()
  log.notice(notice(null))
  log.rejection(rejection(null, 'E1'))
  log.rejection(rejection(null, ''))
  expect(keysOf(log.drain())).toEqual([
    ['notices', 'n:1'],
    ['rejections', 'E1'],
    ['rejections', null],
  ])
})

test('a silent log counts and digests and keeps nothing', () => {
  const [loud, silent] = [fresh(), fresh()]
  silent.silence(true)
  for (const log of [loud, silent]) {
    log.entry('M-1', bytes('a'))
    log.statement(statement)
    log.notice(notice(null))
    log.rejection(rejection(null, 'E1'))
  }
  expect(silent.count()).toEqual(loud.count())
  expect(silent.drain()).toEqual([])
  expect(silent.largest).toBe(0)
})

test('a pack is cut at half a megabyte and a batch at 900 KB', () => {
  const log = fresh()
  const entry = bytes('x'.repeat(100 * 1024))
  for (let index = 0; index < 12; index += 1) log.entry('M-1', entry)
  expect(log.largest).toBeGreaterThan(1_200 * 1024)
  const batches = log.drain()
  expect(log.largest).toBe(0)
  const packs = batches.map(({ records }) => records.map((r) => emissionsIn(r.value).length))
  expect(packs).toEqual([[5], [5, 2]])
})

const emission = fc.tuple(fc.constantFrom('M-1', 'M-2', 'M-3'), fc.uint8Array({ maxLength: 12 }))

test('the digest depends on neither packs nor commits', () => {
  const same = fc.property(fc.array(emission), fc.array(fc.boolean()), (emissions, cuts) => {
    const [whole, parts] = [fresh(), fresh()]
    for (const [index, [party, value]] of emissions.entries()) {
      whole.entry(party, value)
      parts.entry(party, value)
      if (cuts[index] === true) parts.drain()
    }
    expect(parts.count()).toEqual(whole.count())
  })
  fc.assert(same)
})

test('the digest goes on from where a count left it', () => {
  const whole = fresh()
  whole.entry('M-1', bytes('a'))
  const rest = new EmissionLog(fakeCodec, 5, whole.count())
  whole.statement(statement)
  rest.statement(statement)
  expect(rest.count()).toEqual(whole.count())
})

test('every change of a byte, an order, a kind or a boundary changes the digest', () => {
  const digest = (...values: string[]) => {
    const log = fresh()
    for (const value of values) log.entry('M-1', bytes(value))
    return log.count().digest
  }
  const kind = fresh()
  kind.rejection(rejection(null, 'E1'))
  const [other] = kind.drain()[0]?.records ?? []
  const asEntry = fresh()
  asEntry.entry('M-1', other?.value as Uint8Array)
  const digests = [
    digest(),
    digest('abcdefgh'),
    digest('abcdefgi'),
    digest('abcdefgh', ''),
    digest('abcd', 'efgh'),
    digest('efgh', 'abcd'),
    kind.count().digest,
    asEntry.count().digest,
  ]
  expect(new Set(digests).size).toBe(digests.length)
  // The checksum alone does not see where an emission ends; the other half does.
  expect(new Set(digests.map((value) => value.slice(8))).size).toBe(digests.length)
})

test('digests are the same on every machine and in every release', () => {
  const log = fresh()
  log.entry('M-1', bytes('an entry of 21 bytes.'))
  log.entry('M-2', bytes(''))
  expect(log.count().digest).toBe('b9f3ee5d99469b1d')
})
