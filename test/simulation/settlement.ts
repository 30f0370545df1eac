import { resolve } from 'node:path'
import { createAvroCodec } from '../../src/adapters/avro/avro-codec.ts'
import { sha256 } from '../../src/adapters/hashing/sha256.ts'
import { createEventReader } from '../../src/adapters/json-lines/event-reader.ts'
import { noMark } from '../../src/app/process/mark.ts'
import { checkRuleBookFile, publicationFor } from '../../src/app/process/publish.ts'
import { ruleBookOf } from '../../src/app/rule-book-file.ts'
import { createFold } from '../../src/fold/create-fold.ts'
import type { Codec } from '../../src/ports/codec.ts'
import type { Chance } from '../support/chance.ts'
import { fakeCodec } from '../support/fake-codec.ts'
import { at, bookOf, completed, contractOf, refunded, tick } from '../support/market.ts'
import type { Json } from '../support/world.ts'
import type { Workload } from './workload.ts'

// The settlement itself under simulation: orders, refunds before and after closing, doubles and
// ticks that close weeks in steps.

/** Made once in a process: schemas and calendars take longer than a run. */
export function settlement(): Workload {
  made ??= make()
  return made
}

let made: Workload | undefined

function make(): Workload {
  // Commands and tests run in the root of the project.
  const schemas = resolve('schemas')
  const avro = createAvroCodec(schemas)
  const document = bookOf(undefined, contractOf({ cycle: weekly }))
  const file = ruleBookOf(document)
  const ruleBook = checkRuleBookFile('rulebook', file)
  const reader = createEventReader({ schemasFolder: schemas, zone: ruleBook.zone })
  const instants = { earliest: Date.parse(at('01T00:00')), latest: Date.parse(at('31T00:00')) }
  const scan = { count: 1, ...instants, ruleBooks: [] }
  const published = publicationFor('rulebook', file, ruleBook, scan, noMark).events
  const first = published.map((event) => avro.encodeEvent(event))
  const rest = month().map((json) => {
    const read = reader.read(JSON.stringify(json))
    if (!read.ok) throw new Error(`${read.field}: ${read.message}`)
    return avro.encodeEvent(read.event)
  })
  return {
    codec: readable(avro),
    tools: {
      decodeEvent: (bytes) => avro.decodeEvent(bytes),
      encodeEntry: (entry) => avro.encodeEntry(entry),
      sha256,
    },
    createFold,
    input: (chance) => [...first, ...rest.flatMap((value) => chosen(chance, value))],
  }
}

const weekly = {
  kind: 'WEEKLY',
  calendar: 'CN',
  graceHours: 0,
}

/** Left out, doubled or followed by bytes that are no event, now and then. */
function chosen(chance: Chance, value: Uint8Array): Uint8Array[] {
  if (chance.oneIn(4)) return []
  if (chance.oneIn(12)) return [value, value]
  return chance.oneIn(30) ? [value, new Uint8Array([9, 9, 9])] : [value]
}

function month(): Json[] {
  return Array.from({ length: 14 }, (_, index) => dayOf(2 * index + 1)).flat()
}

function dayOf(day: number): Json[] {
  const two = String(day).padStart(2, '0')
  const [order, party] = [`O-${day}`, `M-${day % 5}`]
  const occurredAt = at(`${two}T10:00`)
  const common = { partyId: party, orderCreatedAt: occurredAt }
  const refund = { ...common, occurredAt: at(`${two}T20:00`) }
  return [
    completed(order, ['100.00', '7.35'], { ...common, occurredAt }),
    refunded(`R-${day}`, order, [[1, '33.33']], refund),
    tick(at(`${two}T23:00`)),
  ]
}

/** Outputs as the oracle can read them, with the bytes of the real ones inside. */
function readable(avro: Codec): Codec {
  return {
    decodeEvent: (bytes) => avro.decodeEvent(bytes),
    encodeEvent: (event) => avro.encodeEvent(event),
    encodeEntry: (entry) => avro.encodeEntry(entry),
    encodeEntryPack: fakeCodec.encodeEntryPack,
    encodeStatement: (outSeq, value) => wrapped(outSeq, avro.encodeStatement(outSeq, value)),
    encodeInstruction: (outSeq, value) => wrapped(outSeq, avro.encodeInstruction(outSeq, value)),
    encodeNotice: (outSeq, value) => wrapped(outSeq, avro.encodeNotice(outSeq, value)),
    encodeRejection: (outSeq, value) => wrapped(outSeq, avro.encodeRejection(outSeq, value)),
  }
}

function wrapped(outSeq: number, bytes: Uint8Array): Uint8Array {
  const hex = Buffer.from(bytes).toString('hex')
  return new Uint8Array(Buffer.from(JSON.stringify({ outSeq, hex })))
}
