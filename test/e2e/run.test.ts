import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  billedLines,
  daysAgo,
  type Instance,
  loadThrough,
  metric,
  startRun,
  statusNow,
  stopRun,
  until,
  untilFolded,
  untilReady,
} from '../support/running.ts'
import { type Ended, settle, settleWell } from '../support/settle-process.ts'

let top = ''
let rules = ''
let events = ''
let count = 0
/** What a test that fails would leave running. */
const started: Instance[] = []

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'settle-run-'))
  rules = join(top, 'rulebook.json')
  events = join(top, 'events.jsonl')
  const size = ['--seed', '11', '--events', '3000', '--merchants', '25', '--days', '3']
  await settleWell(['gen', ...size, '--start', daysAgo(12), '--rules', rules, '-o', events])
})

afterEach(async () => {
  for (const { running } of started.splice(0)) {
    running.child.kill('SIGKILL')
    await running.ended
  }
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

function folder(): string {
  count += 1
  return join(top, `state-${count}`)
}

async function start(state: string, ...more: readonly string[]): Promise<Instance> {
  const instance = await startRun(state, ...more)
  started.push(instance)
  return instance
}

async function stop(instance: Instance): Promise<void> {
  const end = await stopRun(instance, 'SIGTERM')
  expect(end, end.stdout + end.stderr).toMatchObject({ exitCode: 0, signal: null, stderr: '' })
}

async function exported(state: string): Promise<string[]> {
  const file = join(state, 'exported.jsonl')
  await settleWell(['statements', 'export', '--all', '--state', state, '--out', file])
  return billedLines(file)
}

const applied = 'settlement_events_total{outcome="applied"}'
const consumed = 'settlement_records_consumed_total{topic="events"}'

test('a day is loaded through the socket, and metrics, health and clock say so', async () => {
  const instance = await start(folder(), '--partitions', '2', '--rules', rules)
  await untilReady(instance)
  expect(await ask(instance, '/livez')).toMatchObject({ status: 200 })
  expect((await ask(instance, '/')).status).toBe(404)
  expect(await metric(instance, 'settlement_topic_partitions{topic="events"}')).toBe(2)
  expect(await metric(instance, 'settlement_rule_book_info{version="1"}')).toBe(1)

  const before = await metric(instance, applied)
  const loaded = await loadThrough(instance, events)
  await untilFolded(instance)
  expect(await metric(instance, applied)).toBeGreaterThan(before + loaded * 0.8)
  expect(await metric(instance, 'settlement_output_records_total{kind="lines"}')).toBeGreaterThan(0)
  const outcomes = await Promise.all(
    ['applied', 'duplicate', 'rejected'].map((outcome) =>
      metric(instance, `settlement_events_total{outcome="${outcome}"}`),
    ),
  )
  expect(outcomes.every((value) => value >= 0)).toBe(true)

  const first = await metric(instance, 'settlement_ticks_total')
  await until('two more ticks for each', async () => {
    return (await metric(instance, 'settlement_ticks_total')) >= first + 4
  })
  const clock = 'settlement_clock_timestamp_seconds{topic="events",partition="1"}'
  expect(Date.now() / 1_000 - (await metric(instance, clock))).toBeLessThan(10)
  await stop(instance)
  expect(instance.lines().filter(({ level }) => level !== 'info')).toEqual([])
})

test('records consumed are the sum of all outcomes and of what waits', async () => {
  const instance = await start(folder(), '--rules', rules, '--tick-interval', '60000')
  await untilReady(instance)
  await loadThrough(instance, events)
  await untilFolded(instance)
  let sum = await metric(instance, 'settlement_events_waiting')
  for (const outcome of ['applied', 'duplicate', 'rejected']) {
    sum += await metric(instance, `settlement_events_total{outcome="${outcome}"}`)
  }
  expect(sum).toBe(await metric(instance, consumed))
  await stop(instance)
})

describe('a folder that was run before', () => {
  let undisturbed: string[] = []

  beforeAll(async () => {
    const state = folder()
    const instance = await start(state, '--partitions', '2', '--rules', rules)
    await untilReady(instance)
    await loadThrough(instance, events)
    await untilFolded(instance)
    await stop(instance)
    started.splice(0)
    undisturbed = await exported(state)
    expect(undisturbed.length).toBeGreaterThan(1_000)
  })

  test('goes on after SIGTERM where it was, without publishing its rules again', async () => {
    const state = folder()
    const first = await start(state, '--partitions', '2', '--rules', rules)
    await untilReady(first)
    await loadThrough(first, events)
    await untilFolded(first)
    await stop(first)
    const second = await start(state, '--rules', rules)
    await untilReady(second)
    await untilFolded(second)
    const { positions } = await statusNow(second)
    expect(positions.every(({ offset }) => offset > 100)).toBe(true)
    expect(second.lines().filter(({ msg }) => msg === 'published')).toEqual([])
    expect(await metric(second, applied)).toBeLessThan(50)
    await stop(second)
    expect(await exported(state)).toEqual(undisturbed)
  })

  test('loses and doubles nothing when it is killed while it is loaded', async () => {
    const state = folder()
    const first = await start(state, '--partitions', '2', '--rules', rules)
    await untilReady(first)
    const loading = loadThrough(first, events, 100)
    await sleep(150)
    first.running.child.kill('SIGKILL')
    await expect(loading).rejects.toThrow()
    await first.running.ended

    const second = await start(state)
    await untilReady(second)
    await loadThrough(second, events, 500)
    await sleep(120)
    second.running.child.kill('SIGKILL')
    await second.running.ended

    const third = await start(state)
    await untilReady(third)
    await loadThrough(third, events)
    await untilFolded(third)
    await stop(third)
    expect(await exported(state)).toEqual(undisturbed)
    await settleWell(['statements', 'verify', '--state', state])
  })

  test('comes to what was committed when it is folded again from the log alone', async () => {
    const state = folder()
    const first = await start(state, '--rules', rules)
    await untilReady(first)
    await loadThrough(first, events)
    await untilFolded(first)
    await stop(first)
    for (const name of readdirSync(state)) {
      if (name.startsWith('store-')) rmSync(join(state, name), { recursive: true })
    }
    const second = await start(state)
    await untilReady(second)
    await stop(second)
    expect(await exported(state)).toEqual(undisturbed)
  })
})

test('read commands beside a run print what they print without it, and say where it ends', async () => {
  const state = folder()
  const instance = await start(
    state,
    ...['--partitions', '2', '--rules', rules, '--tick-interval', '60000'],
  )
  await untilReady(instance)
  await loadThrough(instance, events)
  const list = ['statements', 'list', '-o', 'jsonl', '--state', state]
  const [statement] = (await settleWell(list)).stdout.split('\n', 1).map((line) => JSON.parse(line))
  const { orderId } = JSON.parse(await orderLine(state))
  const [rejection] = (
    await settleWell(['rejections', 'list', '-o', 'jsonl', '--state', state])
  ).stdout.split('\n')
  const commands = [
    list,
    ['statements', 'list', '--party', 'M-0001', '--state', state],
    ['statements', 'show', statement.statementId, '--state', state],
    ['statements', 'export', '--all', '--out', '-', '--state', state],
    ['statements', 'export', '--all', '--format', 'csv', '--out', '-', '--state', state],
    ['statements', 'verify', '--state', state],
    ['rejections', 'list', '-o', 'json', '--state', state],
    ['rejections', 'show', JSON.parse(rejection as string).eventId, '--state', state],
    ['explain', orderId, '--state', state],
    ['ledger', 'balances', '--state', state],
  ]
  const beside: Ended[] = []
  for (const command of commands) beside.push(await settleWell(command))
  expect(await settle(['statements', 'show', 'M-NONE/x', '--state', state])).toMatchObject({
    exitCode: 6,
  })
  const queries = 'settlement_socket_requests_total{request="query",outcome="answered"}'
  expect(await metric(instance, queries)).toBeGreaterThan(commands.length)
  await stop(instance)
  for (const [place, command] of commands.entries()) {
    const alone = await settleWell(command)
    expect(beside[place]?.stdout, command.join(' ')).toBe(alone.stdout)
    expect(alone.stdout.length).toBeGreaterThan(20)
  }
})

test('an export beside a run that is loaded is whole, statement by statement', async () => {
  const state = folder()
  const instance = await start(state, '--partitions', '2', '--rules', rules)
  await untilReady(instance)
  const loading = loadThrough(instance, events, 100)
  const out = (name: string) => join(top, `beside-${name}.jsonl`)
  let exports = 0
  let isLoaded = false
  void loading.then(() => {
    isLoaded = true
  })
  while (!isLoaded || exports === 0) {
    const files = ['--out', out('lines'), '--statements', out('statements')]
    const seals = ['--seals', out('seals')]
    await settleWell(['statements', 'export', '--all', '--state', state, ...files, ...seals])
    await settleWell(['statements', 'verify', out('lines'), out('statements'), out('seals')])
    await settleWell(['statements', 'verify', '--state', state])
    exports += 1
  }
  await loading
  await stop(instance)
  await settleWell(['statements', 'verify', '--state', state])
})

test('a human step beside a run is taken and told of', async () => {
  const state = folder()
  const instance = await start(state, '--partitions', '2', '--rules', rules)
  await untilReady(instance)
  await loadThrough(instance, events)
  const what = ['--party', 'M-0001', '--amount', '5.00', '--currency', 'CNY', '--by', 'ops.chen']
  const why = ['--reason', 'a fee left off', '--evidence', 'mail-71', '--state', state]
  const done = await settleWell(['adjust', 'ADJ-1', ...what, ...why])
  expect(done.stdout).toContain('adjust ADJ-1: recorded as adjust-')
  await stop(instance)
})

async function orderLine(state: string): Promise<string> {
  const all = await settleWell(['statements', 'export', '--all', '--out', '-', '--state', state])
  return all.stdout.split('\n').find((line) => line.includes('"orderId"')) as string
}

test('a second run on the same folder ends with 9, and the first goes on', async () => {
  const state = folder()
  const first = await start(state, '--rules', rules)
  await untilReady(first)
  const second = await settle(['run', '--state', state, '--port', '0'])
  expect(second).toMatchObject({ exitCode: 9 })
  expect(second.stderr).toContain('another process')
  expect((await ask(first, '/readyz')).status).toBe(200)
  expect((await statusNow(first)).pid).toBe(first.running.child.pid)
  await stop(first)
})

test('a folder of process is refused with 3, naming both clock modes', async () => {
  const state = folder()
  const out = join(top, 'out')
  await settleWell([
    'process',
    '--rules',
    rules,
    '--events',
    events,
    '--out',
    out,
    '--state',
    state,
  ])
  const { exitCode, stderr } = await settle(['run', '--state', state, '--port', '0'])
  expect(exitCode).toBe(3)
  expect(stderr).toContain('clock mode replay and cannot be with live')
})

test('a port in use, a faulty rule book and a setting that is none end with their codes', async () => {
  const first = await start(folder(), '--rules', rules)
  const port = String(first.port)
  const state = folder()
  expect(await settle(['run', '--state', state, '--port', port])).toMatchObject({ exitCode: 3 })
  expect(await settle(['run', '--state', state, '--rules', events])).toMatchObject({ exitCode: 3 })
  expect(await settle(['run', '--state', state, '--port', 'x'])).toMatchObject({ exitCode: 2 })
  const env = { SETTLE_PROT: '1' }
  expect(await settle(['run', '--state', state], { env })).toMatchObject({ exitCode: 3 })
  expect(await settle(['run', '--state', state, '--pot', '1'])).toMatchObject({ exitCode: 2 })
  await stop(first)
})

test('a partition that halts is shown; when all have, the run ends with 9', async () => {
  const state = folder()
  const first = await start(state, '--partitions', '2', '--rules', rules)
  await untilReady(first)
  await loadThrough(first, events)
  await untilFolded(first)
  await stop(first)
  // The store of another partition: what stands in it is not of this one.
  const other = folder()
  const second = await start(other, '--partitions', '2', '--rules', rules)
  await untilReady(second)
  await untilFolded(second)
  await stop(second)
  swapStore(state, other, 1)

  const third = await start(state)
  await until('halted', async () => {
    const { status, body } = await ask(third, '/readyz')
    return status === 503 && /^partition 1: IDENTITY_CHANGED: [^\n]*\n$/.test(body)
  })
  expect(await metric(third, 'settlement_halted_partitions{reason="IDENTITY_CHANGED"}')).toBe(1)
  expect((await ask(third, '/livez')).status).toBe(200)
  expect(third.lines().filter(({ level }) => level === 'error')).toHaveLength(1)
  await stop(third)

  swapStore(state, other, 0)
  const fourth = await settle(['run', '--state', state, '--port', '0'])
  expect(fourth).toMatchObject({ exitCode: 9 })
  expect(fourth.stderr).toContain('IDENTITY_CHANGED')
})

test('a second Ctrl-C or SIGTERM ends the run at once with 130, and nothing is lost', async () => {
  for (const [first, second] of [
    ['SIGINT', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
  ] as const) {
    const state = folder()
    const instance = await start(state, '--rules', rules)
    await untilReady(instance)
    await loadThrough(instance, events)
    const { child, ended } = instance.running
    // Sent the moment that the first one is told of, while the partition is still given back.
    child.stdout?.on('data', (piece: Buffer) => {
      if (piece.includes('"stopping"')) child.kill(second)
    })
    child.kill(first)
    expect(await ended, `${first} ${second}`).toMatchObject({ exitCode: 130, signal: null })
    const again = await start(state)
    await untilReady(again)
    await untilFolded(again)
    await stop(again)
    await settleWell(['statements', 'verify', '--state', state])
  }
})

test('one Ctrl-C drains and ends with 0', async () => {
  const instance = await start(folder(), '--rules', rules)
  await untilReady(instance)
  expect(await stopRun(instance, 'SIGINT')).toMatchObject({ exitCode: 0, signal: null })
})

function swapStore(state: string, other: string, partition: number): void {
  const name = `store-${partition}`
  rmSync(join(state, name), { recursive: true })
  cpSync(join(other, name), join(state, name), { recursive: true })
}
