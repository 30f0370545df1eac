import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEmbeddedLog } from '../../src/adapters/embedded-log/embedded-log.ts'
import { ownerKey, runKey } from '../../src/adapters/embedded-log/rows.ts'
import { CorruptState, Fault } from '../../src/ports/faults.ts'
import { type Log, type OutgoingBatch, recordValue, type Topic } from '../../src/ports/log.ts'

// LevelDB opens a damaged database without an error and leaves out what it could not read. Whatever
// byte of a closed log is changed, the log must come back whole or with a fault. The log and
// the places are the same in every run: at others LevelDB itself may end the process by a failed
// assertion, which is no silent loss either, but would end the tests.
//
// One case is out of the log's reach and in the runtime's: the loss of the newest writes together
// with the file that counts them, as when an old copy of the folder is put back.

const clock = { now: () => 1_000 }
const partitions = 2
const flips = 60
let top: string
let sound: string
let expected: string

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'damage-'))
  sound = join(top, 'sound')
  // Written in three sittings, so that there are tables, a journal and a list of files with edits.
  for (let sitting = 0; sitting < 3; sitting += 1) {
    const log = await openEmbeddedLog({ folder: sound, partitions, clock, newClusterId: 'id' })
    await write(log, sitting)
    await log.close()
  }
  expected = await picture(await openSound('expected'))
})

afterAll(() => rmSync(top, { recursive: true }))

for (let seed = 1; seed <= flips; seed += 1) {
  test(`a flipped byte is a fault or does no harm (seed ${seed})`, async () => {
    const folder = copyOf(sound, `flip-${seed}`)
    const { file, at } = placeOf(folder, randomOf(seed))
    const bytes = readFileSync(file)
    bytes[at] = (bytes[at] as number) ^ (1 + (randomOf(seed * 7_919) % 255))
    writeFileSync(file, bytes)
    await expectSoundOrFault(folder)
  })
}

for (const lost of [1, 20, 200, 5_000]) {
  test(`a journal that ends ${lost} bytes early is a fault`, async () => {
    const folder = copyOf(sound, `cut-${lost}`)
    const journal = filesOf(folder).find((file) => file.endsWith('.log')) as string
    truncateSync(journal, Math.max(0, readFileSync(journal).length - lost))
    await expect(openEmbeddedLog({ folder, partitions, clock })).rejects.toThrow(CorruptState)
  })
}

test('a log whose database is gone is damaged, not new', async () => {
  const folder = copyOf(sound, 'gone')
  for (const file of filesOf(folder)) if (!file.endsWith('settlestream')) rmSync(file)
  await expect(openEmbeddedLog({ folder, partitions, clock })).rejects.toThrow(CorruptState)
})

test('a missing run of records is named by its offsets', async () => {
  const folder = await edited('missing', (rows) => rows.del(runKey('events', 1, 3)))
  const log = await openEmbeddedLog({ folder, partitions, clock })
  expect(await faultOf(picture(log))).toMatch(
    /events, partition 1: the offsets from 3 to 5 are missing/,
  )
  await log.close()
})

test('a missing last run is noticed on opening', async () => {
  const log = await openSound('last')
  const end = await log.end('events', 1)
  await log.close()
  const folder = await edited('last run', (rows) => rows.del(runKey('events', 1, end - 3)))
  const opened = openEmbeddedLog({ folder, partitions, clock })
  expect(await faultOf(opened)).toMatch(/events, partition 1: the records end at offset/)
})

test('a changed record is named by topic, partition and offset', async () => {
  const folder = await edited('changed', async (rows) => {
    const value = (await rows.get(runKey('events', 1, 3))) as Uint8Array
    value[30] = (value[30] as number) ^ 1
    await rows.put(runKey('events', 1, 3), value)
  })
  const log = await openEmbeddedLog({ folder, partitions, clock })
  expect(await faultOf(picture(log))).toMatch(/^events, partition 1, offset 3: /)
  await log.close()
})

test('an old committed position is noticed on opening', async () => {
  let old: Uint8Array | undefined
  const folder = copyOf(sound, 'old')
  await editIn(folder, async (rows) => {
    old = await rows.get(ownerKey(0))
  })
  const log = await openEmbeddedLog({ folder, partitions, clock })
  await log.acquire(0)
  await log.close()
  await editIn(folder, (rows) => rows.put(ownerKey(0), old as Uint8Array))
  const opened = openEmbeddedLog({ folder, partitions, clock })
  expect(await faultOf(opened)).toMatch(/committed position of partition 0 is an old one/)
})

