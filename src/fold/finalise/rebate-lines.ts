import { nextPeriod } from '../../domain/calendar/cycle.ts'
import { formatDay } from '../../domain/calendar/day.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import { isAmount } from '../../domain/money/money.ts'
import { type Rebate, termsAt } from '../../domain/rebates/rebate.ts'
import { type SettledRebate, settleRebate } from '../../domain/rebates/settle.ts'
import { keyText, type Statement } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import { accountKey } from '../rebates/accounts.ts'
import { dueRebates, rebateAccounts } from '../rebates/tables.ts'
import type { AccountName, RebateAccount } from '../rows/rebate-rows.ts'

// The rebate lines of a statement that is finalised.
//
//   L1. An account is settled with the last statement of its rebate period, or with the first one
//       after it where that does not exist; then the line names the period.
//   L2. An account that changed after it was settled is settled again, by the rule book of the
//       first time, with the key's next statement: the line is the difference, so that the lines of
//       an account always add up to the method of its base (I18).
//   L3. True-ups go by period, then by rebate; then what is settled for the first time, by rebate.

/** Adds the rebate lines of a statement to the context's entry, and settles their accounts. */
export function addRebateLines(context: FoldContext, statement: Statement): void {
  const { state } = context
  const key = keyText(statement)
  const names = state.get(dueRebates, key)
  if (names === undefined) return
  const nextEnd = endOfNext(context, statement)
  const due: DueAccount[] = []
  const rest: AccountName[] = []
  for (const name of names) {
    const id = accountKey(key, name)
    const account = state.get(rebateAccounts, id)
    if (account === undefined)
      throw new Error(`rebate account ${name.rebateId} is not in the state`)
    if (isDue(account, statement, nextEnd)) due.push({ id, name, account })
    else rest.push(name)
  }
  due.sort((a, b) => comparePlaces(a, b, statement))
  for (const one of due) {
    if (!settle(context, statement, one)) rest.push(one.name)
  }
  if (rest.length === 0) state.delete(dueRebates, key)
  else state.put(dueRebates, key, rest)
}

interface DueAccount {
  readonly id: string
  readonly name: AccountName
  readonly account: RebateAccount
}

/** The end of the key's next period; null: a statement has no next one. */
function endOfNext({ books, row }: FoldContext, statement: Statement): number | null {
  const { cycleTerms, periodDay: id, periodStart: start, periodEnd: end } = statement
  const calendar = books.calendar(cycleTerms.calendar, row.ruleBookVersion)
  if (calendar === undefined || cycleTerms.kind === 'REALTIME') return null
  return nextPeriod(cycleTerms, calendar, { id, start, end })?.end ?? Number.POSITIVE_INFINITY
}

/** L1. */
function isDue(account: RebateAccount, statement: Statement, nextEnd: number | null): boolean {
  if (account.settled !== null) return true
  if (account.byWindow || nextEnd === null) return statement.periodEnd >= account.until
  return nextEnd > account.until
}

/** Whether the line must say which period it is for. */
function isOfPast({ settled, until, byWindow }: RebateAccount, statement: Statement): boolean {
  if (settled !== null) return true
  return byWindow ? statement.periodStart >= until : statement.periodEnd > until
}

/** L3. Ids are ASCII, so comparing code units is byte order. */
function comparePlaces(a: DueAccount, b: DueAccount, statement: Statement): number {
  const [first, second] = [isOfPast(a.account, statement), isOfPast(b.account, statement)]
  if (first !== second) return first ? -1 : 1
  if (first && a.name.day !== b.name.day) return a.name.day - b.name.day
  return a.name.rebateId < b.name.rebateId ? -1 : 1
}

/** False where the statement cannot hold the amount: it is left for the next one. */
function settle(
  context: FoldContext,
  statement: Statement,
  { id, name, account }: DueAccount,
): boolean {
  const { books, entry, row, state } = context
  const version = account.settled === null ? row.ruleBookVersion : account.ruleBookVersion
  const rebate = books.ruleBook(version).rebates.find(({ rebateId }) => rebateId === name.rebateId)
  const result = resultOf(rebate, account, statement)
  const sign = rebate?.sign ?? 1
  const settled = sign * (result?.amount ?? 0)
  const amount = settled - (account.settled ?? 0)
  if (!isAmount(settled) || !isAmount(amount) || !takes(context, statement, amount)) return false
  if (amount !== 0 && result !== undefined) {
    const at = entry.add('REBATE', 'REBATE', amount, statement.periodEnd)
    entry.basisOf[at] = result.of
    entry.basisBase[at] = result.base
    entry.basisRate[at] = result.rate
    entry.basisExact[at] = exactOf(result.exact, sign, account.settled ?? 0)
    entry.ruleId[at] = name.rebateId
    entry.ruleBookVersion[at] = version
    if (isOfPast(account, statement)) entry.originPeriod[at] = formatDay(name.day)
  }
  account.settled = settled + 0
  account.ruleBookVersion = version
  state.put(rebateAccounts, id, account)
  return true
}

/** Undefined where the rule book has no such rebate for the period: nothing is owed. */
function resultOf(
  rebate: Rebate | undefined,
  account: RebateAccount,
  { currency }: Statement,
): SettledRebate | undefined {
  const formula = rebate && termsAt(rebate, account.until - 1)?.formula
  if (formula === undefined || formula.type === 'AGREED') return undefined
  return settleRebate(formula, account, exponentOf(currency) ?? 0)
}

function takes({ entry }: FoldContext, { magnitude }: Statement, amount: number): boolean {
  let sum = magnitude + Math.abs(amount)
  for (let line = 0; line < entry.count; line += 1) sum += Math.abs(entry.amount[line] as number)
  return sum <= Number.MAX_SAFE_INTEGER
}

/** What the line comes to before rounding: the rebate with its sign, less what was settled. */
function exactOf(exact: string, sign: 1 | -1, settled: number): string {
  const [numerator, denominator] = exact.split('/') as [string, string]
  const value = BigInt(sign) * BigInt(numerator) - BigInt(settled) * BigInt(denominator)
  return `${value}/${denominator}`
}
