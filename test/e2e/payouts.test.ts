import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bookOf, commonFees, contractOf } from '../support/market.ts'
import { processArguments, settleWell } from '../support/settle-process.ts'
import { said, sold, statementOf, ticks } from '../support/settled-months.ts'
import type { Json } from '../support/world.ts'

// Which payout pays a line, as people see it.

const october = statementOf('2025-10')
let folder = ''
let state = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'settle-payouts-'))
  state = join(folder, 'state')
  const [rules, events] = [join(folder, 'rulebook.json'), join(folder, 'events.jsonl')]
  const terms = {
    confirmation: { required: true, autoConfirmDays: 7 },
    payout: { termDays: 0, negative: 'CARRY_FORWARD' },
  }
  writeFileSync(rules, JSON.stringify(bookOf(commonFees.slice(0, 1), contractOf(terms))))
  const life: Json[] = [
    sold('O-1', '100.00', '2025-10-05'),
    sold('O-2', '30.00', '2025-10-06'),
    ...ticks('2025-11-01'),
    said('StatementDisputed', '2025-11-03', {
      disputeId: 'D-1',
      statementId: october,
      lineIds: [`${october}#2`],
      by: 'li.wei',
      reason: 'a parcel is missing',
    }),
    ...ticks('2025-11-08'),
    said('PayoutSucceeded', '2025-11-09', {
      instructionId: `${october}:PAYOUT:1`,
      statementId: october,
      amount: '100.00',
      currency: 'CNY',
    }),
  ]
  writeFileSync(events, life.map((event) => `${JSON.stringify(event)}\n`).join(''))
  await settleWell(processArguments({ rules, events, out: join(folder, 'out'), state }))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a statement shows its payouts, and each line the one that pays it', async () => {
  const json = ['statements', 'show', october, '--state', state, '--output', 'json']
  const { stdout } = await settleWell(json)
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'DISPUTED',
    payouts: [
      {
        instructionId: `${october}:PAYOUT:1`,
        amount: '100.00',
        state: 'SUCCEEDED',
        without: [2],
      },
    ],
    lines: [{ seq: 1, payoutId: `${october}:PAYOUT:1` }, { seq: 2 }],
  })
  expect(JSON.parse(stdout).lines[1].payoutId).toBeUndefined()
  const shown = await settleWell(['statements', 'show', october, '--state', state])
  expect(shown.stdout).toMatch(/SUCCEEDED\s+without lines 2\n/)
  expect(shown.stdout).toMatch(/100\.00\s+PAYOUT:1\n/)
})

test('explain names the payout of a line', async () => {
  const paid = await settleWell(['explain', `${october}#1`, '--state', state])
  expect(paid.stdout).toContain(`paid by ${october}:PAYOUT:1 (SUCCEEDED)`)
  const heldBack = await settleWell(['explain', `${october}#2`, '--state', state])
  expect(heldBack.stdout).not.toContain('paid by')
})
