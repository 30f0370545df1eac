import type { Instant } from '../../domain/calendar/calendar.ts'
import { formatDay } from '../../domain/calendar/day.ts'
import { exponentOf, formatMinor } from '../../domain/money/currency.ts'
import { cliffBelow } from '../../domain/rebates/cliff.ts'
import { type TieredFormula, termsAt } from '../../domain/rebates/rebate.ts'
import { type RebateBase, settleRebate } from '../../domain/rebates/settle.ts'
import type { FoldContext } from '../context.ts'
import { giveNotice } from '../notices.ts'
import type { AccountName, RebateAccount } from '../rows/rebate-rows.ts'

/** The fact that took something back. */
export interface Cause {
  readonly id: string
  readonly at: Instant
}

/** An account from which something was taken before it was settled. */
export interface Taken {
  readonly key: string
  readonly currency: string
  readonly name: AccountName
  /** As it is now. */
  readonly account: RebateAccount
  /** What was taken. */
  readonly base: RebateBase
  readonly cause: Cause
}

/**
 * Tells when a return took a rebate off the cliff of its tier, or when one more of its size would:
 * at most one notice a return and rebate, while the period is not settled.
 */
export function warnOfCliff(context: FoldContext, taken: Taken): void {
  const formula = formulaOf(context, taken)
  if (formula?.method !== 'VOLUME') return
  const { account, base, cause, currency, key, name } = taken
  const exponent = exponentOf(currency) ?? 0
  const isAmount = formula.measure === 'AMOUNT'
  const now = isAmount ? account.net : account.quantity
  const step = isAmount ? base.net : base.quantity
  const cliff = cliffBelow(formula, now + step, exponent)
  if (cliff === undefined || now - step >= cliff) return
  const rebateOf = (value: number): string => {
    const of = { net: value, quantity: value, cost: 0 }
    return formatMinor(settleRebate(formula, of, exponent).amount, currency)
  }
  const shown = (value: number): string => (isAmount ? formatMinor(value, currency) : `${value}`)
  const day = formatDay(name.day)
  giveNotice(context, {
    kind: 'CLIFF_WARNING',
    subject: `${key}/${name.rebateId}/${day}/${cause.id}`,
    partyId: key.slice(0, key.indexOf('/')),
    at: cause.at,
    facts: [
      { name: 'rebateId', value: name.rebateId },
      { name: 'period', value: day },
      { name: 'base', value: shown(now) },
      { name: 'tier', value: shown(cliff) },
      { name: 'reached', value: String(now >= cliff) },
      { name: 'rebateAtTier', value: rebateOf(Math.max(now, cliff)) },
      { name: 'rebateBelow', value: rebateOf(Math.min(now, cliff - 1)) },
    ],
  })
}

function formulaOf({ books, row }: FoldContext, taken: Taken): TieredFormula | undefined {
  const { account, name } = taken
  const { rebates } = books.ruleBook(row.ruleBookVersion)
  const rebate = rebates.find(({ rebateId }) => rebateId === name.rebateId)
  const formula = rebate && termsAt(rebate, account.until - 1)?.formula
  return formula?.type === 'TIERED' ? formula : undefined
}
