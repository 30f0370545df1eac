import type { AvroCursor } from './avro-cursor.ts'
import type { RecordSchema, Schema } from './schema.ts'

/** Reads a value in the shape of its schema: null for absent, [] for an empty list. */
export type ReadValue = (cursor: AvroCursor, field: string) => unknown

/** The reader of a record, made once from its schema: form only, for records of our own. */
export function compileReader(schema: RecordSchema): ReadValue {
  return readerOf(schema, new Map())
}

function readerOf(schema: Schema, named: Map<string, ReadValue>): ReadValue {
  if (typeof schema === 'string') return primitives[schema] ?? known(schema, named)
  if ('length' in schema) return optional(readerOf(schema[1] as Schema, named))
  switch (schema.type) {
    case 'record': {
      const read = record(schema, named)
      named.set(schema.name, read)
      return read
    }
    case 'array': {
      const read = readerOf(schema.items, named)
      return (cursor, field) => cursor.list(field, (item) => read(item, ''))
    }
    case 'enum': {
      const { symbols } = schema
      const read: ReadValue = (cursor, field) => cursor.symbol(field, symbols)
      named.set(schema.name, read)
      return read
    }
    default:
      return readInteger
  }
}

// Sums on a statement may pass the ±2^52 of a single amount; they stay safe integers.
const readInteger: ReadValue = (cursor, field) => cursor.wideLong(field)

const primitives: Readonly<Record<string, ReadValue>> = {
  int: readInteger,
  long: readInteger,
  boolean: (cursor, field) => cursor.boolean(field),
  string: (cursor, field) => cursor.text(field),
  bytes: (cursor, field) => cursor.blob(field),
}

function known(name: string, named: Map<string, ReadValue>): ReadValue {
  const read = named.get(name)
  if (read === undefined) throw new Error(`schema ${name} is used before it is defined`)
  return read
}

function optional(read: ReadValue): ReadValue {
  return (cursor, field) => (cursor.present(field) ? read(cursor, field) : null)
}

function record(schema: RecordSchema, named: Map<string, ReadValue>): ReadValue {
  const names = schema.fields.map(({ name }) => name)
  const readers = schema.fields.map(({ type }) => readerOf(type, named))
  return (cursor, place) => {
    if (place !== '') cursor.enter(place)
    const value: Record<string, unknown> = {}
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] as string
      value[name] = (readers[index] as ReadValue)(cursor, name)
    }
    if (place !== '') cursor.leave()
    return value
  }
}
