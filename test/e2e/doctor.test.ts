import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSettlement } from '../../src/app/compose.ts'
import type { Finding } from '../../src/app/doctor/finding.ts'
import { daysAgo, startRun, stopRun, untilReady } from '../support/running.ts'
import { type Ended, settle, settleWell } from '../support/settle-process.ts'

let top = ''
let rules = ''

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'settle-doctor-'))
  rules = join(top, 'rulebook.json')
  const events = join(top, 'events.jsonl')
  const size = ['--events', '10', '--merchants', '2', '--start', daysAgo(12)]
  await settleWell(['gen', ...size, '--rules', rules, '-o', events])
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

interface Report {
  readonly isFit: boolean
  readonly findings: readonly Finding[]
}

function reportOf({ stdout }: Ended): Report {
  return JSON.parse(stdout)
}

function found({ findings }: Report, check: string): Finding[] {
  return findings.filter((finding) => finding.check === check)
}

test('a host alone is checked without a folder, a line each', async () => {
  const { stdout } = await settleWell(['doctor'])
  for (const check of ['node', 'heap', 'add-on', 'sync', 'space']) {
    expect(stdout).toMatch(new RegExp(`^(ok  |warn)  ${check}`, 'm'))
  }
  expect(stdout).toMatch(/a page is safe after \d+\.\d ms/)
})

test('a folder that is not there ends with 4', async () => {
  const ended = await settle(['doctor', '--state', join(top, 'nowhere'), '--json'])
  expect(ended.exitCode).toBe(4)
  expect(ended.stderr).toContain('not fit to run: folder')
  expect(reportOf(ended)).toMatchObject({ isFit: false })
})

test('a folder without a log is fit, and nothing is left in it', async () => {
  const state = join(top, 'empty')
  mkdirSync(state)
  const report = reportOf(await settleWell(['doctor', '--state', state, '--json']))
  expect(found(report, 'log')).toMatchObject([{ verdict: 'ok' }])
  expect(readdirSync(state)).toEqual([])
})

test('the instance that holds a folder answers for it; afterwards the folder itself does', async () => {
  const state = join(top, 'state')
  const instance = await startRun(state, '--rules', rules, '--partitions', '2')
  await untilReady(instance)
  const running = reportOf(await settleWell(['doctor', '--state', state, '--json']))
  const { pid } = instance.running.child
  expect(found(running, 'lock')[0]?.found).toContain(`process ${pid}, running`)
  expect(found(running, 'rules')[0]?.found).toBe('rb-demo, version 1')
  await stopRun(instance, 'SIGTERM')

  const stopped = reportOf(await settleWell(['doctor', '--state', state, '--json']))
  expect(found(stopped, 'lock')).toEqual([{ check: 'lock', verdict: 'ok', found: 'free' }])
  expect(found(stopped, 'log')[0]?.found).toMatch(/, 2 partitions, clock live$/)
  expect(found(stopped, 'position')).toHaveLength(2)
  expect(found(stopped, 'rules')).toEqual(found(running, 'rules'))
  expect(found(stopped, 'calendars')).toEqual(found(running, 'calendars'))
  expect(found(stopped, 'calendars')[0]?.found).toMatch(/^published until \d{4}-\d\d-\d\d$/)
})

test('a folder that another command holds is not fit', async () => {
  const state = join(top, 'held')
  const options = { folder: state, partitions: 1, failpoint: undefined }
  const settlement = await openSettlement(options)
  try {
    const ended = await settle(['doctor', '--state', state, '--json'])
    expect(ended.exitCode).toBe(4)
    expect(found(reportOf(ended), 'lock')).toMatchObject([{ verdict: 'fail' }])
  } finally {
    await settlement.close()
  }
})
