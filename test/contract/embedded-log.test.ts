import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { classifyError } from '../../src/adapters/embedded-log/classify-error.ts'
import { openDatabase } from '../../src/adapters/embedded-log/database.ts'
import { openEmbeddedLog, startLog } from '../../src/adapters/embedded-log/embedded-log.ts'
import { CorruptState, type Failpoint, FatalFault, OwnershipLost } from '../../src/ports/faults.ts'
import type { Log, OutgoingBatch } from '../../src/ports/log.ts'
import { describeLogPort } from './log-port.ts'

const clock = { now: () => Date.now() }
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describeLogPort('embedded log', async () => {
  const folder = newFolder()
  let log = await openEmbeddedLog({ folder, partitions: 3, clock })
  return {
    log,
    reopen: async () => {
      await log.close()
      log = await openEmbeddedLog({ folder, partitions: 3, clock })
      return log
    },
    cleanup: () => log.close(),
  }
})

describe('opening', () => {
  test('a log that is open cannot be opened again, and the fault says what to do', async () => {
    const folder = newFolder()
    const log = await openEmbeddedLog({ folder, partitions: 1, clock })
    const fault = await faultOf(openEmbeddedLog({ folder, partitions: 1, clock }))
    expect(fault).toBeInstanceOf(FatalFault)
    expect((fault as FatalFault).exitCode).toBe(9)
    expect(fault.message).toContain(`${folder}: another process has this log open`)
    await log.close()
  })

  test('another number of partitions is refused with both numbers', async () => {
    const folder = newFolder()
    await (await openEmbeddedLog({ folder, partitions: 3, clock })).close()
    const fault = await faultOf(openEmbeddedLog({ folder, partitions: 4, clock }))
    expect((fault as FatalFault).exitCode).toBe(3)
    expect(fault.message).toContain('created with 3 partitions and cannot be opened with 4')
  })

  test('without a number the stored one is taken, and the lock was given back', async () => {
    const folder = newFolder()
    await (await openEmbeddedLog({ folder, partitions: 3, clock })).close()
    const log = await openEmbeddedLog({ folder, clock })
    expect((await log.describe()).partitions).toBe(3)
    await log.close()
  })

  for (const partitions of [undefined, 0, -1, 1.5, 5_000]) {
    test(`a new log cannot have ${partitions} partitions, and may be made right after`, async () => {
      const folder = newFolder()
      const fault = await faultOf(openEmbeddedLog({ folder, partitions, clock }))
      expect((fault as FatalFault).exitCode).toBe(3)
      await (await openEmbeddedLog({ folder, partitions: 1, clock })).close()
    })
  }

  test('two logs have two ids', async () => {
    const [one, two] = [await newLog(), await newLog()]
    expect((await one.describe()).clusterId).not.toBe((await two.describe()).clusterId)
    await Promise.all([one.close(), two.close()])
  })
})

describe('offsets and times', () => {
  test('offsets rise by one, and a commit takes one more', async () => {
    const log = await newLog()
    const { lease } = await log.acquire(0)
    await log.append([batch('a', 'b')])
    await log.commit(lease, [batch('c')], { offset: 0, step: 0 }, '')
    await log.append([batch('d')])
    const offsets: number[] = []
    for await (const found of log.read('events', 0, 0, 100)) offsets.push(...found.offsets)
    expect(offsets).toEqual([0, 1, 2, 4])
    expect(await log.end('events', 0)).toBe(5)
    await log.close()
  })

  test('a clock that is set back does not take append times back, nor does a restart', async () => {
    const folder = newFolder()
    let now = 5_000
    const jumping = { now: () => now }
    let log = await openEmbeddedLog({ folder, partitions: 1, clock: jumping })
    await log.append([batch('a')])
    now = 3_000
    await log.append([batch('b')])
    await log.close()
    log = await openEmbeddedLog({ folder, clock: jumping })
    await log.append([batch('c')])
    now = 6_000
    await log.append([batch('d')])
    const times: number[] = []
    for await (const found of log.read('events', 0, 0, 100)) times.push(...found.appendTimes)
    expect(times).toEqual([5_000, 5_000, 5_000, 6_000])
    await log.close()
  })

  test('a partition that the log does not have is a RangeError', async () => {
    const log = await newLog()
    for (const partition of [-1, 1, 0.5]) {
      const wrong = { topic: 'events' as const, partition, records: batch('a').records }
      await expect(log.append([wrong])).rejects.toThrow(RangeError)
      await expect(log.acquire(partition)).rejects.toThrow(RangeError)
      await expect(log.end('lines', partition)).rejects.toThrow(RangeError)
      await expect(log.read('lines', partition, 0, 1)[Symbol.asyncIterator]().next())
        .rejects //
        .toThrow(RangeError)
    }
    await log.append([batch('a')])
    expect(await log.end('events', 0)).toBe(1)
    await log.close()
  })
})