async function write(log: Log, sitting: number): Promise<void> {
  const { lease } = await log.acquire(0)
  for (let round = 0; round < 12; round += 1) {
    const name = `${sitting}.${round}`
    await log.append([batch('events', 1, name, 3)], { mark: Buffer.from(name) })
    await log.append([batch('events', 0, name, 40)])
    const outputs = [batch('lines', 0, name, 5), batch('events', 0, name, 1)]
    const position = { offset: sitting * 12 + round, step: round }
    expect(await log.commit(lease, outputs, position, `meta ${name}`)).toBe('committed')
  }
}

/** Half of it does not compress, so that flips hit lengths as well as content. */
function batch(topic: Topic, partition: number, name: string, count: number): OutgoingBatch {
  const records = Array.from({ length: count }, (_, i) => {
    const noise = Uint8Array.from({ length: 40 }, (_, j) => randomOf(name.length * 31 + i * 7 + j))
    return { key: i % 2 === 0 ? Buffer.from(name) : null, value: Buffer.concat([noise, noise]) }
  })
  return { topic, partition, records }
}

/** Everything that can be read, as text. */
async function picture(log: Log): Promise<string> {
  const hash: string[] = [JSON.stringify(await log.describe()).replace(/"folder":"[^"]*"/, '')]
  hash.push(Buffer.from((await log.readMark()) ?? []).toString())
  for (const topic of ['events', 'lines', 'statements'] as const) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const end = await log.end(topic, partition)
      hash.push(`${topic} ${partition} ${end}`)
      for await (const found of log.read(topic, partition, 0, end)) {
        for (let i = 0; i < found.count; i += 1) {
          hash.push(`${found.offsets[i]} ${Buffer.from(recordValue(found, i)).toString('hex')}`)
        }
      }
    }
  }
  for (let partition = 0; partition < partitions; partition += 1) {
    const { lease, committed } = await log.acquire(partition)
    hash.push(JSON.stringify({ epoch: lease.epoch, committed }))
  }
  return hash.join('\n')
}

async function expectSoundOrFault(folder: string): Promise<void> {
  let log: Log | undefined
  try {
    log = await openEmbeddedLog({ folder, partitions, clock })
    expect(await picture(log)).toBe(expected)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  } finally {
    await log?.close()
  }
}

function openSound(name: string): Promise<Log> {
  return openEmbeddedLog({ folder: copyOf(sound, name), partitions, clock })
}

function copyOf(folder: string, name: string): string {
  const copy = join(top, name)
  cpSync(folder, copy, { recursive: true })
  return copy
}

/** Files that hold data: not the lock, nor LevelDB's diary. */
function filesOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !/^LO(CK|G|G\.old)$/.test(name))
  return names.sort().map((name) => join(folder, name))
}

/** A file, small ones as likely as large ones, and a place in it. */
function placeOf(folder: string, random: number): { readonly file: string; readonly at: number } {
  const files = filesOf(folder).filter((file) => readFileSync(file).length > 0)
  const file = files[random % files.length] as string
  return { file, at: (random >>> 4) % readFileSync(file).length }
}

type Rows = ClassicLevel<Uint8Array, Uint8Array>

async function edited(name: string, edit: (rows: Rows) => Promise<void>): Promise<string> {
  const folder = copyOf(sound, `${name} edited`)
  await editIn(folder, edit)
  return folder
}

async function editIn(folder: string, edit: (rows: Rows) => Promise<void>): Promise<void> {
  const encoding = { keyEncoding: 'view', valueEncoding: 'view' } as const
  const rows: Rows = new ClassicLevel(folder, encoding)
  await rows.open()
  await edit(rows)
  await rows.close()
}

async function faultOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'there was no fault',
    (error: unknown) => (error instanceof Fault ? error.message : `no fault: ${error}`),
  )
}

/** A well-mixed number below 2^31 for each seed. */
function randomOf(seed: number): number {
  let mixed = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) & 0x7fff_ffff
}
