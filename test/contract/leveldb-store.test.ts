import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { classifyError } from '../../src/adapters/leveldb/classify-error.ts'
import { openLevelDbStore } from '../../src/adapters/leveldb/leveldb-store.ts'
import { CorruptState, FatalFault, OwnershipLost } from '../../src/ports/faults.ts'
import { describeStorePort, testStoreRestart } from './store-port.ts'

describeStorePort('LevelDB store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  const store = await openLevelDbStore(folder)
  return {
    store,
    cleanup: async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
})

const kept = mkdtempSync(join(tmpdir(), 'store-'))
testStoreRestart(() => openLevelDbStore(kept))
afterAll(() => rmSync(kept, { recursive: true }))

test('a store that is open cannot be opened again, and the fault says what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  const store = await openLevelDbStore(folder)
  const fault = await openLevelDbStore(folder).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(FatalFault)
  expect((fault as FatalFault).exitCode).toBe(9)
  expect((fault as FatalFault).message).toContain(`${folder}: another process has this store open`)
  await store.close()
  rmSync(folder, { recursive: true })
})

test('a store whose list of files is damaged is corrupt', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  await (await openLevelDbStore(folder)).close()
  writeFileSync(join(folder, 'CURRENT'), 'nonsense')
  await expect(openLevelDbStore(folder)).rejects.toThrow(CorruptState)
  rmSync(folder, { recursive: true })
})

test('the folder of a store is made with the folders above it', async () => {
  const top = mkdtempSync(join(tmpdir(), 'store-'))
  const store = await openLevelDbStore(join(top, 'a', 'b'))
  await store.write([['k', Buffer.from('v')]], { sync: true })
  await store.close()
  rmSync(top, { recursive: true })
})

// biome-ignore format: the columns are a table
const errors = [
  // error                                                    fault          exit  why
  [coded('LEVEL_LOCKED', 'IO error: lock LOCK'),              FatalFault,    9,    'locked'],
  [coded('LEVEL_CORRUPTION', 'Corruption: bad block'),        CorruptState,  0,    'a bad block'],
  [new Error('Corruption: no meta-nextfile entry'),           CorruptState,  0,    'without a code'],
  [coded('LEVEL_DATABASE_NOT_OPEN', 'not open'),              FatalFault,    1,    'closed'],
  [coded('LEVEL_ITERATOR_NOT_OPEN', 'not open'),              FatalFault,    1,    'a closed iterator'],
  [coded('LEVEL_IO_ERROR', 'No space left on device'),        FatalFault,    9,    'disk full'],
  [coded('ENOSPC', 'write'),                                  FatalFault,    9,    'disk full, from Node'],
  [coded('LEVEL_IO_ERROR', 'LOCK: Permission denied'),        FatalFault,    7,    'no rights'],
  [coded('EACCES', 'mkdir'),                                  FatalFault,    7,    'no rights, from Node'],
  [coded('LEVEL_IO_ERROR', 'Input/output error'),             FatalFault,    9,    'a broken disk'],
  [new TypeError('surprise'),                                 FatalFault,    1,    'anything else'],
  ['a string',                                                FatalFault,    1,    'not even an error'],
  [undefined,                                                 FatalFault,    1,    'nothing'],
] as const

for (const [error, fault, exitCode, why] of errors) {
  test(`every error of the store has its fault: ${why}`, () => {
    for (const raw of [error, wrapped(error)]) {
      const found = classifyError(raw, '/state')
      expect(found).toBeInstanceOf(fault)
      expect(found.message).toMatch(/^\/state: /)
      if (found instanceof FatalFault) expect(found.exitCode).toBe(exitCode)
      expect(found.cause).toBe(raw)
    }
  })
}

test('a fault stays what it is', () => {
  const fault = new OwnershipLost('gone')
  expect(classifyError(fault, '/state')).toBe(fault)
})

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** As classic-level does when a database did not open. */
function wrapped(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause
  return Object.assign(new Error('Database failed to open', { cause }), {
    code: 'LEVEL_DATABASE_NOT_OPEN',
  })
}
