import { planVersionAt } from '../../domain/guides/choose-plan.ts'
import type { Commission } from '../../domain/guides/commission.ts'
import { deductionsOf, rewardsOf } from '../../domain/guides/period.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import type { Minor } from '../../domain/money/money.ts'
import type { PayoutTerms } from '../../domain/parties/contract.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { FoldContext } from '../context.ts'
import { planResults } from '../rows/guide-rows.ts'

/** Adds to what a plan gave on a statement. */
export function addResult(
  { state }: FoldContext,
  statementId: string,
  planId: string,
  sales: Minor,
  commission: Minor,
): void {
  const row = state.get(planResults, statementId) ?? []
  let result = row.find((known) => known.planId === planId)
  if (result === undefined) {
    result = { planId, sales: 0, commission: 0 }
    row.push(result)
    row.sort((a, b) => (a.planId < b.planId ? -1 : 1))
  }
  result.sales += sales
  result.commission += commission
  state.put(planResults, statementId, row)
}

/**
 * Adds the lines that a guide's plans give or take once per statement to the context's entry:
 * rewards first, then deductions. `carried`: what the statement comes to without them, with what
 * was carried in; `payout` null: whatever is owed is paid.
 */
export function addGuideLines(
  context: FoldContext,
  statement: Statement,
  carried: Minor,
  payout: PayoutTerms | null,
): void {
  const { state, row } = context
  const { statementId, partyKind } = statement
  if (partyKind === 'MERCHANT') return
  const results = state.get(planResults, statementId)
  if (results === undefined) return
  state.delete(planResults, statementId)
  const { guidePlans } = context.books.ruleBook(row.ruleBookVersion)
  const exponent = exponentOf(statement.currency) ?? 0
  // The last instant of the period; REALTIME's has only one.
  const at = Math.max(statement.periodStart, statement.periodEnd - 1)
  let balance = carried
  const settled = results.flatMap(({ planId, sales, commission }) => {
    const plan = guidePlans.find((known) => known.planId === planId)
    const version = plan && planVersionAt(plan, at)
    if (version === undefined) return []
    let earned = commission
    for (const reward of rewardsOf(version, sales, exponent)) {
      addLine(context, statement, planId, reward, 1)
      earned += reward.amount
    }
    balance += earned - commission
    return [{ planId, version, earned }]
  })
  const paysOut = balance >= Math.max(1, payout?.minimum ?? 0)
  const charged = new Set<string>()
  for (const { planId, version, earned } of settled) {
    // Once per payout, whatever number of plans name it.
    const due = version.deductions.filter((one) =>
      'rate' in one ? true : paysOut && !charged.has(one.code),
    )
    for (const deduction of deductionsOf(due, earned, exponent)) {
      charged.add(deduction.code)
      addLine(context, statement, planId, deduction, -1)
    }
  }
}

function addLine(
  { entry, row }: FoldContext,
  { periodEnd }: Statement,
  planId: string,
  line: Commission,
  sign: 1 | -1,
): void {
  const leg = sign > 0 ? 'COMMISSION' : 'DEDUCTION'
  const at = entry.add(line.code, leg, sign * line.amount, periodEnd)
  entry.basisOf[at] = line.basisOf
  entry.basisBase[at] = line.basisBase
  entry.basisRate[at] = line.basisRate
  entry.basisExact[at] = sign > 0 ? line.exact : `-${line.exact}`
  entry.ruleId[at] = planId
  entry.ruleBookVersion[at] = row.ruleBookVersion
}
