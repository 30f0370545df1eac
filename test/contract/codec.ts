import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EntryDraft } from '../../src/domain/statements/entry.ts'
import type { Event } from '../../src/fold/events.ts'
import type { Codec } from '../../src/ports/codec.ts'
import { sampleStatement } from './sample-statement.ts'

/** The definition of the port `Codec`: every adapter passes these tests. */
export function describeCodecPort(name: string, codec: Codec, anyEvent: fc.Arbitrary<Event>): void {
  describe(`${name} is a codec of the log`, () => {
    test('an event reads as it was written', () => {
      const readsBack = fc.property(anyEvent, (event) => {
        expect(codec.decodeEvent(codec.encodeEvent(event))).toEqual({ ok: true, event })
      })
      fc.assert(readsBack, { numRuns: 1000 })
    })

    test('reading never throws, whatever the bytes', () => {
      const isDecided = fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const decoded = codec.decodeEvent(bytes)
        if (!decoded.ok) expect(decoded.message).not.toBe('')
      })
      fc.assert(isDecided, { numRuns: 5000 })
    })

    test('reading never throws on a record of which some bytes changed', () => {
      const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
      const isDecided = fc.property(anyEvent, changes, (event, changed) => {
        const bytes = codec.encodeEvent(event).slice()
        for (const [place, value] of changed) bytes[place % bytes.length] = value
        const decoded = codec.decodeEvent(bytes)
        if (!decoded.ok) expect(['SCHEMA_INVALID', 'OUT_OF_RANGE']).toContain(decoded.code)
      })
      fc.assert(isDecided, { numRuns: 5000 })
    })

    test('a record that is cut short is refused wherever it is cut', () => {
      const isRefused = fc.property(anyEvent, fc.nat(), (event, cut) => {
        const bytes = codec.encodeEvent(event)
        const decoded = codec.decodeEvent(bytes.subarray(0, cut % bytes.length))
        expect(decoded).toMatchObject({ ok: false, code: 'SCHEMA_INVALID' })
      })
      fc.assert(isRefused, { numRuns: 2000 })
    })

    test('a record with bytes left over is refused', () => {
      const isRefused = fc.property(anyEvent, fc.nat(255), (event, more) => {
        const bytes = Uint8Array.from([...codec.encodeEvent(event), more])
        expect(codec.decodeEvent(bytes)).toMatchObject({ ok: false, code: 'SCHEMA_INVALID' })
      })
      fc.assert(isRefused, { numRuns: 500 })
    })

    test('what is returned may be kept: the next record does not change it', () => {
      const [first, second] = fc.sample(anyEvent, { numRuns: 2, seed: 1 }) as [Event, Event]
      const bytes = codec.encodeEvent(first)
      const kept = Uint8Array.from(bytes)
      codec.encodeEvent(second)
      codec.encodeEntry(draft())
      expect(bytes).toEqual(kept)
    })

    test('an event does not change when the bytes it was read from do', () => {
      const unchanged = fc.property(anyEvent, (event) => {
        const bytes = codec.encodeEvent(event).slice()
        const decoded = codec.decodeEvent(bytes)
        bytes.fill(0x41)
        expect(decoded).toEqual({ ok: true, event })
      })
      fc.assert(unchanged, { numRuns: 200 })
    })

    test('the bytes of an entry do not depend on what was written before', () => {
      const alone = codec.encodeEntry(draft())
      codec.encodeStatement(1, sampleStatement())
      expect(codec.encodeEntry(draft())).toEqual(alone)
    })

    test('a pack holds the bytes of its entries as they are', () => {
      const bytes = codec.encodeEntry(draft())
      const packed = Buffer.from(codec.encodeEntryPack(3, [{ outSeq: 7, bytes }]))
      expect(packed.includes(Buffer.from(bytes))).toBe(true)
    })
  })
}

function draft(): EntryDraft {
  const entry = new EntryDraft()
  entry.statementId = 'M-1/E-CN/SOP/CNY/DAILY/2026-01-01'
  entry.entryNo = 1
  entry.firstSeq = 1
  entry.add('COMMISSION', 'FORWARD', -500, 1_767_200_000_000)
  return entry
}
