import type { Statement } from '../../domain/statements/statement.ts'
import type { Decoded } from '../../fold/context.ts'
import type { Rejection } from '../../fold/emissions.ts'
import type { Event, EventType } from '../../fold/events.ts'
import type { Codec } from '../../ports/codec.ts'
import { AvroCursor, Malformed } from './avro-cursor.ts'
import { AvroWriter } from './avro-writer.ts'
import { writeEntry } from './entry-writer.ts'
import { eventReaders } from './event-readers.ts'
import { frameId, frameLength } from './output-reader.ts'
import { idOf, loadRegistry, loadSchema, type Registry } from './schema.ts'
import { compileWriter } from './schema-writer.ts'

/** The released schema of the entries that statements seal. */
const entrySchema = 'Entry-1'

/** The codec of the log for the schemas of a folder, which are read once. */
export function createAvroCodec(schemasFolder: string): Codec {
  const registry = loadRegistry(schemasFolder)
  const writer = new AvroWriter()
  const encoders = new Map<string, Encode>()
  const encode = (name: string, value: unknown): Uint8Array => {
    const encoder = encoders.get(name) ?? createEncoder({ schemasFolder, registry, name }, writer)
    encoders.set(name, encoder)
    return encoder(value)
  }

  return {
    decodeEvent: createEventDecoder(registry),
    encodeEvent: (event) => encode(event.type, event),
    encodeEntry(entry) {
      writer.reset()
      writeEntry(writer, entry)
      return writer.keep()
    },
    encodeEntryPack: createPackEncoder(idOf(registry, 'EntryPack'), writer),
    encodeStatement: (outSeq, statement) => encode('Statement', statementRow(outSeq, statement)),
    encodeInstruction: (outSeq, instruction) => encode('Instruction', { outSeq, ...instruction }),
    encodeNotice: (outSeq, notice) => encode('Notice', { outSeq, ...notice }),
    encodeRejection: (outSeq, rejection: Rejection) =>
      encode('Rejection', { outSeq, ...rejection }),
  }
}

type Encode = (value: unknown) => Uint8Array

interface Source {
  readonly schemasFolder: string
  readonly registry: Registry
  readonly name: string
}

function createEncoder({ schemasFolder, registry, name }: Source, writer: AvroWriter): Encode {
  const id = idOf(registry, name)
  const write = compileWriter(loadSchema(schemasFolder, name))
  return (value) => {
    writer.reset()
    writer.frame(id)
    write(writer, value)
    return writer.keep()
  }
}

function createPackEncoder(id: number, writer: AvroWriter): Codec['encodeEntryPack'] {
  return (partition, entries) => {
    writer.reset()
    writer.frame(id)
    writer.long(partition)
    if (entries.length > 0) writer.long(entries.length)
    for (const { outSeq, bytes } of entries) {
      writer.long(outSeq)
      writer.raw(bytes)
    }
    writer.long(0)
    return writer.keep()
  }
}

function createEventDecoder(registry: Registry): Codec['decodeEvent'] {
  const readers: ((cursor: AvroCursor) => Event)[] = []
  for (const type of Object.keys(eventReaders) as EventType[]) {
    readers[idOf(registry, type)] = eventReaders[type]
  }
  const cursor = new AvroCursor()

  return (bytes): Decoded => {
    const read = readers[frameId(bytes)]
    if (read === undefined) return noEvent(bytes)
    try {
      cursor.open(bytes, frameLength)
      const event = read(cursor)
      cursor.end()
      return { ok: true, event }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      return { ok: false, code: error.code, message: error.message }
    } finally {
      cursor.close()
    }
  }
}

function noEvent(bytes: Uint8Array): Decoded {
  const id = frameId(bytes)
  const message =
    id === -1
      ? 'record: does not begin with a zero byte and a schema id'
      : `record: schema id ${id} is no event's; registry.json lists them`
  return { ok: false, code: 'SCHEMA_INVALID', message }
}

/** Field by field: what is added behind a spread costs a microsecond each. */
function statementRow(outSeq: number, statement: Readonly<Statement>): object {
  const closed = statement.number > 0
  return {
    outSeq,
    statementId: statement.statementId,
    number: closed ? statement.number : null,
    partyId: statement.partyId,
    partyKind: statement.partyKind,
    entity: statement.entity,
    mode: statement.mode,
    currency: statement.currency,
    zone: statement.zone,
    cycle: statement.cycle,
    periodStart: statement.periodStart,
    periodEnd: statement.periodEnd,
    status: statement.status,
    opening: statement.opening,
    total: statement.total,
    closing: statement.closing,
    taxTotal: statement.taxTotal,
    totals: statement.totals.map(({ feeType, forward, reverse, other }) => ({
      feeType,
      forward,
      reverse,
      other,
      net: forward + reverse + other,
    })),
    lineCount: statement.lineCount,
    entryCount: statement.entryCount,
    root: closed ? statement.root : null,
    previousRoot: closed ? statement.previousRoot : null,
    entrySchema,
    closedAt: closed ? statement.closedAt : null,
    finalisedAt: closed ? statement.finalisedAt : null,
    dueOn: statement.dueOn,
    ruleBookVersions: statement.ruleBookVersions,
    lateLines: statement.lateLines,
    history: statement.history,
  }
}
