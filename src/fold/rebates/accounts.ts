import { type Calendar, dayAt, type Instant, startOf } from '../../domain/calendar/calendar.ts'
import type { Day } from '../../domain/calendar/day.ts'
import { rebatePeriodAt } from '../../domain/rebates/period.ts'
import { type Rebate, type RebateTerms, termsAt } from '../../domain/rebates/rebate.ts'
import type { RebateBase } from '../../domain/rebates/settle.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import type { AccountName, RebateAccount } from '../rows/rebate-rows.ts'
import { type Cause, warnOfCliff } from './cliff-warning.ts'
import { dueRebates, rebateAccounts } from './tables.ts'

// What counts towards a rebate is summed per key, rebate and rebate period.
//
//   R1. A line counts in the rebate period that holds the last day of its statement, by the terms
//       that the rule book in force at billing has for that period's end.
//   R2. An account is in `dueRebates` from its first line until it is settled, and again whenever
//       it changes after that, where its terms true it up.

/** Where goods on a statement count, by the terms for that period. */
export interface AccountPlace {
  readonly terms: RebateTerms
  readonly day: Day
  readonly until: Instant
  readonly byWindow: boolean
}

/** The account that goods on a statement count towards; undefined: none. */
export function placeOf(
  { books, row }: FoldContext,
  rebate: Rebate,
  statement: Statement,
): AccountPlace | undefined {
  const calendar = books.calendar(statement.cycleTerms.calendar, row.ruleBookVersion)
  const day = calendar && lastDayOf(statement, calendar)
  if (calendar === undefined || day === undefined) return undefined
  for (const { terms } of rebate.versions) {
    const place = placeBy(terms, calendar, day)
    if (place !== undefined && termsAt(rebate, place.until - 1) === terms) return place
  }
  return undefined
}

/** The local day that says which rebate period a statement belongs to. */
export function lastDayOf(
  { cycle, periodStart, periodEnd }: Statement,
  calendar: Calendar,
): Day | undefined {
  return dayAt(calendar, cycle === 'REALTIME' ? periodStart : periodEnd - 1)
}

function placeBy(terms: RebateTerms, calendar: Calendar, day: Day): AccountPlace | undefined {
  const { period, window } = terms
  if (period !== null) {
    const { from, to } = rebatePeriodAt(period, day, calendar.weekStart)
    const until = startOf(calendar, to)
    return until === undefined ? undefined : { terms, day: from, until, byWindow: false }
  }
  if (window === null) return undefined
  const first = dayAt(calendar, window.from) ?? calendar.firstDay
  return { terms, day: first, until: window.to, byWindow: true }
}

/** The key in `rebateAccounts`. */
export function accountKey(key: string, { rebateId, day }: AccountName): string {
  return `${key}\0${rebateId}\0${day}`
}

/** Adds to an account, which is opened where there is none. */
export function addTo(
  { state }: FoldContext,
  key: string,
  rebateId: string,
  place: AccountPlace,
  base: RebateBase,
): void {
  const name = { rebateId, day: place.day }
  const id = accountKey(key, name)
  const { netOfReturns, truesUp } = place.terms
  const known = state.get(rebateAccounts, id)
  const account: RebateAccount = known ?? {
    net: 0,
    quantity: 0,
    cost: 0,
    until: place.until,
    byWindow: place.byWindow,
    netOfReturns,
    truesUp,
    settled: null,
    ruleBookVersion: 0,
  }
  change(account, base)
  state.put(rebateAccounts, id, account)
  if (known === undefined || account.settled !== null) fallDue(state, key, name, account)
}

/** Takes off an account what came back, where returns count. */
export function takeFrom(
  context: FoldContext,
  { key, currency }: { readonly key: string; readonly currency: string },
  name: AccountName,
  base: RebateBase,
  cause: Cause,
): void {
  const { state } = context
  const id = accountKey(key, name)
  const account = state.get(rebateAccounts, id)
  if (account === undefined) throw new Error(`rebate account ${name.rebateId} is not in the state`)
  if (!account.netOfReturns) return
  change(account, { net: -base.net, quantity: -base.quantity, cost: -base.cost })
  state.put(rebateAccounts, id, account)
  if (account.settled === null) warnOfCliff(context, { key, currency, name, account, base, cause })
  else fallDue(state, key, name, account)
}

function change(account: RebateAccount, { net, quantity, cost }: RebateBase): void {
  account.net += net
  account.quantity += quantity
  account.cost += cost
}

/** R2. */
function fallDue(
  state: FoldContext['state'],
  key: string,
  { rebateId, day }: AccountName,
  { settled, truesUp }: RebateAccount,
): void {
  if (settled !== null && !truesUp) return
  const due = state.get(dueRebates, key) ?? []
  if (due.some((other) => other.rebateId === rebateId && other.day === day)) return
  state.put(dueRebates, key, [...due, { rebateId, day }])
}
