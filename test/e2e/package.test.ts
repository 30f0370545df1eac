import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repository, summaryOf } from '../support/settle-process.ts'

// What an image would hold, without one: the packed package, installed with the flags of production
// into an empty folder, and run by a user who may write to its state and results alone.

const nobody = 65_534
const isRoot = process.getuid?.() === 0
const canChange = isRoot && spawnSync('setpriv', ['--version']).error === undefined
if (!canChange) console.warn('not started by root with setpriv: the package runs as its own user')

let top = ''
let home = ''
let writable = ''

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'settle-package-'))
  // Others must get in; what they may not is write.
  chmodSync(top, 0o755)
  home = join(top, 'installed')
  writable = join(top, 'writable')
  mkdirSync(home)
  mkdirSync(writable)
  const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', top], repository)
  expect(packed.stderr + packed.stdout).toContain('settlestream-')
  const tarball = readdirSync(top).find((name) => name.endsWith('.tgz')) as string
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const installed = run('npm', ['install', ...flags, join(top, tarball)], home)
  expect(installed.status, installed.stderr).toBe(0)
  if (canChange) chownSync(writable, nobody, nobody)
  if (!isRoot) spawnSync('chmod', ['-R', 'a-w', home])
}, 300_000)

afterAll(() => {
  if (!isRoot) spawnSync('chmod', ['-R', 'u+w', home])
  rmSync(top, { recursive: true, force: true })
})

function run(command: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The command line that runs `settle` of the installed package as the other user. */
function asOther(args: readonly string[]): [string, string[]] {
  const settle = join(home, 'node_modules/.bin/settle')
  if (!canChange) return [process.execPath, [settle, ...args]]
  const ids = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs']
  return ['setpriv', [...ids, process.execPath, settle, ...args]]
}

test('the package holds what runs, and nothing else', () => {
  const folder = join(home, 'node_modules/settlestream')
  const names = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'schemas']
  expect(readdirSync(folder).sort()).toEqual(names)
  const files = readdirSync(join(folder, 'dist'), { recursive: true }).map(String)
  expect(files).toEqual(expect.arrayContaining(['app/main.js', 'app/healthcheck.js']))
  expect(files.filter((name) => name.endsWith('.tsbuildinfo'))).toEqual([])
})

test('nothing of the development is installed, and few packages are', () => {
  const lists = run('npm', ['ls', '--all', '--parseable'], home)
  const names = lists.stdout.split('\n').filter((line) => line.includes('node_modules'))
  expect(names.filter((name) => /(vitest|typescript|@biomejs)$/.test(name))).toEqual([])
  expect(names.length).toBeLessThanOrEqual(90)
})

test.skipIf(!canChange)('the other user may not write where the package is', () => {
  const [command, args] = asOther([])
  const touch = [...args.slice(0, -2), 'touch', join(home, 'written')]
  expect(run(command, touch, writable).status).not.toBe(0)
})

test('a stream is generated, piped in and settled', async () => {
  const rules = join(writable, 'rulebook.json')
  const out = join(writable, 'out')
  const state = join(writable, 'state')
  const [command, gen] = asOther(['gen', '--events', '2000', '--merchants', '20', '--rules', rules])
  const source = spawn(command, gen, { cwd: writable, stdio: ['ignore', 'pipe', 'inherit'] })
  const flags = ['--rules', rules, '--events', '-', '--out', out, '--state', state]
  const sourceEnded = new Promise<number | null>((resolve) => source.once('close', resolve))
  // The rule book is there before the first event is: the sink starts with the first byte.
  await new Promise((resolve) => source.stdout.once('readable', resolve))
  const [, process_] = asOther(['process', ...flags])
  const sink = spawn(command, process_, {
    cwd: writable,
    env: { ...process.env, TMPDIR: writable },
    stdio: ['pipe', 'inherit', 'pipe'],
  })
  source.stdout.pipe(sink.stdin)
  const told: Buffer[] = []
  sink.stderr.on('data', (piece: Buffer) => told.push(piece))
  const exitCode = await new Promise<number | null>((resolve) => sink.once('close', resolve))
  expect(exitCode, Buffer.concat(told).toString()).toBe(0)
  expect(await sourceEnded).toBe(0)
  expect(summaryOf(out).records.applied).toBeGreaterThan(1_500)
})

describe('the health check', () => {
  const check = (port: number) => {
    const path = join(home, 'node_modules/settlestream/dist/app/healthcheck.js')
    const env = { ...process.env, SETTLE_PORT: String(port), SETTLE_HOST: '0.0.0.0' }
    return spawnSync(process.execPath, [path], { env }).status
  }

  test('is 0 for an instance that lives and 1 for none', async () => {
    const port = await freePort()
    expect(check(port)).toBe(1)
    const [command, args] = asOther(['run', '--state', 'live', '--port', String(port)])
    const instance = spawn(command, args, { cwd: writable, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => instance.once('close', resolve))
    await new Promise<void>((resolve) => {
      instance.stdout.on('data', (piece: Buffer) => {
        if (piece.includes('"state":"running"')) resolve()
      })
    })
    expect(check(port)).toBe(0)
    instance.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(check(port)).toBe(1)
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
