import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A record of `schemas/`, with what its fields say about their form in files. */
export interface RecordSchema {
  readonly type: 'record'
  readonly name: string
  readonly fields: readonly FieldSchema[]
}

export interface FieldSchema {
  readonly name: string
  readonly type: Schema
  /** How the field reads in files; absent: by its Avro type. */
  readonly settle?: FieldForm
  /** The least value of a number or amount. */
  readonly minimum?: number
  /** The name in files, where it is another. */
  readonly inFiles?: string
  /** A list that may not be empty. */
  readonly nonEmpty?: boolean
  /** The integer field that no two items of the list share. */
  readonly unique?: string
}

/** The forms that fields have in files. */
export type FieldForm =
  | 'id'
  | 'name'
  | 'text'
  | 'currency'
  | 'integer'
  | 'boolean'
  | 'enum'
  | 'minor'
  | 'decimal'
  | 'instant'
  | 'instantOrDay'
  | 'dayStart'
  | 'day'
  | 'document'
  | 'documentDays'
  | 'calendarDays'
  | 'hash'

/** The subset of Avro that `schemas/` uses. */
export type Schema =
  | string
  | readonly Schema[]
  | RecordSchema
  | ListSchema
  | EnumSchema
  | { readonly type: 'int' | 'long'; readonly logicalType: string }

export interface ListSchema {
  readonly type: 'array'
  readonly items: Schema
}

export interface EnumSchema {
  readonly type: 'enum'
  readonly name: string
  readonly symbols: readonly string[]
}

/** Reads one schema of a schemas folder. */
export function loadSchema(schemasFolder: string, name: string): RecordSchema {
  return JSON.parse(readFileSync(join(schemasFolder, `${name}.avsc`), 'utf8')) as RecordSchema
}

/** The type of a field without the null of an optional one. */
export function valueType(type: Schema): Schema {
  return isUnion(type) ? (type[1] as Schema) : type
}

/** Whether the field may be absent. */
export function isOptional(type: Schema): boolean {
  return isUnion(type) || isList(type)
}

export function isList(type: Schema): type is ListSchema {
  return typeof type === 'object' && 'items' in type
}

export function isRecord(type: Schema): type is RecordSchema {
  return typeof type === 'object' && 'fields' in type
}

export function isEnum(type: Schema): type is EnumSchema {
  return typeof type === 'object' && 'symbols' in type
}

function isUnion(type: Schema): type is readonly Schema[] {
  return Array.isArray(type)
}
