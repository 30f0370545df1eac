import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ended, processArguments, settle, settleWell } from '../support/settle-process.ts'

// Human steps, as they are typed.

let folder = ''
let settled = ''
let count = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'settle-steps-'))
  settled = join(folder, 'settled')
  const [rules, events] = [join(folder, 'rulebook.json'), join(folder, 'events.jsonl')]
  const size = ['--seed', '3', '--events', '300', '--merchants', '3']
  await settleWell(['gen', ...size, '--rules', rules, '-o', events])
  await settleWell(processArguments({ rules, events, out: join(folder, 'out'), state: settled }))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function freshState(): string {
  count += 1
  const state = join(folder, `state-${count}`)
  cpSync(settled, state, { recursive: true })
  return state
}

function adjust(state: string, id: string, amount: string): Promise<Ended> {
  const what = ['--party', 'M-0001', '--amount', amount, '--currency', 'CNY', '--by', 'ops.chen']
  const why = ['--reason', 'a fee left off', '--evidence', 'mail-71']
  const when = ['--at', '2026-06-20T10:00:00+08:00']
  return settle(['adjust', id, ...what, ...why, ...when, '--state', state])
}

test('an adjustment is an event in the log, who did it included, and its line is there', async () => {
  const state = freshState()
  const done = await adjust(state, 'ADJ-1', '5.00')
  expect(done).toMatchObject({ exitCode: 0, stderr: '' })
  expect(done.stdout).toMatch(/^adjust ADJ-1: recorded as adjust-[0-9a-f-]{36}\n$/)
  const eventId = done.stdout.trim().split(' ').at(-1) as string
  const lines = await settleWell(['statements', 'export', '--all', '--state', state, '--out', '-'])
  const [line] = lines.stdout.split('\n').filter((text) => text.includes(eventId))
  expect(JSON.parse(line as string)).toMatchObject({ feeType: 'ADJUSTMENT', amount: '5.00' })
})

test('the same step again does no harm, and another one under its id is refused', async () => {
  const state = freshState()
  await adjust(state, 'ADJ-1', '5.00')
  expect(await adjust(state, 'ADJ-1', '5.00')).toMatchObject({ exitCode: 0 })
  const other = await adjust(state, 'ADJ-1', '6.00')
  expect(other).toMatchObject({ exitCode: 4 })
  expect(other.stderr).toContain('refused, DUPLICATE_CONFLICT')
})

test('a faulty field, a missing option and a folder of nothing are told before anything is written', async () => {
  const state = freshState()
  const faulty = await adjust(state, 'ADJ-1', '5,00')
  expect(faulty).toMatchObject({ exitCode: 2 })
  expect(faulty.stderr).toContain('amount: "5,00"')
  const missing = await settle(['confirm', 'M-0001/E-CN-01/SOP/CNY/MONTHLY/2026-06-01'])
  expect(missing).toMatchObject({ exitCode: 2 })
  expect(await adjust(join(folder, 'nowhere'), 'ADJ-1', '5.00')).toMatchObject({ exitCode: 6 })
})
