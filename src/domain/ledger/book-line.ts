import type { Minor } from '../money/money.ts'
import {
  accruedOf,
  buyerRefunds,
  commissionExpense,
  inputTax,
  outputTax,
  pspClearing,
  purchaseCost,
  rebateIncome,
  retentionOf,
  revenueOf,
  subsidyExpense,
} from './accounts.ts'
import { type Booking, book, type Posting } from './journal.ts'

/** A line as far as the books need it; amounts in minor units, signed from the party's side. */
export interface LedgerLine {
  readonly lineId: string
  readonly partyId: string
  readonly entity: string
  readonly mode: string
  readonly currency: string
  readonly feeType: string
  readonly leg: string
  readonly amount: Minor
  readonly taxAmount: Minor
}

/** The mode in which the platform buys the goods and sells them itself. */
const purchaseMode = 'FBP'

// Fee types that no rule book holds.
const clearedFees: ReadonlySet<string> = new Set(['CHARGEBACK', 'CHARGEBACK_FEE'])

// Components and deductions of guides stand in their plans, not among the fee types.
const guideAccounts: ReadonlyMap<string, string> = new Map([
  ['COMMISSION', commissionExpense],
  ['CLAWBACK', commissionExpense],
  ['DEDUCTION', revenueOf('service')],
])

/**
 * The booking of a line: the party's accrued account against what the fee type's `posting` names.
 * A line of leg CARRY has none, for the carry is booked where it leaves (`book-statement.ts`).
 * Reverse lines carry the opposite sign, so their sides are swapped without a rule of their own.
 */
export function bookLine(line: LedgerLine, posting: string | undefined): Booking | undefined {
  if (line.leg === 'CARRY') return undefined
  const { lineId, entity, currency, partyId, amount } = line
  const head = { kind: 'LINE', ref: lineId, entity, currency } as const
  return book(head, [{ account: accruedOf(partyId), amount: -amount }, ...against(line, posting)])
}

function against(line: LedgerLine, posting: string | undefined): Posting[] {
  const { amount, taxAmount, mode } = line
  const account = accountOf(line, posting)
  if (taxAmount === 0) return [{ account, amount }]
  const tax = account === purchaseCost && mode === purchaseMode ? inputTax : outputTax
  return [
    { account, amount: amount - taxAmount },
    { account: tax, amount: taxAmount },
  ]
}

function accountOf(line: LedgerLine, posting: string | undefined): string {
  const { feeType, leg, mode, partyId } = line
  if (clearedFees.has(feeType)) return pspClearing
  // More was given back to the buyer than he had paid.
  if (leg === 'COMPENSATION') return buyerRefunds
  const ofGuide = guideAccounts.get(leg)
  if (ofGuide !== undefined) return ofGuide
  const what = leg === 'REBATE' ? 'rebate' : leg === 'ADJUSTMENT' ? 'adjustment' : posting
  switch (what) {
    case 'goods':
      return mode === purchaseMode ? purchaseCost : pspClearing
    case 'freight':
      return pspClearing
    case 'subsidy':
    case 'loyalty':
      return subsidyExpense
    case 'retention':
      return retentionOf(partyId)
    case 'rebate':
      return mode === purchaseMode ? purchaseCost : rebateIncome
    case 'tax':
      return outputTax
    case undefined:
      throw new Error(`${line.lineId}: no rule book says how ${feeType} is booked`)
    default:
      return revenueOf(what)
  }
}
