import { expect, test } from 'vitest'
import { checkContract } from '../../../src/domain/parties/check-contract.ts'

const options = {
  contractId: 'C-1',
  partyId: 'M-1',
  version: 2,
  startOfDay: (day: number) => day * 86_400_000,
  isCalendar: (calendarId: string) => calendarId === 'CN',
}

const contract = {
  partyKind: 'MERCHANT',
  validFrom: '1970-01-02',
  mode: 'FBP',
  entity: 'E-CN',
  currency: 'CNY',
  settleableWhen: { event: 'ORDER_PAID' },
  cycle: { kind: 'DAILY', calendar: 'CN', graceHours: 0.25 },
}

test('a sound contract is compiled with the ids of its event and the defaults', () => {
  expect(checkContract(contract, options)).toEqual({
    problems: [],
    contract: {
      contractId: 'C-1',
      version: 2,
      validFrom: 86_400_000,
      validTo: null,
      terms: {
        partyKind: 'MERCHANT',
        mode: 'FBP',
        entity: 'E-CN',
        currency: 'CNY',
        settleableEvent: 'ORDER_PAID',
        plusDays: 0,
        rulePinnedAt: 'ORDER_PAID',
        cycle: { kind: 'DAILY', calendar: 'CN', cutoffDay: 1, grace: 900_000, starts: [] },
        emptyStatements: 'SKIP',
        refundWaitDays: 30,
        confirmation: null,
        payout: null,
        approval: [],
        notApplied: [],
      },
    },
  })
})

test('a contract may repeat what its event says', () => {
  const repeated = { ...contract, contractId: 'C-1', partyId: 'M-1', version: 2 }
  expect(checkContract(repeated, options).problems).toEqual([])
})

test('sections that are not applied are named', () => {
  const sections = { lateFee: { ratePerDay: '0.0005' }, payout: { negative: 'COLLECT' } }
  const checked = checkContract({ ...contract, ...sections }, options)
  expect(checked.contract?.terms.notApplied).toEqual(['lateFee'])
})

// biome-ignore format: the columns are a table
const refusals: readonly (readonly [field: string, value: unknown, path: string, message: string])[] = [
  ['contractId', 'C-2',                    'contractId',     "must be absent or the event's contractId, C-1"],
  ['partyId',    'M-2',                    'partyId',        "must be absent or the event's partyId, M-1"],
  ['version',    1,                        'version',        "must be absent or the event's version, 2"],
  ['cycle',      { kind: 'DAILY', calendar: 'GB' }, 'cycle.calendar', 'there is no calendar "GB"'],
  ['currency',   'GOLD',                   'currency',       '"GOLD" is no currency: write its ISO 4217 code, like "CNY"'],
  ['validTo',    '1970-01-02',             'validTo',        '1970-01-02 is not after validFrom 1970-01-02'],
  ['modus',      'SOP',                    'modus',          'is not known here: remove it'],
]

for (const [field, value, path, message] of refusals) {
  test(`${field} ${JSON.stringify(value)}: ${message}`, () => {
    const checked = checkContract({ ...contract, [field]: value }, options)
    expect(checked).toEqual({ problems: [{ path, message }], contract: undefined })
  })
}

test('all problems are listed at once', () => {
  const { problems } = checkContract({ partyKind: 'MERCHANT', retention: {} }, options)
  expect(problems.map(({ path }) => path)).toEqual([
    'validFrom',
    'mode',
    'entity',
    'currency',
    'settleableWhen',
    'cycle',
    'retention.basis',
    'retention.rate',
    'retention.releaseAfter',
    'retention.trigger',
  ])
})
