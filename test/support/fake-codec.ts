import type { Event } from '../../src/fold/events.ts'
import type { Codec } from '../../src/ports/codec.ts'

/** A codec of JSON: slow, readable, and enough for everything but the schemas themselves. */
export const fakeCodec: Codec = {
  decodeEvent(bytes) {
    const text = Buffer.from(bytes).toString()
    if (!text.startsWith('{')) return { ok: false, code: 'SCHEMA_INVALID', message: 'no JSON' }
    return { ok: true, event: JSON.parse(text) as Event }
  },
  encodeEvent: encode,
  encodeEntry: encode,
  encodeEntryPack: (partition, entries) =>
    encode({
      partition,
      entries: entries.map(({ outSeq, bytes }) => [outSeq, Buffer.from(bytes).toString('latin1')]),
    }),
  encodeStatement: (outSeq, { statementId, lineCount }) =>
    encode({ outSeq, statementId, lineCount }),
  encodeInstruction: (outSeq, instruction) => encode({ outSeq, ...instruction }),
  encodeNotice: (outSeq, notice) => encode({ outSeq, ...notice }),
  encodeRejection: (outSeq, { eventId, offset }) => encode({ outSeq, eventId, offset }),
}

/** The emissions in a value that `fakeCodec` wrote, as [outSeq, its bytes as Latin-1]. */
export function emissionsIn(value: Uint8Array): (readonly [number, string])[] {
  const bytes = Buffer.from(value)
  const parsed = JSON.parse(bytes.toString()) as { outSeq?: number; entries?: [number, string][] }
  return parsed.entries ?? [[parsed.outSeq as number, bytes.toString('latin1')]]
}

function encode(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(value)))
}
