import type { AvroWriter } from './avro-writer.ts'
import type { RecordSchema, Schema } from './schema.ts'

/** Writes a value in the shape of its schema; an absent optional field is null or missing. */
export type WriteValue = (writer: AvroWriter, value: unknown) => void

/** The writer of a record, made once from its schema. */
export function compileWriter(schema: RecordSchema): WriteValue {
  return writerOf(schema, new Map())
}

function writerOf(schema: Schema, named: Map<string, WriteValue>): WriteValue {
  if (typeof schema === 'string') return primitives[schema] ?? known(schema, named)
  if ('length' in schema) return optional(writerOf(schema[1] as Schema, named))
  switch (schema.type) {
    case 'record': {
      const write = record(schema, named)
      named.set(schema.name, write)
      return write
    }
    case 'array':
      return list(writerOf(schema.items, named))
    case 'enum': {
      const write = symbol(schema.name, schema.symbols)
      named.set(schema.name, write)
      return write
    }
    default:
      return writeInteger
  }
}

const writeInteger: WriteValue = (writer, value) => {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${String(value)} is no safe integer`)
  writer.long(value as number)
}

const primitives: Readonly<Record<string, WriteValue>> = {
  int: writeInteger,
  long: writeInteger,
  boolean: (writer, value) => writer.boolean(value as boolean),
  string: (writer, value) => writer.text(value as string),
  bytes: (writer, value) => writer.blob(value as Uint8Array),
}

function known(name: string, named: Map<string, WriteValue>): WriteValue {
  const write = named.get(name)
  if (write === undefined) throw new Error(`schema ${name} is used before it is defined`)
  return write
}

function optional(write: WriteValue): WriteValue {
  return (writer, value) => {
    if (value === null || value === undefined) {
      writer.long(0)
      return
    }
    writer.long(1)
    write(writer, value)
  }
}

function list(write: WriteValue): WriteValue {
  return (writer, value) => {
    const items = value as readonly unknown[]
    if (items.length > 0) writer.long(items.length)
    for (const item of items) write(writer, item)
    writer.long(0)
  }
}

function symbol(name: string, symbols: readonly string[]): WriteValue {
  const places = new Map(symbols.map((text, place) => [text, place]))
  return (writer, value) => {
    const place = places.get(value as string)
    if (place === undefined) throw new TypeError(`${String(value)} is no ${name}`)
    writer.long(place)
  }
}

function record(schema: RecordSchema, named: Map<string, WriteValue>): WriteValue {
  const names = schema.fields.map(({ name }) => name)
  const writers = schema.fields.map(({ type }) => writerOf(type, named))
  return (writer, value) => {
    const fields = value as Readonly<Record<string, unknown>>
    for (let index = 0; index < names.length; index += 1) {
      const write = writers[index] as WriteValue
      write(writer, fields[names[index] as string])
    }
  }
}