describe('failing writes', () => {
  test('a write that fails is unknown, the lease is dead, and nothing is visible', async () => {
    const { log, disk } = await fragileLog()
    const { lease } = await log.acquire(0)
    disk.full = true
    const position = { offset: 1, step: 0 }
    expect(await log.commit(lease, [batch('a')], position, '')).toBe('unknown')
    expect(await log.commit(lease, [batch('a')], position, '')).toBe('fenced')
    expect(await log.end('events', 0)).toBe(0)
    await log.close()
  })

  test('after a failed write nothing is written until the log is opened again', async () => {
    const { log, disk } = await fragileLog()
    const { lease } = await log.acquire(0)
    disk.full = true
    const first = await faultOf(log.append([batch('a')]))
    expect(first).toBeInstanceOf(FatalFault)
    expect(first.message).toContain('the disk is full')
    disk.full = false
    expect(await faultOf(log.append([batch('b')]))).toBe(first)
    expect(await faultOf(log.acquire(0))).toBe(first)
    expect(await log.commit(lease, [], { offset: 1, step: 0 }, '')).toBe('unknown')
    await log.close()
  })

  test('an error of the caller is no unknown outcome and leaves the lease alive', async () => {
    const log = await newLog()
    const { lease } = await log.acquire(0)
    const position = { offset: 1, step: 0 }
    await expect(log.commit(lease, [], position, 'é'.repeat(2_001))).rejects.toThrow(RangeError)
    expect(await log.commit(lease, [], position, 'é'.repeat(2_000))).toBe('committed')
    await log.close()
  })
})

test('the failpoints stand around the write of an append', async () => {
  const reached: string[] = []
  const log: Log = await openEmbeddedLog({
    folder: newFolder(),
    partitions: 1,
    clock,
    failpoints: { reach: (name: Failpoint) => reached.push(`${name}`) },
  })
  const { lease } = await log.acquire(0)
  await log.commit(lease, [batch('a')], { offset: 0, step: 0 }, '')
  expect(reached).toEqual([])
  await log.append([batch('a')])
  expect(reached).toEqual(['append:before', 'append:after'])
  await log.close()
})

test('close stops the subscriptions, and what is called after is refused', async () => {
  const log = await newLog()
  const revoked: number[] = []
  let done: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve) => {
    const subscription = log.subscribe({
      onAssigned: async () => resolve(),
      onRevoked: async (partition) => void revoked.push(partition),
      onBatch: async () => undefined,
    })
    done = subscription.done
  })
  await log.close()
  await done
  expect(revoked).toEqual([0])
  expect(await faultOf(log.append([batch('a')]))).toBeInstanceOf(FatalFault)
  expect(await faultOf(log.acquire(0))).toBeInstanceOf(FatalFault)
  expect(await faultOf(log.readMark())).toBeInstanceOf(FatalFault)
})

// biome-ignore format: the columns are a table
const errors = [
  // error                                               fault         exit  why
  [coded('LEVEL_LOCKED', 'IO error: lock LOCK'),         FatalFault,   9,    'locked'],
  [coded('LEVEL_CORRUPTION', 'Corruption: bad block'),   CorruptState, 0,    'a bad block'],
  [new Error('Corruption: no meta-nextfile entry'),      CorruptState, 0,    'without a code'],
  [new Error('x does not exist (create_if_missing)'),    CorruptState, 0,    'files that vanished'],
  [coded('LEVEL_DATABASE_NOT_OPEN', 'not open'),         FatalFault,   1,    'closed'],
  [coded('LEVEL_IO_ERROR', 'No space left on device'),   FatalFault,   9,    'disk full'],
  [coded('ENOSPC', 'write'),                             FatalFault,   9,    'disk full, from Node'],
  [coded('LEVEL_IO_ERROR', 'LOCK: Permission denied'),   FatalFault,   7,    'no rights'],
  [coded('EACCES', 'open'),                              FatalFault,   7,    'no rights, from Node'],
  [coded('LEVEL_IO_ERROR', 'Input/output error'),        FatalFault,   9,    'a broken disk'],
  [coded('EIO', 'write'),                                FatalFault,   9,    'a broken disk, from Node'],
  [new TypeError('surprise'),                            FatalFault,   1,    'anything else'],
  ['a string',                                           FatalFault,   1,    'not even an error'],
  [undefined,                                            FatalFault,   1,    'nothing'],
] as const

for (const [error, fault, exitCode, why] of errors) {
  test(`every error of the log has its fault: ${why}`, () => {
    const found = classifyError(error, '/log')
    expect(found).toBeInstanceOf(fault)
    expect(found.message).toMatch(/^\/log: /)
    if (found instanceof FatalFault) expect(found.exitCode).toBe(exitCode)
    expect(found.cause).toBe(error)
  })
}

test('a fault stays what it is', () => {
  const fault = new OwnershipLost('gone')
  expect(classifyError(fault, '/log')).toBe(fault)
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'log-'))
  folders.push(folder)
  return folder
}

function newLog(): Promise<Log> {
  return openEmbeddedLog({ folder: newFolder(), partitions: 1, clock })
}

/** A log on a disk that a test can fill. */
async function fragileLog() {
  const folder = newFolder()
  const disk = { full: false }
  const { database, synced } = await openDatabase(folder)
  const write: typeof database.write = async (rows, options) => {
    if (disk.full) throw coded('ENOSPC', 'write')
    await database.write(rows, options)
  }
  const fragile = new Proxy(database, {
    get(target, name) {
      if (name === 'write') return write
      const member = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  const log = await startLog({ database: fragile, synced }, { folder, partitions: 1, clock })
  return { log, disk }
}

function batch(...values: readonly string[]): OutgoingBatch {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }))
  return { topic: 'events', partition: 0, records }
}

async function faultOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('there was no fault'),
    (error: Error) => error,
  )
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
