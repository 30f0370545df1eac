import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAvroCodec } from '../../src/adapters/avro/avro-codec.ts'
import { createOutputReader } from '../../src/adapters/avro/output-reader.ts'
import { AvroCursor } from '../../src/adapters/avro/avro-cursor.ts'
import { AvroWriter } from '../../src/adapters/avro/avro-writer.ts'
import { loadRegistry, loadSchema } from '../../src/adapters/avro/schema.ts'
import { compileReader } from '../../src/adapters/avro/schema-reader.ts'
import { compileWriter } from '../../src/adapters/avro/schema-writer.ts'
import { verifyExports } from '../../src/app/verify/verify-exports.ts'
import { headHash } from '../../src/app/verify/seals.ts'
import { settledMarket } from '../support/settled-market.ts'
import { filledRecord } from './released/filled-record.ts'

// The bytes and the roots of released version 1. They are never written again: a new version adds
// its own folder. SETTLE_WRITE_GOLDEN=1 makes files that are not there yet.

const folder = join(import.meta.dirname, 'released')
const file = (name: string): string => join(folder, name)
const schemas = 'schemas/released/1'
const registry = loadRegistry(schemas)
const names = Object.keys(registry)

/** A record as it was encoded by the release, without framing. */
interface GoldenRecord {
  readonly schema: string
  readonly base64: string
  /** What it says; bytes in hexadecimal. */
  readonly value: unknown
}

if (process.env.SETTLE_WRITE_GOLDEN === '1') await writeMissing()

async function writeMissing(): Promise<void> {
  if (!existsSync(file('records.jsonl'))) {
    writeLines(
      'records.jsonl',
      names.map((schema): GoldenRecord => {
        const bytes = encode(schema, filledRecord(loadSchema(schemas, schema)))
        const base64 = Buffer.from(bytes).toString('base64')
        return { schema, base64, value: plain(decode(schemas, schema, bytes)) }
      }),
    )
  }
  if (existsSync(file('statements.jsonl'))) return
  const { lines, statements } = await settledMarket({ seed: 11, events: 120, merchants: 3 })
  writeLines('statements.jsonl', statements)
  writeLines('lines.jsonl', lines)
}

function writeLines(name: string, records: readonly unknown[]): void {
  writeFileSync(file(name), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
}

function encode(schema: string, value: unknown): Uint8Array {
  const writer = new AvroWriter()
  writer.reset()
  compileWriter(loadSchema(schemas, schema))(writer, value)
  return writer.keep()
}

function decode(from: string, schema: string, bytes: Uint8Array): unknown {
  const cursor = new AvroCursor()
  cursor.open(bytes, 0)
  const value = compileReader(loadSchema(from, schema))(cursor, '')
  cursor.end()
  return value
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_name, part) =>
      part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
    ),
  )
}

function goldenRecords(): GoldenRecord[] {
  return readFileSync(file('records.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GoldenRecord)
}

test('there is a record of every schema of the release', () => {
  expect(goldenRecords().map(({ schema }) => schema)).toEqual(names)
})

test.each(goldenRecords())('$schema is read as it was written', ({ schema, base64, value }) => {
  const bytes = Buffer.from(base64, 'base64')
  expect(plain(decode(schemas, schema, bytes))).toEqual(value)
  expect(plain(decode('schemas', schema, bytes))).toEqual(value)
  expect(Buffer.from(encode(schema, decode('schemas', schema, bytes)))).toEqual(bytes)
})

test.each(goldenRecords().filter(({ schema }) => (registry[schema] as number) < 100))(
  'the event $schema in a log is decoded',
  ({ schema, base64 }) => {
    const id = Buffer.alloc(5)
    id.writeUInt32BE(registry[schema] as number, 1)
    const record = Buffer.concat([id, Buffer.from(base64, 'base64')])
    expect(createAvroCodec('schemas').decodeEvent(record)).toMatchObject({ ok: true })
  },
)

test('the leaf of an entry has the same bytes for ever', () => {
  const entry = goldenRecords().find(({ schema }) => schema === 'Entry') as GoldenRecord
  const bytes = Buffer.from(entry.base64, 'base64')
  const reader = createOutputReader('schemas')
  expect(Buffer.from(reader.entryBytes(reader.decodeEntry(bytes)))).toEqual(bytes)
})

test('the roots of statements that the release closed are still theirs', async () => {
  const report = await verifyExports([file('lines.jsonl'), file('statements.jsonl')], undefined)
  expect(report.breaks).toEqual([])
  expect(report.closed).toBeGreaterThan(3)
})

test('the files are the ones that were committed', () => {
  const roots = readFileSync(file('statements.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { root?: string }).root)
  expect(headHash(roots)).toBe(committedRoots)
})

/** SHA-256 over the list of all roots: whoever writes the files anew must change this line too. */
const committedRoots = '4704b1a124612d73bc3b7704dc1c3d51220f170521c93587f16d641447fbc57c'
