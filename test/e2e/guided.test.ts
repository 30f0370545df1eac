import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Failpoint } from '../../src/ports/faults.ts'
import { addGuidePlans, addTeams, outcomeOf } from '../support/guided-run.ts'
import { guideBook, november, october, sold } from '../support/guides.ts'
import { killAtFailpoint } from '../support/kill.ts'
import { tick } from '../support/market.ts'
import { type ProcessRun, processArguments, settle, settleWell } from '../support/settle-process.ts'
import { said } from '../support/settled-months.ts'

// What guides earn goes over loopback, from the partition of a merchant to that of a guide, and of
// his uplines. Neither the number of partitions nor a kill may change what a statement holds; only
// the order of entries on statements of guides is that of arrival.

const top = mkdtempSync(join(tmpdir(), 'settle-guided-'))
const [rules, events] = [join(top, 'rulebook.json'), join(top, 'events.jsonl')]
let runs = 0
let reference: ReturnType<typeof outcomeOf>

afterAll(() => rmSync(top, { recursive: true, force: true }))

function anew(partitions: number): ProcessRun {
  runs += 1
  const folder = join(top, `run-${runs}`)
  return { rules, events, partitions, out: join(folder, 'out'), state: join(folder, 'state') }
}

beforeAll(async () => {
  const size = ['--seed', '11', '--events', '4000', '--merchants', '40']
  await settleWell(['gen', ...size, '--rules', rules, '-o', events])
  addGuidePlans(rules)
  addTeams(events)
  const run = anew(1)
  await settleWell(processArguments(run))
  reference = outcomeOf(run.out)
})

test('the run that others are compared with has all that guides can get', () => {
  const lines = reference['lines.jsonl'] as string[]
  const guided = lines.map((line) => JSON.parse(line)).filter(({ ruleId }) => ruleId === 'gp-1')
  expect(new Set(guided.map(({ feeType, leg }) => `${feeType} ${leg}`))).toEqual(
    new Set([
      'BASE COMMISSION',
      'FIXED COMMISSION',
      'BONUS COMMISSION',
      'TEAM_1 COMMISSION',
      'TEAM_2 COMMISSION',
      'BASE CLAWBACK',
      'FIXED CLAWBACK',
      'TEAM_1 CLAWBACK',
      'TEAM_2 CLAWBACK',
      'SERVICE DEDUCTION',
      'WITHDRAWAL DEDUCTION',
    ]),
  )
})

test.each([2, 4])('%i partitions give guides the same as one', async (partitions) => {
  const run = anew(partitions)
  await settleWell(processArguments(run))
  expect(outcomeOf(run.out)).toEqual(reference)
})

describe('a run of two partitions that was killed gives guides the same', () => {
  // biome-ignore format: the columns are a table
  const places: readonly (readonly [failpoint: Failpoint, times: number])[] = [
    ['append:after',       20],
    ['fold:after',         81],
    ['transaction:before', 60],
    ['transaction:after',  40],
    ['store:before',       2],
    ['outputs:before',     1],
  ]

  test.each(places)('%s, %i times', async (failpoint, times) => {
    let run = anew(2)
    const { ended, args } = await killAtFailpoint(failpoint, times, () => {
      run = anew(2)
      return processArguments(run)
    })
    expect(ended).toMatchObject({ signal: 'SIGKILL' })
    await settleWell(args)
    expect(outcomeOf(run.out)).toEqual(reference)
  })

  test('again and again at every fortieth commit', async () => {
    const run = anew(2)
    const args = processArguments(run)
    let kills = 0
    for (;;) {
      const failpoint = `transaction:${kills % 2 === 0 ? 'before' : 'after'}:40`
      const ended = await settle(args, { env: { SETTLE_FAILPOINT: failpoint } })
      if (ended.signal !== 'SIGKILL') break
      kills += 1
    }
    expect(kills).toBeGreaterThan(2)
    await settleWell(args)
    expect(outcomeOf(run.out)).toEqual(reference)
  })
})

// Without waiting for what the last tick causes, the confirmation would find an open statement.
test('a run that was killed behind a tick lets nothing overtake the marks of it', async () => {
  const guide = {
    confirmation: { required: true, autoConfirmDays: 7 },
    payout: { termDays: 0, negative: 'CARRY_FORWARD' },
  }
  const confirmed = said('StatementConfirmed', '2025-11-02', {
    partyId: 'G-01',
    confirmationId: 'C-1',
    statementId: october,
    by: 'li.wei',
  })
  const own = { rules: join(top, 'confirmed.json'), events: join(top, 'confirmed.jsonl') }
  const lines = [
    sold('O-1', '100.00'),
    tick(november),
    confirmed,
    tick('2025-11-05T00:00:00+08:00'),
  ]
  writeFileSync(own.rules, JSON.stringify(guideBook({}, { guide })))
  writeFileSync(own.events, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const run = { ...anew(2), ...own }
  const args = processArguments(run)
  // The first append publishes, the second is the wave that the tick ends.
  const killed = await settle(args, { env: { SETTLE_FAILPOINT: 'append:after:2' } })
  expect(killed).toMatchObject({ signal: 'SIGKILL' })
  await settleWell(args)
  const { 'rejections.jsonl': rejections, 'statements.jsonl': statements } = outcomeOf(run.out)
  expect(rejections).toEqual([])
  expect(statements).toContainEqual(expect.stringContaining('"by":"li.wei"'))
})
