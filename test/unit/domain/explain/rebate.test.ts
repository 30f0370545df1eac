import { expect, test } from 'vitest'
import { checkRuleBookFile } from '../../../../src/app/process/publish.ts'
import { ruleBookOf } from '../../../../src/app/rule-book-file.ts'
import { isFault, readLine } from '../../../../src/app/verify/read-line.ts'
import { explainLine } from '../../../../src/domain/explain/explain-line.ts'
import type { Explanation } from '../../../../src/domain/explain/line.ts'
import { at, completed, refunded } from '../../../support/market.ts'
import { endOf, rebateBook, salesRebate } from '../../../support/rebates.ts'
import { type Json, openWorld } from '../../../support/world.ts'

const margin = {
  rebateId: 'rb-margin',
  kind: 'MARGIN_PROTECTION',
  direction: 'PARTY_TO_PLATFORM',
  targetMargin: '0.10',
  period: 'MONTH',
}
const free = {
  rebateId: 'rb-free',
  kind: 'UNSTRUCTURED',
  direction: 'PLATFORM_TO_PARTY',
  requires: ['PARTY'],
}
const ruleBook = rebateBook([salesRebate(), margin, free])
const compiled = checkRuleBookFile('rulebook', ruleBookOf(ruleBook))

async function rebateLines(): Promise<Json[]> {
  const world = await openWorld({ ruleBook })
  const lines = [{ lineNo: 1, sku: 'A', quantity: 1, unitPrice: '5000.00', unitCost: '4600.33' }]
  const agreed = { agreementId: 'AG', version: 1, rebateId: 'rb-free', amount: '5.00' }
  const signedBy = [{ side: 'PARTY', who: 'U' }]
  await world.send(completed('O-1', [], { order: { lines } }))
  await world.send({
    type: 'RebateAmountAgreed',
    eventId: 'agreed',
    occurredAt: at('21T00:00'),
    partyId: 'M-1',
    currency: 'CNY',
    signedBy,
    ...agreed,
  })
  const late = { occurredAt: '2025-11-10T00:00:00.000+08:00' }
  await world.send(endOf.october, refunded('R-1', 'O-1', [[1, '0.01']], late), endOf.november)
  return world.lines().filter(({ leg }) => leg === 'REBATE')
}

function explained(json: Json): Explanation {
  const read = readLine(json)
  if (isFault(read)) throw new Error(read.message)
  const line = { ...read.entry, ...read.line, lineId: String(json.lineId), currency: 'CNY' }
  return explainLine(line, { lines: [line], ruleBook: () => compiled })
}

test('a rebate comes out of its base, a true-up less what was settled before', async () => {
  const lines = await rebateLines()
  expect(lines.map(({ ruleId, amount }) => `${ruleId} ${amount}`)).toEqual([
    'rb-free 5.00',
    'rb-margin -100.33',
    'rb-sales -250.00',
    'rb-sales 100.00',
  ])
  const told = lines.map(explained)
  expect(told.flatMap(({ problems }) => problems)).toEqual([])
  expect(told.map(({ isComputed }) => isComputed)).toEqual([false, false, true, true])
  expect(told.at(-1)?.steps).toContain('settled for the period before: -250.00')
})

test('one altered figure of a rebate does not come out', async () => {
  const lines = await rebateLines()
  const sales = lines.find(({ ruleId }) => ruleId === 'rb-sales') as Json
  const basis = sales.basis as Json
  const altered: readonly Json[] = [
    { amount: '-249.99' },
    { feeType: 'COMMISSION' },
    { ruleId: 'rb-none' },
    { basis: { ...basis, base: '5000.01' } },
    { basis: { ...basis, rate: '0.06' } },
    { basis: { ...basis, of: 'QUANTITY' } },
  ]
  const found = altered.map((change) => explained({ ...sales, ...change }).problems.length)
  expect(found.filter((problems) => problems === 0)).toEqual([])
})
