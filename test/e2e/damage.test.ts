import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Chance } from '../support/chance.ts'
import { differences, processArguments, settle, settleWell } from '../support/settle-process.ts'

// Whatever happens to the files of a state, a run over it gives the right results or none. LevelDB
// leaves out what it cannot read, and says nothing about most of it, so this is not a matter of
// course. Where it ends the process by an assertion, that is no silent loss either.

const flips = 40
const partitions = 2
let top = ''
/** A state as a run leaves it, with its data in journals, and one that was opened again. */
let states: readonly [string, string] = ['', '']
const tally = { same: 0, refused: 0, aborted: 0 }

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'settle-damage-'))
  const size = ['--seed', '3', '--events', '600', '--merchants', '8']
  await settleWell(['gen', ...size, '--rules', join(top, 'rules.json'), '-o', events()])
  await settleWell(argumentsFor('once', 'expected'))
  cpSync(join(top, 'once'), join(top, 'twice'), { recursive: true })
  await settleWell(argumentsFor('twice', 'expected-twice'))
  expect(differences(join(top, 'expected'), join(top, 'expected-twice'))).toEqual([])
  states = [join(top, 'once'), join(top, 'twice')]
})

afterAll(() => {
  const { same, refused, aborted } = tally
  console.info(`damage: ${same} runs right, ${refused} refused with 9, ${aborted} ended by LevelDB`)
  rmSync(top, { recursive: true, force: true })
})

const seeds = Array.from({ length: flips }, (_, index) => index + 1)

test.each(seeds)('a flipped byte changes no result unseen (seed %i)', async (seed) => {
  const chance = new Chance(seed)
  const isOnce = seed % 2 === 0
  const name = copyOf(isOnce ? states[0] : states[1], `flip-${seed}`)
  const files = filesOf(join(top, name))
  // Every byte alike finds the large journal, where a loss is quietest; every file alike the rest.
  const { file, at } = isOnce ? byteOf(files, chance) : byteOf([chance.pick(files)], chance)
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] as number) ^ (1 + chance.below(255))
  writeFileSync(file, bytes)
  await expectRightOrRefused(name, `${file} at ${at}`)
})

/** A place in files that are laid end to end. */
function byteOf(files: readonly string[], chance: Chance): { file: string; at: number } {
  const sizes = files.map((file) => statSync(file).size)
  let at = chance.below(sizes.reduce((sum, size) => sum + size, 0))
  const index = sizes.findIndex((size) => {
    if (at < size) return true
    at -= size
    return false
  })
  return { file: files[index] as string, at }
}

const losses = [
  ['deleted', rmSync],
  ['cut in the middle', (file: string) => truncateSync(file, statSync(file).size >> 1)],
  ['emptied', (file: string) => truncateSync(file, 0)],
  ['cut by a byte', (file: string) => truncateSync(file, statSync(file).size - 1)],
] as const

test.each(losses)('a file that is %s changes no result unseen', async (what, lose) => {
  const count = filesOf(states[1]).length
  for (let index = 0; index < count; index += 1) {
    const name = copyOf(states[1], `${what}-${index}`)
    const file = filesOf(join(top, name))[index] as string
    lose(file)
    await expectRightOrRefused(name, `${file} ${what}`)
  }
})

test('stores that are gone are folded anew from the log', async () => {
  const name = copyOf(states[1], 'no stores')
  for (let p = 0; p < partitions; p += 1) rmSync(join(top, name, `store-${p}`), { recursive: true })
  await settleWell(argumentsFor(name, `${name}-out`))
  expect(differences(join(top, 'expected'), join(top, `${name}-out`))).toEqual([])
})

test('a log that is gone is missed where stores are left', async () => {
  const name = copyOf(states[1], 'no log')
  rmSync(join(top, name, 'log'), { recursive: true })
  await expectRightOrRefused(name, 'the log is gone')
})

async function expectRightOrRefused(name: string, damage: string): Promise<void> {
  const out = join(top, `${name}-out`)
  const { exitCode, signal, stderr } = await settle(argumentsFor(name, `${name}-out`))
  if (exitCode === 0) {
    expect(differences(join(top, 'expected'), out), damage).toEqual([])
    tally.same += 1
    return
  }
  expect(existsSync(join(out, 'summary.json')), damage).toBe(false)
  if (signal !== null) {
    expect(signal, damage).not.toBe('SIGKILL')
    tally.aborted += 1
    return
  }
  expect({ exitCode, stderr }, damage).toMatchObject({ exitCode: 9 })
  expect(stderr, damage).toMatch(/^settle: .{20}/m)
  tally.refused += 1
}

function events(): string {
  return join(top, 'events.jsonl')
}

function argumentsFor(state: string, out: string): string[] {
  const run = { rules: join(top, 'rules.json'), events: events(), partitions }
  return processArguments({ ...run, out: join(top, out), state: join(top, state) })
}

function copyOf(state: string, name: string): string {
  cpSync(state, join(top, name), { recursive: true })
  return name
}

/** Files with data: neither locks nor LevelDB's diary. */
function filesOf(state: string): string[] {
  const names = readdirSync(state, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter((name) => !/(^|\/)LO(CK|G|G\.old)$/.test(name))
  return files.map((name) => join(state, name)).filter((path) => isFilled(path))
}

function isFilled(path: string): boolean {
  const found = statSync(path)
  return found.isFile() && found.size > 0
}
