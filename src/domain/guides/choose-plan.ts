import type { Instant } from '../calendar/calendar.ts'
import type { GuidePlan, GuidePlanVersion } from '../rulebook/guide-plan.ts'
import { type OrderFacts, scoreOf } from '../rulebook/match.ts'

/** The most specific plan that is valid at the instant; ties to the lower id. */
export function choosePlan(
  plans: readonly GuidePlan[],
  facts: OrderFacts,
  instant: Instant,
): GuidePlan | undefined {
  let best: GuidePlan | undefined
  let bestScore = -1
  for (const plan of plans) {
    if (planVersionAt(plan, instant) === undefined) continue
    const score = scoreOf(plan.match, facts, null, 0)
    if (score < 0 || score < bestScore) continue
    if (best !== undefined && score === bestScore && best.planId < plan.planId) continue
    best = plan
    bestScore = score
  }
  return best
}

/** The version of a plan that is valid at an instant. */
export function planVersionAt(plan: GuidePlan, instant: Instant): GuidePlanVersion | undefined {
  return plan.versions.findLast(
    ({ validFrom, validTo }) => validFrom <= instant && (validTo === null || instant < validTo),
  )
}
