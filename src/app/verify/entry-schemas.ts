import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createOutputReader, type DecodedEntry } from '../../adapters/avro/output-reader.ts'

/** The bytes of an entry that a statement's root is made of. */
export type EncodeEntry = (entry: DecodedEntry) => Uint8Array

/**
 * The encodings of entries by the name of the released schema, as statements name it: `Entry-1` is
 * `schemas/released/1/Entry.avsc`. Undefined for a schema that this version does not know.
 */
export function entrySchemas(schemasFolder: string): (name: string) => EncodeEntry | undefined {
  const known = new Map<string, EncodeEntry | undefined>()
  return (name) => {
    if (!known.has(name)) known.set(name, encoderOf(schemasFolder, name))
    return known.get(name)
  }
}

function encoderOf(schemasFolder: string, name: string): EncodeEntry | undefined {
  const version = /^Entry-([1-9][0-9]{0,5})$/.exec(name)?.[1]
  if (version === undefined) return undefined
  const folder = join(schemasFolder, 'released', version)
  if (!existsSync(join(folder, 'Entry.avsc'))) return undefined
  const { entryBytes } = createOutputReader(folder)
  return entryBytes
}
