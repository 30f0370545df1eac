import { describe, expect, test } from 'vitest'
import { bookLine, type LedgerLine } from '../../../../src/domain/ledger/book-line.ts'

const line: LedgerLine = {
  lineId: 'M-1/E/SOP/CNY/MONTHLY/2026-01-01#1',
  partyId: 'M-1',
  entity: 'E',
  mode: 'SOP',
  currency: 'CNY',
  feeType: 'GOODS_PAYMENT',
  leg: 'FORWARD',
  amount: 0,
  taxAmount: 0,
}

function sides(part: Partial<LedgerLine>, posting: string | undefined): string[] | undefined {
  return bookLine({ ...line, ...part }, posting)?.postings.map(
    ({ account, amount }) => `${amount > 0 ? 'Dr' : 'Cr'} ${account} ${Math.abs(amount)}`,
  )
}

describe('3.9: what each line posts', () => {
  test.each([
    // amount  tax   posting       mode   debit and credit
    [16_500, 0, 'goods', 'SOP', ['Cr party:M-1:accrued 16500', 'Dr psp:clearing 16500']],
    [2_000, 0, 'subsidy', 'SOP', ['Cr party:M-1:accrued 2000', 'Dr platform:expense:subsidy 2000']],
    [500, 0, 'loyalty', 'SOP', ['Cr party:M-1:accrued 500', 'Dr platform:expense:subsidy 500']],
    [
      -950,
      -54,
      'commission',
      'SOP',
      ['Dr party:M-1:accrued 950', 'Cr platform:revenue:commission 896', 'Cr tax:output 54'],
    ],
    [-600, 0, 'service', 'SOP', ['Dr party:M-1:accrued 600', 'Cr platform:revenue:service 600']],
    [-1_900, 0, 'retention', 'SOP', ['Dr party:M-1:accrued 1900', 'Cr party:M-1:retention 1900']],
    [-10, 0, 'tax', 'SOP', ['Dr party:M-1:accrued 10', 'Cr tax:output 10']],
    [
      18_000,
      1_019,
      'goods',
      'FBP',
      ['Cr party:M-1:accrued 18000', 'Dr platform:cost:purchase 16981', 'Dr tax:input 1019'],
    ],
  ] as const)(
    '%i with tax %i, posted as %s in mode %s',
    (amount, taxAmount, posting, mode, want) => {
      expect(sides({ amount, taxAmount, mode }, posting)).toEqual(want)
    },
  )

  test('a reverse line swaps the sides', () => {
    expect(sides({ amount: 317, taxAmount: 18, leg: 'REVERSE' }, 'commission')).toEqual([
      'Cr party:M-1:accrued 317',
      'Dr platform:revenue:commission 299',
      'Dr tax:output 18',
    ])
  })

  test.each([
    ['REBATE', 'REBATE', 'SOP', 'Cr platform:rebate_income 31500'],
    ['REBATE', 'REBATE', 'FBP', 'Cr platform:cost:purchase 31500'],
    ['ADJUSTMENT', 'ADJUSTMENT', 'SOP', 'Cr platform:revenue:adjustment 31500'],
    ['COMPENSATION', 'COMPENSATION', 'SOP', 'Cr buyer:refunds 31500'],
    ['ADJUSTMENT', 'CHARGEBACK', 'SOP', 'Cr psp:clearing 31500'],
  ] as const)('leg %s of %s in mode %s needs no rule book', (leg, feeType, mode, want) => {
    expect(sides({ amount: -31_500, leg, feeType, mode }, undefined)).toEqual([
      'Dr party:M-1:accrued 31500',
      want,
    ])
  })

  test('a carry is booked where it leaves, so its lines post nothing', () => {
    expect(sides({ amount: -12_000, leg: 'CARRY', feeType: 'CARRY' }, undefined)).toBeUndefined()
  })

  test('a fee that no rule book knows is never guessed', () => {
    expect(() => sides({ amount: 1 }, undefined)).toThrow('no rule book says how GOODS_PAYMENT')
  })
})
