import type { Fault } from '../fault.ts'

const features = 'test/unit/features'

/** Of the chapter on guide commission. */
export const guideFaults: readonly Fault[] = [
  {
    feature: 'F44',
    name: 'a guide is not told of what he sold',
    file: 'src/fold/guides/sold-orders.ts',
    find: 'if (plan === undefined) return\n',
    replace: 'if (plan !== null) return\n',
    test: `${features}/f44-base-commission.test.ts`,
  },
  {
    feature: 'F44',
    name: 'half a cent of commission is rounded down',
    file: 'src/domain/guides/commission.ts',
    find: "share.charge(price, base, 1, 'HALF_UP')",
    replace: "share.charge(price, base, 1, 'DOWN')",
    test: `${features}/f44-base-commission.test.ts`,
  },
  {
    feature: 'F45',
    name: 'every tier counts up to the sales, not up to the next tier',
    file: 'src/domain/guides/tiered.ts',
    find: 'const to = next === undefined ? base : minorOf(next.from, exponent)',
    replace: 'const to = next === null ? 0 : base',
    test: `${features}/f45-tiered-reward.test.ts`,
  },
  {
    feature: 'F45',
    name: 'nothing is rewarded at the end of a period',
    file: 'src/domain/guides/period.ts',
    find: "if (formula.type !== 'TIERED') continue",
    replace: "if (formula.type !== '') continue",
    test: `${features}/f45-tiered-reward.test.ts`,
  },
  {
    feature: 'F46',
    name: 'the first component of a plan is all that is paid',
    file: 'src/domain/guides/commission.ts',
    find: 'if (found !== undefined && found.amount > 0) commissions.push(found)',
    replace: 'if (found !== undefined && commissions.length === 0) commissions.push(found)',
    test: `${features}/f46-mixed-commission.test.ts`,
  },
  {
    feature: 'F47',
    name: 'an upline gets nothing',
    file: 'src/fold/guides/credited.ts',
    find: 'if (upline !== null) sendOn(',
    replace: 'if (upline === event.partyId) sendOn(',
    test: `${features}/f47-team.test.ts`,
  },
  {
    feature: 'F47',
    name: 'the team of today counts, not that of the sale',
    file: 'src/fold/guides/credited.ts',
    find: 'changes.findLast(({ validFrom }) => validFrom <= event.occurredAt)?.value',
    replace: 'changes.at(-1)?.value',
    test: `${features}/f47-team.test.ts`,
  },
  {
    feature: 'F48',
    name: 'nothing is deducted',
    file: 'src/fold/guides/plan-results.ts',
    find: '      addLine(context, statement, planId, deduction, -1)\n',
    replace: '',
    test: `${features}/f48-deductions.test.ts`,
  },
  {
    feature: 'F49',
    name: 'a refund takes no commission back',
    file: 'src/fold/guides/sold-orders.ts',
    find: 'if (after <= counted) return',
    replace: 'if (after > 0) return',
    test: `${features}/f49-claw-back.test.ts`,
  },
  {
    feature: 'F49',
    name: 'the window of claw-backs never ends',
    file: 'src/domain/guides/clawback.ts',
    find: 'if (windowDays !== null && refund.refundedAt',
    replace: 'if (windowDays === 0 && refund.refundedAt',
    test: `${features}/f49-claw-back.test.ts`,
  },
]
