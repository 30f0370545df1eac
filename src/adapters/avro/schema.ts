import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A record of `schemas/`, as far as writers and readers need it. */
export interface RecordSchema {
  readonly type: 'record'
  readonly name: string
  readonly fields: readonly FieldSchema[]
}

export interface FieldSchema {
  readonly name: string
  readonly type: Schema
}

/** The subset of Avro that `schemas/` uses. */
export type Schema =
  | string
  | readonly Schema[]
  | RecordSchema
  | { readonly type: 'array'; readonly items: Schema }
  | { readonly type: 'enum'; readonly name: string; readonly symbols: readonly string[] }
  | { readonly type: 'int' | 'long'; readonly logicalType: string }

/** The names of `registry.json` with the ids that frame their records; ids are never reused. */
export type Registry = Readonly<Record<string, number>>

/** Reads `registry.json` of a schemas folder. */
export function loadRegistry(schemasFolder: string): Registry {
  return JSON.parse(readFileSync(join(schemasFolder, 'registry.json'), 'utf8')) as Registry
}

/** Reads one schema of a schemas folder. */
export function loadSchema(schemasFolder: string, name: string): RecordSchema {
  return JSON.parse(readFileSync(join(schemasFolder, `${name}.avsc`), 'utf8')) as RecordSchema
}

/** The id of a schema; throws when the registry does not have it. */
export function idOf(registry: Registry, name: string): number {
  const id = registry[name]
  if (id === undefined) throw new Error(`registry.json has no schema ${name}`)
  return id
}
