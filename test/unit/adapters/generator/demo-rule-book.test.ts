import { expect, test } from 'vitest'
import { demoRuleBook, demoRuleBookIn } from '../../../../src/adapters/generator/demo-rule-book.ts'
import { demoMonth, marketplace } from '../../../../src/adapters/generator/marketplace.ts'
import {
  type ContractOptions,
  checkContract,
} from '../../../../src/domain/parties/check-contract.ts'
import { checkRuleBook } from '../../../../src/domain/rulebook/check.ts'

const startOfDay = (day: number) => day * 86_400_000
const checking = { hash: 'sha256:0', startOfDay, isZone: () => true }

test('the demo rule book can be published, and all of it is applied', () => {
  const { problems, ruleBook } = checkRuleBook(demoRuleBook, checking)
  expect(problems).toEqual([])
  expect(ruleBook?.notApplied).toEqual([])
  expect(ruleBook?.feeTypes).toHaveLength(15)
})

test('in another zone only the zones of its days change', () => {
  const moved = JSON.stringify(demoRuleBookIn('Europe/London'))
  expect(moved.replaceAll('Europe/London', 'Asia/Shanghai')).toBe(JSON.stringify(demoRuleBook))
  expect(moved).not.toContain('Asia/Shanghai')
})

test('every fee that the stream submits or names is a fee type that takes it', () => {
  const policies = new Map(demoRuleBook.feeTypes.map((type) => [type.code, type]))
  for (const event of marketplace(demoMonth)) {
    if (event.type === 'FeeLineSubmitted') {
      expect(policies.get(`${event.feeType}`)?.source).not.toBe('CALCULATED')
      expect(policies.get(`${event.feeType}`)?.sign).toBe('-')
      expect(`${event.amount}`).toMatch(/^-/)
    }
    for (const { feeType } of (event.fees ?? []) as { feeType: string }[]) {
      expect(policies.get(feeType)?.reversal.policy).toBe('UPSTREAM')
    }
  }
})

test('every contract that the stream signs is sound under the demo rule book', () => {
  const isCalendar = (id: string) => id in demoRuleBook.calendars
  for (const { type, contract, contractId, version, partyId } of marketplace(demoMonth)) {
    if (type !== 'ContractSigned') continue
    const options = { contractId, version, partyId, startOfDay, isCalendar } as ContractOptions
    expect(checkContract(contract, options).problems).toEqual([])
  }
})
