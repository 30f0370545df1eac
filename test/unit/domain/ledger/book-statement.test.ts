import { expect, test } from 'vitest'
import { Balances } from '../../../../src/domain/ledger/balances.ts'
import {
  bookStatement,
  type LedgerStatement,
} from '../../../../src/domain/ledger/book-statement.ts'
import { book } from '../../../../src/domain/ledger/journal.ts'

const statement: LedgerStatement = {
  statementId: 'M-1/E/SOP/CNY/MONTHLY/2026-01-01',
  partyId: 'M-1',
  entity: 'E',
  mode: 'SOP',
  currency: 'CNY',
  status: 'FINALISED',
  number: 7,
  opening: 0,
  total: 0,
  closing: 0,
}

function balances(...statements: Partial<LedgerStatement>[]): Record<string, number> {
  const books = new Balances()
  for (const each of statements) {
    for (const booking of bookStatement({ ...statement, ...each })) books.add(booking)
  }
  const found: Record<string, number> = {}
  for (const { account, balance } of books.rows()) {
    if (balance !== 0n) found[account.replace('party:M-1:', '')] = Number(balance)
  }
  return found
}

const open = { number: 0, status: 'OPEN' }

test.each([
  // what happens                       statement                                        what stands
  ['an open one books nothing', { ...open, total: 500 }, {}],
  ['closed, to be paid', { total: 500 }, { accrued: 500, 'statement:SOP:7': -500 }],
  [
    'with what was carried in',
    { opening: -120, total: 500 },
    { accrued: 380, 'statement:SOP:7': -380 },
  ],
  ['a debt carried on leaves nothing behind', { total: -120, closing: -120 }, {}],
  ['a debt that is collected', { total: -120 }, { accrued: -120, receivable: 120 }],
  ['paid', { total: 500, status: 'PAID' }, { accrued: 500, 'bank:settlement': -500 }],
  ['collected', { total: -120, status: 'COLLECTED' }, { accrued: -120, 'bank:settlement': 120 }],
] as const)('%s', (_what, given, want) => {
  expect(balances(given)).toEqual(want)
})

test('F22: −120.00 carried and +500.00 leave 380.00 to be paid', () => {
  const carried = { total: -12_000, closing: -12_000 }
  const next = { number: 8, opening: -12_000, total: 50_000 }
  // The lines of both statements have credited accrued with 380.00, which closing takes out.
  expect(balances(carried, next)).toEqual({ accrued: 38_000, 'statement:SOP:8': -38_000 })
})

test('a booking out of balance is a fault', () => {
  const head = { kind: 'LINE', ref: 'a#1', entity: 'E', currency: 'CNY' } as const
  expect(() => book(head, [{ account: 'a', amount: 1 }])).toThrow(
    'a#1: LINE is out of balance by 1',
  )
})
