import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLevelDbStore } from '../../src/adapters/leveldb/leveldb-store.ts'
import { openSettlement } from '../../src/app/compose.ts'
import { CheckedStore } from '../../src/runtime/checked-store.ts'
import { decodeMeta, metaKey, metaWrites } from '../../src/runtime/meta.ts'
import {
  differences,
  type Ended,
  processArguments,
  settle,
  settleWell,
} from '../support/settle-process.ts'

// A state with two generations of snapshots: one after half of the events, one after all.

let top = ''
let origin = ''

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'settle-snapshot-'))
  const size = ['--seed', '3', '--events', '600', '--merchants', '8']
  await settleWell(['gen', ...size, '--rules', join(top, 'rules.json'), '-o', file('all')])
  const lines = readFileSync(file('all'), 'utf8').trimEnd().split('\n')
  writeFileSync(file('half'), `${lines.slice(0, 300).join('\n')}\n`)
  origin = join(top, 'origin')
  await settleWell(argumentsFor('origin', 'half'))
  await settleWell(['snapshot', 'create', '--state', origin])
  await settleWell(argumentsFor('origin', 'all'))
  await settleWell(['snapshot', 'create', '--state', origin])
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

function file(name: string): string {
  return join(top, `${name}.jsonl`)
}

function argumentsFor(name: string, events: string): string[] {
  return processArguments({
    rules: join(top, 'rules.json'),
    events: file(events),
    out: join(top, `${name}-out`),
    state: join(top, name),
    partitions: 2,
  })
}

function copyOf(name: string): string {
  const state = join(top, name)
  cpSync(origin, state, { recursive: true })
  return state
}

/** The store of partition 0 is gone; a run must come to the same files. Gives what it says. */
async function wiped(state: string, name: string): Promise<string> {
  rmSync(join(state, 'store-0'), { recursive: true })
  const { stderr } = await settleWell(argumentsFor(name, 'all'))
  expect(differences(join(top, 'origin-out'), join(top, `${name}-out`))).toEqual([])
  return stderr
}

function generation(state: string, number: number): string {
  return join(state, 'snapshots', '0', `00000${number}`)
}

function replay(state: string, ...more: string[]): Promise<Ended> {
  return settle(['replay', '--compare', '--state', state, ...more])
}

/** Flips a byte of the largest file. */
function flip(folder: string): string {
  const size = (name: string): number => statSync(join(folder, name)).size
  const [name] = readdirSync(folder)
    .filter((each) => !each.endsWith('.json'))
    .sort((a, b) => size(b) - size(a)) as [string]
  const bytes = readFileSync(join(folder, name))
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
  writeFileSync(join(folder, name), bytes)
  return name
}

