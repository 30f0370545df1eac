import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signalWhen } from '../support/kill.ts'
import {
  differences,
  mainPath,
  processArguments,
  repository,
  settle,
  settleWell,
  startSettle,
} from '../support/settle-process.ts'

let top = ''
const path = (name: string): string => join(top, name)

/** A line of a file of events, with what the case is about. */
function line(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ eventId: 'e-1', occurredAt: '2026-06-01T00:00:00Z', ...fields })}\n`
}

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'settle-command-'))
  const size = ['--seed', '5', '--events', '300', '--merchants', '5']
  await settleWell(['gen', ...size, '--rules', path('rules.json'), '-o', path('events.jsonl')])
  const sound = JSON.parse(readFileSync(path('rules.json'), 'utf8'))
  writeFileSync(path('no-zone.json'), JSON.stringify({ ...sound, zone: 'Mars/Base' }))
  writeFileSync(path('no-json.json'), '{"ruleBookId": }')
  const tick = { type: 'Tick', at: '2026-06-01T00:00:00Z' }
  writeFileSync(path('day.jsonl'), line(tick) + line({ ...tick, occurredAt: '2026-06-01' }))
  writeFileSync(path('typo.jsonl'), line({ ...tick, type: 'Tikc' }))
  writeFileSync(path('later.jsonl'), line({ type: 'AdvanceRequested', partyId: 'M-1' }))
  writeFileSync(path('four.json'), '')
  await settleWell(processArguments({ ...sources(), out: path('four'), state: path('four-state') }))
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

function sources() {
  return { rules: path('rules.json'), events: path('events.jsonl'), partitions: 4 }
}

describe('the exit code', () => {
  const good = ['--rules', 'rules.json', '--events', 'events.jsonl', '--out', 'out']
  const withRules = (rules: string) => ['process', '--rules', rules, ...good.slice(2)]
  const withEvents = (events: string) => [
    'process',
    ...good.slice(0, 2),
    ...['--events', events, '--out', 'out', '--state', 'state'],
  ]

  // biome-ignore format: the columns are a table
  const cases: readonly [code: number, why: string, args: readonly string[], said: RegExp][] = [
    [2, 'an unknown option',       ['process', ...good, '--partitons', '2'], /unknown option '--partitons'[\s\S]*Did you mean --partitions\?/],
    [2, 'an unknown command',      ['proces'],                      /unknown command 'proces'[\s\S]*Did you mean process\?/],
    [2, 'an unknown subcommand',   ['rules', 'lnt'],                /unknown command 'lnt'[\s\S]*Did you mean lint\?/],
    [2, 'an option left out',      ['process', ...good.slice(2)],   /required option '--rules <file>' not specified/],
    [2, 'a number out of range',   ['process', ...good, '--partitions', '0'], /--partitions.*whole number from 1 to 1024/],
    [2, 'an event not built yet',  withEvents('later.jsonl'),       /later\.jsonl:1: type: AdvanceRequested is not available in this version/],
    [3, 'a rule book refused',     withRules('no-zone.json'),       /no-zone\.json: zone: .*Mars\/Base/],
    [3, 'a rule book no JSON',     withRules('no-json.json'),       /no-json\.json:1:16: is no JSON from here on, at "}"/],
    [3, 'other partitions',        ['process', ...good, '--state', 'four-state', '--partitions', '2'], /created with 4 partitions and cannot be opened with 2; ask for 4/],
    [4, 'a faulty line',           withEvents('day.jsonl'),         /day\.jsonl:2: occurredAt: "2026-06-01" is no instant: write it like/],
    [4, 'a type misspelt',         withEvents('typo.jsonl'),        /typo\.jsonl:1: type: "Tikc" is no event type; did you mean "Tick"\?/],
    [6, 'rules that are not there', withRules('nope.json'),         /nope\.json: there is no such file/],
    [6, 'events not there',        withEvents('nope.jsonl'),        /nope\.jsonl: there is no such file/],
    [6, 'a lint of no file',       ['rules', 'lint', 'nope.json'],  /nope\.json: there is no such file/],
    [6, 'a load of no file',       ['load', 'nope.jsonl', '--state', 'state'], /nope\.jsonl: there is no such file/],
  ]

  test.each(cases)(
    'is %i for %s, with a word on it, and nothing is written',
    async (code, _, args, said) => {
      const { exitCode, stdout, stderr } = await settle(args, { cwd: top })
      expect({ exitCode, said: stdout + stderr }).toMatchObject({ exitCode: code })
      expect(stdout + stderr).toMatch(said)
      expect(stdout + stderr).not.toMatch(/internal fault|\n\s+at /)
      const written = ['out', 'state'].filter((name) => existsSync(path(name)))
      for (const name of written) rmSync(path(name), { recursive: true })
      expect(written).toEqual([])
    },
  )

  test.each([
    ['events that are a folder', ['--events', '.', '--out', 'out']],
    ['an output that is a file', ['--events', 'events.jsonl', '--out', 'four.json']],
    [
      'a state that is a file',
      ['--events', 'events.jsonl', '--out', 'out', '--state', 'four.json'],
    ],
  ])('of %s is not that of an internal fault', async (_, args) => {
    const { exitCode, stderr } = await settle(['process', '--rules', 'rules.json', ...args], {
      cwd: top,
    })
    rmSync(path('out'), { recursive: true, force: true })
    expect(stderr).not.toMatch(/internal fault/)
    expect([2, 4, 6, 7]).toContain(exitCode)
  })

  test('is 0 when the input is folded to its end, whatever was rejected', async () => {
    const order = readFileSync(path('events.jsonl'), 'utf8').split('\n')
    const placed = order.find((text) => text.includes('"OrderPlaced"')) as string
    const event = { ...JSON.parse(placed), eventId: 'e-x', partyId: 'X-1', orderId: 'x-1' }
    writeFileSync(path('stranger.jsonl'), `${JSON.stringify(event)}\n`)
    const out = path('stranger')
    const run = { rules: path('rules.json'), events: path('stranger.jsonl'), out }
    await settleWell(processArguments(run))
    expect(readFileSync(join(out, 'rejections.jsonl'), 'utf8')).toMatch(/"PARTY_UNKNOWN"/)
  })
})

describe('the help', () => {
  let commands: string[][] = []

  beforeAll(async () => {
    commands = await commandsBelow([])
  })

  test('of every command starts with an example and ends with 0', async () => {
    expect(commands.length).toBeGreaterThan(8)
    const without: string[] = []
    for (const command of commands) {
      const { stdout } = await settleWell([...command, '--help'])
      if (!/^Examples?:\n {2}settle /.test(stdout)) without.push(command.join(' '))
    }
    expect(without).toEqual([])
  })

  test('tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    const { stdout } = await settleWell(['--version'])
    expect(stdout).toBe(`${version}\n`)
  })
})

/** Every command with its subcommands, as the help lists them. */
async function commandsBelow(parent: readonly string[]): Promise<string[][]> {
  const { stdout } = await settleWell([...parent, '--help'])
  const listed = stdout.split(/^Commands:$/m)[1] ?? ''
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name as string)
  const found: string[][] = []
  for (const name of names.filter((each) => each !== 'help')) {
    found.push([...parent, name], ...(await commandsBelow([...parent, name])))
  }
  return found
}

test('a reader that goes away ends the printing quietly', async () => {
  const child = spawn(process.execPath, [mainPath, 'gen', '--events', '20000'], { cwd: top })
  const stderr: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const first = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
  child.stdout.destroy()
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  expect(first.toString()).toMatch(/^\{"type":/)
  expect({ exitCode, stderr: Buffer.concat(stderr).toString() }).toEqual({
    exitCode: 0,
    stderr: '',
  })
})

test('paths are those of the working directory, and standard input is a file like others', async () => {
  const { rules, events, partitions } = sources()
  const here = processArguments({ rules: 'rules.json', events: 'events.jsonl', out: 'here' })
  await settleWell([...here, '--partitions', '4'], { cwd: top })
  expect(differences(path('four'), path('here'))).toEqual([])
  const args = processArguments({ rules, events: '-', out: path('piped'), partitions })
  const child = spawn('sh', ['-c', '"$0" "$@" < "$EVENTS"', process.execPath, mainPath, ...args], {
    env: { ...process.env, EVENTS: events },
  })
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  expect(differences(path('four'), path('piped'))).toEqual([])
})

test('faulty lines are collected where that is asked for, and the others are settled', async () => {
  const sound = readFileSync(path('events.jsonl'), 'utf8')
  const bad = readFileSync(path('typo.jsonl'), 'utf8')
  writeFileSync(path('mixed.jsonl'), bad + sound)
  const run = { ...sources(), events: path('mixed.jsonl'), out: path('mixed') }
  await settleWell([...processArguments(run), '--skip-invalid', path('bad.jsonl')])
  expect(readFileSync(path('bad.jsonl'), 'utf8')).toBe(bad)
  expect(differences(path('four'), path('mixed'))).toEqual([])
})

test('neither a run nor an interrupted one without a state leaves anything behind', async () => {
  const scratch = mkdtempSync(path('scratch-'))
  const env = { TMPDIR: scratch }
  const args = processArguments({ ...sources(), out: path('scratch-out') })
  await settleWell(args, { env })
  expect(readdirSync(scratch)).toEqual([])
  const isOpen = () => readdirSync(scratch).length > 0
  const interrupted = await signalWhen(startSettle(args, { env }), 'SIGINT', isOpen)
  expect(interrupted).toMatchObject({ exitCode: 130, signal: null })
  expect(readdirSync(scratch)).toEqual([])
})