describe('a store that is gone', () => {
  test('starts from the newest snapshot', async () => {
    const said = await wiped(copyOf('newest'), 'newest')
    expect(said).toContain('had no store and starts from the snapshot')
    expect(said).toContain('snapshots/0/000002')
  })

  test('starts from the next one where a byte of the newest is flipped, and says why', async () => {
    const state = copyOf('flipped')
    const name = flip(generation(state, 2))
    const said = await wiped(state, 'flipped')
    expect(said).toContain(`000002 is not used: it is damaged: ${generation(state, 2)}/${name}: `)
    expect(said).toContain('is not the file that the manifest names')
    expect(said).toContain(`starts from the snapshot ${generation(state, 1)}`)
  })

  test('is folded from the start of the log where both are damaged', async () => {
    const state = copyOf('both')
    flip(generation(state, 1))
    rmSync(join(generation(state, 2), 'CURRENT'))
    const said = await wiped(state, 'both')
    expect(said).toContain('CURRENT: is missing')
    expect(said).not.toContain('starts from')
  })

  test('keeps its clock mode where no store is left', async () => {
    const state = copyOf('clock')
    for (const each of ['store-0', 'store-1']) rmSync(join(state, each), { recursive: true })
    const opening = { folder: state, partitions: undefined, failpoint: undefined }
    await expect(openSettlement({ ...opening, clock: 'live' })).rejects.toMatchObject({
      exitCode: 3,
    })
  })

  test('does not start from a changed manifest', async () => {
    const state = copyOf('manifest')
    const path = join(generation(state, 2), 'manifest.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"offset": \d+/, '"offset": 1'))
    const said = await wiped(state, 'manifest')
    expect(said).toContain('is not the manifest that was verified')
  })

  test('does not start from one of another log', async () => {
    const other = join(top, 'other')
    await settleWell(argumentsFor('other', 'all'))
    cpSync(join(origin, 'snapshots'), join(other, 'snapshots'), { recursive: true })
    rmSync(join(other, 'store-0'), { recursive: true })
    const { stderr } = await settleWell(argumentsFor('other', 'all'))
    expect(stderr).toContain('000002 is not used: it was made with clusterId')
    expect(stderr).not.toContain('starts from')
  })
})

describe('settle snapshot', () => {
  test('keeps two generations, and removes a copy that was never ended', async () => {
    const state = copyOf('kept')
    const unfinished = join(state, 'snapshots', '0', '000003')
    mkdirSync(unfinished)
    writeFileSync(join(unfinished, 'CURRENT'), 'half')
    await settleWell(['snapshot', 'create', '--state', state])
    expect(readdirSync(join(state, 'snapshots', '0')).sort()).toEqual(['000002', '000004'])
  })

  test('verify ends with 4 where one does not come out, which then counts no more', async () => {
    const state = copyOf('verified')
    await settleWell(['snapshot', 'verify', '--state', state])
    flip(generation(state, 2))
    const ended = await settle(['snapshot', 'verify', '--state', state])
    expect(ended.exitCode).toBe(4)
    expect(ended.stdout).toContain('4 snapshots, 1 do not come out')
    const { stdout } = await settleWell(['snapshot', 'list', '--state', state, '-o', 'json'])
    const listed = JSON.parse(stdout) as { partition: number; verified: boolean }[]
    const own = listed.filter(({ partition }) => partition === 0)
    expect(own.map(({ verified }) => verified)).toEqual([false, true])
  })

  test('restore puts an older one in place, from which a run goes on', async () => {
    const state = copyOf('restored')
    const which = ['--partition', '0', '--generation', '1']
    const { stderr } = await settleWell(['snapshot', 'restore', '--state', state, ...which])
    expect(stderr).toContain('store-0.replaced-1')
    await settleWell(argumentsFor('restored', 'all'))
    expect(differences(join(top, 'origin-out'), join(top, 'restored-out'))).toEqual([])
  })

  test('restore of a damaged one ends with 9 and leaves the store as it was', async () => {
    const state = copyOf('unrestored')
    flip(generation(state, 1))
    const which = ['--partition', '0', '--generation', '1']
    const ended = await settle(['snapshot', 'restore', '--state', state, ...which])
    expect(ended.exitCode).toBe(9)
    expect(await replay(state)).toMatchObject({ exitCode: 0 })
    expect(readdirSync(state).filter((name) => name.includes('restor'))).toEqual([])
  })

  test.each([
    ['a generation that is not there', ['restore', '--partition', '0', '--generation', '9'], 6],
    ['a partition that is not there', ['create', '--partition', '9'], 2],
    ['a partition that is no number', ['create', '--partition', 'x'], 2],
  ])('%s is refused', async (_what, [name = '', ...rest], exitCode) => {
    const ended = await settle(['snapshot', name, '--state', origin, ...rest])
    expect(ended.exitCode).toBe(exitCode)
  })

  test('a folder without a settlement ends with 6', async () => {
    const ended = await settle(['snapshot', 'list', '--state', join(top, 'nowhere')])
    expect(ended.exitCode).toBe(6)
  })

  test('a folder that is in use ends with 9', async () => {
    const state = copyOf('held')
    const held = await openSettlement({
      folder: state,
      partitions: undefined,
      failpoint: undefined,
    })
    const ended = await settle(['snapshot', 'create', '--state', state])
    await held.close()
    expect(ended.exitCode).toBe(9)
  })

  test.each(['create', 'list', 'verify', 'restore'])(
    '%s --help begins with an example',
    async (name) => {
      const { stdout } = await settleWell(['snapshot', name, '--help'])
      expect(stdout).toMatch(new RegExp(`^Example:\n  settle snapshot ${name} `))
    },
  )
})

describe('settle replay --compare', () => {
  test('comes to the same from the start of the log and from a snapshot', async () => {
    expect(await replay(origin)).toMatchObject({ exitCode: 0 })
    expect(await replay(origin, '--generation', '1')).toMatchObject({ exitCode: 0 })
  })

  test('ends with 4 where a row is another one, with a checksum that is right', async () => {
    const state = copyOf('changed')
    await change(state, async (store) => {
      const [row] = await store.range('\u0001', '\u00ff', 1)
      const [key, value] = row as readonly [string, Uint8Array]
      await store.write([[key, new Uint8Array([...value, 0])]], { sync: true })
    })
    const ended = await replay(state)
    expect(ended.exitCode).toBe(4)
    expect(ended.stdout).toMatch(/partition 0: the store has \d+ rows of digest/)
    expect(ended.stdout).toContain('partition 1: comes to the same')
  })

  test('ends with 4 where the outputs were others', async () => {
    const state = copyOf('diverged')
    await change(state, async (store) => {
      const meta = decodeMeta(store.get(metaKey) as Uint8Array)
      await store.write(metaWrites({ ...meta, digest: '0123456789abcdef' }), { sync: true })
    })
    const ended = await replay(state, '--partition', '0')
    expect(ended.exitCode).toBe(4)
    expect(ended.stdout).toContain('DIVERGED')
  })

  test('leaves nothing behind and changes nothing', async () => {
    const state = copyOf('untouched')
    const before = readdirSync(state)
    await replay(state)
    expect(readdirSync(state)).toEqual(before)
    await settleWell(argumentsFor('untouched', 'all'))
    expect(differences(join(top, 'origin-out'), join(top, 'untouched-out'))).toEqual([])
  })

  test('without --compare it is wrong usage', async () => {
    expect(await settle(['replay', '--state', origin])).toMatchObject({ exitCode: 2 })
  })
})

async function change(state: string, work: (store: CheckedStore) => Promise<void>): Promise<void> {
  const store = await openLevelDbStore(join(state, 'store-0'))
  await work(new CheckedStore(store))
  await store.close()
}
