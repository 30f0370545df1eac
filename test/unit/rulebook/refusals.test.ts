import { expect, test } from 'vitest'
import { check, linesOf } from './sound-book.ts'

const terms = 'contractTemplates.0.contract'
const guideTerms = 'contractTemplates.1.contract'
const plan = 'guidePlans.0.versions.0'
const net = { type: 'SHARE', of: 'NET', rate: '0.01' }
const feeVersion = { validFrom: '2026-01-01', formula: net }
const more = (version: object) => ({
  scheduleId: 'fs-more',
  feeType: 'COMMISSION',
  priority: 10,
  match: { category: ['digital/*'], mode: ['SOP'] },
  versions: [version],
})
const tender = (scheduleId: string, feeType: string, of: string, match: object = {}) => ({
  scheduleId,
  feeType,
  match,
  versions: [{ validFrom: '2026-01-01', formula: { type: 'TENDER', of } }],
})

// biome-ignore format: the columns are a table
const refusals: readonly (readonly [place: string, value: unknown, problem: string])[] = [
  // The document.
  ['ruleBookId', undefined, 'ruleBookId: is missing'],
  ['ruleBookId', 'a/b', 'ruleBookId: "a/b" is no id'],
  ['version', 0, 'version: 0 is too small: at least 1'],
  ['version', '7', 'version: must be a whole number, not text'],
  ['version', 1, 'previousHash: must be null for version 1'],
  ['previousHash', undefined, 'previousHash: is missing: null for version 1'],
  ['zone', 'Mars / Olympus', 'zone: "Mars / Olympus" is no time zone'],
  ['rebate', [], 'rebate: is not known here: did you mean "rebates"?'],
  ['feeTypes', {}, 'feeTypes: must be a list, not an object'],
  ['schedules', null, 'schedules: must be a list, not null'],
  // Calendars.
  ['calendars', undefined, 'calendars: is missing'],
  ['calendars.CN.zone', undefined, 'calendars.CN.zone: is missing'],
  ['calendars.CN.weekStart', 'Monday', '"Monday" is not known'],
  ['calendars.CN.holidays.0', '2026-02-30', 'calendars.CN.holidays[0]: "2026-02-30" is no day'],
  ['calendars.CN.makeUpDays.0', '2026-10-01', 'is also one of the holidays'],
  ['calendars.CN.holiday', [], 'calendars.CN.holiday: is not known here'],
  ['calendars.C/N', { zone: 'UTC' }, 'calendars.C/N: "C/N" is no id'],
  // Fee types.
  ['feeTypes.2.reversal', undefined, 'feeTypes[2].reversal (COMMISSION): is missing: every fee type needs a reversal policy'],
  ['feeTypes.2.reversal', {}, 'feeTypes[2].reversal.policy (COMMISSION): is missing'],
  ['feeTypes.2.reversal.policy', 'PROPORTIONATE', 'did you mean "PROPORTIONAL"?'],
  ['feeTypes.2.reversal.rate', '0.1', 'feeTypes[2].reversal.rate (COMMISSION): is not known here'],
  ['feeTypes.6.reversal.rate', undefined, 'feeTypes[6].reversal.rate (KEPT): is missing'],
  ['feeTypes.6.reversal.rate', '1.01', '1.01 is more than the whole: at most 1'],
  ['feeTypes.6.reversal.cap', 30, 'feeTypes[6].reversal.cap (KEPT): must be text: write it as a string: "30"'],
  ['feeTypes.2.code', 'GOODS', 'feeTypes[2] (GOODS): the code GOODS stands twice'],
  ['feeTypes.2.sign', '−', '"−" is not known: one of +, -, ±'],
  ['feeTypes.2.grain', 'SKU', '"SKU" is not known: one of LINE, ORDER'],
  ['feeTypes.2.source', 'CALCULATE', 'did you mean "CALCULATED"?'],
  ['feeTypes.2.posting', 'commision', 'feeTypes[2].posting (COMMISSION): "commision" is not known: did you mean "commission"?'],
  ['feeTypes.2.leg', 'REVERSE', 'feeTypes[2].leg (COMMISSION): "REVERSE" is not known'],
  ['feeTypes.2.rounding', 'FLOOR', 'FLOOR is not symmetric, so a reversal would not cancel'],
  ['feeTypes.2.rounding', 'CEILING', 'CEILING is not symmetric'],
  ['feeTypes.2.rounding', 'HALF_DOWN', '"HALF_DOWN" is not known'],
  ['feeTypes.2.tax.inclusive', false, 'exclusive tax is not available in this version'],
  ['feeTypes.2.tax.inclusive', undefined, 'tax.inclusive (COMMISSION): is missing'],
  ['feeTypes.2.tax.rate', 0.06, 'feeTypes[2].tax.rate (COMMISSION): must be text: write it as a string: "0.06"'],
  ['feeTypes.2.revesal', {}, 'did you mean "reversal"?'],
  ['feeTypes.4.double', { sourceSystem: 'wms', bill: 'OWN', tolerance: '0' }, 'only a CALCULATED fee type is billed twice'],
  ['feeTypes.7.double.bill', 'BOTH', '"BOTH" is not known: one of OWN, SUBMITTED'],
  ['feeTypes.7.double.tolerance', undefined, 'feeTypes[7].double.tolerance (TWICE): is missing'],
  // Schedules.
  ['schedules.2.scheduleId', 'fs-goods', 'schedules[2] (fs-goods): the scheduleId fs-goods stands twice'],
  ['schedules.2.feeType', 'COMISSION', '"COMISSION" is no fee type: did you mean "COMMISSION"?'],
  ['schedules.2.feeType', 'DELIVERY', 'DELIVERY is PASSTHROUGH, so its amounts are submitted'],
  ['feeTypes.2.sign', '±', 'COMMISSION has sign ±, so a formula cannot tell who pays'],
  ['schedules.2.priority', 1.5, 'schedules[2].priority (fs-commission): 1.5 is no whole number'],
  ['schedules.2.match', undefined, 'schedules[2].match (fs-commission): is missing'],
  ['schedules.2.match.modes', ['SOP'], 'schedules[2].match.modes (fs-commission): is no key of a match: did you mean "mode"?'],
  ['schedules.2.match.mode', 'SOP', 'schedules[2].match.mode (fs-commission): must be a list, not text'],
  ['schedules.2.match.mode', [], 'schedules[2].match.mode (fs-commission): must not be empty'],
  ['schedules.2.match.mode', ['S*P'], '"S*P" has a * inside'],
  ['schedules.2.match.mode', ['S'.repeat(257)], 'is too long: at most 256 characters'],
  ['schedules.3.match.guide', 'yes', 'schedules[3].match.guide (fs-payment): must be true or false, not text'],
  ['schedules.3.match.sku', ['A'], 'PAYMENT has grain ORDER and cannot match on sku'],
  ['schedules.3.match.skuType', ['A'], 'PAYMENT has grain ORDER and cannot match on skuType'],
  ['schedules.3.match.category', ['A'], 'PAYMENT has grain ORDER and cannot match on category'],
  ['schedules.2.versions', [], 'schedules[2].versions (fs-commission): must not be empty'],
  // Validity.
  ['schedules.2.versions.0.validFrom', undefined, 'schedules[2].versions[0].validFrom (fs-commission): is missing'],
  ['schedules.2.versions.0.validFrom', '2026-1-1', '"2026-1-1" is no day: write YYYY-MM-DD'],
  ['schedules.2.versions.0.validFrom', '2026-04-01', 'validTo (fs-commission): 2026-04-01 is not after validFrom 2026-04-01'],
  ['schedules.2.versions.0.validTo', '2026-04-02', 'schedules[2].versions[1] (fs-commission): overlaps in validity with schedules[2].versions[0] (fs-commission), the same COMMISSION, match and priority'],
  ['schedules.2.versions.0.validTo', undefined, 'but that one has no validTo'],
  ['schedules.2.versions.0.validTo', '2026-03-31', 'leaves a gap in validity after schedules[2].versions[0]'],
  ['schedules.6', more(feeVersion), 'overlaps in validity with schedules[2]'],
  ['schedules.6', more({ ...feeVersion, validFrom: '2025-01-01', validTo: '2025-12-31' }), 'leaves a gap in validity after schedules[6].versions[0] (fs-more)'],
  // Formulas.
  ['schedules.2.versions.0.formula', undefined, 'formula (fs-commission): is missing'],
  ['schedules.2.versions.0.formula.type', 'PERCENTAGE', '"PERCENTAGE" is not known: one of SHARE, FIXED, TENDER, SHARE_OF_REVERSED'],
  ['schedules.2.versions.0.formula.of', 'GROSS_SALES', '"GROSS_SALES" is no base: one of LIST, NET'],
  ['schedules.2.versions.0.formula.of', 'PLATFORM_DISCOUNT:', 'is no base: did you mean "PLATFORM_DISCOUNT:KIND"?'],
  ['schedules.2.versions.0.formula.rate', 0.05, 'schedules[2].versions[0].formula.rate (fs-commission): must be text: write it as a string: "0.05"'],
  ['schedules.2.versions.0.formula.rate', '5%', '"5%" is no decimal that fits'],
  ['schedules.2.versions.0.formula.rate', '0.1234567891', '0.1234567891 has 10 decimals: at most 9'],
  ['schedules.2.versions.0.formula.rate', '-0.05', '-0.05 is negative'],
  ['schedules.2.versions.0.formula.rate', undefined, 'formula.rate (fs-commission): is missing'],
  ['schedules.2.versions.0.formula.cap', '1', 'formula.cap (fs-commission): is not known here'],
  ['schedules.2.versions.1.formula.min', '9.01', 'min 9.01 is above max 9.00'],
  ['schedules.2.versions.1.formula.min', 0.1, 'write it as a string: "0.1"'],
  ['schedules.5.versions.0.formula.amount', 1, 'schedules[5].versions[0].formula.amount (fs-kept): must be text: write it as a string: "1"'],
  ['schedules.5.versions.0.formula.amount', '-1.00', '-1.00 is negative'],
  ['schedules.5.versions.0.formula.per', 'PIECE', '"PIECE" is not known: one of ORDER, LINE, UNIT'],
  ['schedules.4.versions.0.formula.of', 'COMISION', 'schedules[4].versions[0].formula.of (fs-admin): "COMISION" is no fee type'],
  ['schedules.4.versions.0.formula.of', 'REFUND_ADMIN', 'REFUND_ADMIN is REVERSE_ONLY itself'],
  ['schedules.4.versions.0.formula', net, 'REFUND_ADMIN is REVERSE_ONLY, so its formula must be SHARE_OF_REVERSED, not SHARE'],
  ['schedules.4.feeType', 'PAYMENT', 'PAYMENT is not REVERSE_ONLY, so its formula cannot be SHARE_OF_REVERSED'],
  // Tenders.
  ['feeTypes.0.grain', 'ORDER', 'a TENDER is made per line, so GOODS needs grain LINE, not ORDER'],
  ['feeTypes.0.sign', '-', 'GOODS needs sign +, not -'],
  ['feeTypes.0.reversal.policy', 'NONE', 'GOODS needs reversal policy PROPORTIONAL, not NONE'],
  ['schedules.0.versions.0.formula.of', 'LIST', 'a TENDER of LIST is no part of NET'],
  ['schedules.0.versions.0.formula', net, 'mode SOP, CPS: from 2026-01-01, TENDER fees (COUPON of PLATFORM_DISCOUNT:COUPON in fs-coupon) need exactly one fee type of NET or BUYER_GOODS among them, and there is none'],
  ['schedules.0.match.mode', ['SOP'], 'mode CPS: from 2026-01-01, TENDER fees'],
  ['schedules.0.versions.0.validFrom', '2026-02-01', 'from 2026-01-01, TENDER fees (COUPON of PLATFORM_DISCOUNT:COUPON in fs-coupon) need'],
  ['schedules.0.versions.0.validTo', '2026-07-01', 'from 2026-07-01, TENDER fees (COUPON of PLATFORM_DISCOUNT:COUPON in fs-coupon) need'],
  ['schedules.6', tender('fs-two', 'TWICE', 'NET', { mode: ['FBP'] }), 'mode FBP: from 2026-01-01, TENDER fees'],
  ['schedules.6', tender('fs-two', 'TWICE', 'NET', { channel: ['app'] }), 'and there is GOODS and TWICE'],
  ['schedules.0.versions.0.formula.of', 'NET', 'COUPON pays PLATFORM_DISCOUNT:COUPON, which GOODS, a TENDER of NET, already contains'],
  ['schedules.6', tender('fs-again', 'TWICE', 'PLATFORM_DISCOUNT:COUPON'), 'COUPON and TWICE both pay PLATFORM_DISCOUNT:COUPON'],
  // Contract templates.
  ['contractTemplates.0.match.mode', ['SOP'], 'contractTemplates[0].match.mode: may not be matched here: only partyId'],
  ['contractTemplates.1.match.partyId.0', 'M-*', 'contractTemplates[1].contract: overlaps in validity with contractTemplates[0].contract'],
  [`${terms}.partyId`, 'M-1', 'contractTemplates[0].contract.partyId: is not known here'],
  [`${terms}.mode`, undefined, 'contractTemplates[0].contract.mode: is missing'],
  [`${terms}.entity`, 'E/CN', '"E/CN" is no id'],
  [`${terms}.currency`, 'RMB', '"RMB" is no currency'],
  [`${terms}.validFrom`, undefined, 'contract.validFrom: is missing'],
  [`${terms}.settleableWhen`, undefined, 'contract.settleableWhen: is missing'],
  [`${terms}.settleableWhen.event`, 'ORDER_CANCELLED', '"ORDER_CANCELLED" is not known'],
  [`${terms}.settleableWhen.plusDays`, -1, '-1 is too small'],
  [`${terms}.rulePinnedAt`, 'ORDER_PLACED', '"ORDER_PLACED" is not known'],
  [`${terms}.cycle`, undefined, 'contract.cycle: is missing'],
  [`${terms}.cycle.kind`, 'YEARLY', '"YEARLY" is not known'],
  [`${terms}.cycle.calendar`, 'XX-NONE', 'there is no calendar "XX-NONE"'],
  [`${terms}.cycle.cutoffDay`, 29, 'contract.cycle.cutoffDay: 29 is too large: at most 28'],
  [`${terms}.cycle.cutoffDay`, 0, '0 is too small: at least 1'],
  [`${terms}.cycle.graceHours`, 0.3, '0.3 is not in quarters of an hour'],
  [`${terms}.cycle.graceHours`, '6', 'must be a number of hours'],
  [`${terms}.cycle.graceHours`, -1, '-1 is out of range'],
  [`${terms}.cycle.starts`, ['2026-01-01'], 'contract.cycle.starts: is not known here'],
  [`${guideTerms}.cycle.starts`, undefined, 'contract.cycle.starts: is missing'],
  [`${guideTerms}.cycle.starts`, ['2026-01-02', '2026-01-02'], 'contract.cycle.starts[1]: must be after the day before it'],
  [`${terms}.emptyStatements`, 'DROP', '"DROP" is not known'],
  [`${terms}.refundWaitDays`, '30', 'must be a whole number, not text'],
  [`${guideTerms}.confirmation.required`, 'yes', 'must be true or false'],
  [`${guideTerms}.payout.minimum`, 10, 'contract.payout.minimum: must be text: write it as a string: "10"'],
  [`${guideTerms}.payout.minimum`, '10.005', '10.005 is no amount in CNY: at most 2 decimals'],
  [`${guideTerms}.payout.negative`, 'PAY', '"PAY" is not known'],
  [`${guideTerms}.payout.negative`, ['COLLECT', 'COLLECT'], 'COLLECT stands twice'],
  [`${guideTerms}.payout.termsDays`, 2, 'did you mean "termDays"?'],
  [`${guideTerms}.advance.stages`, [], 'advance.stages: must not be empty'],
  [`${guideTerms}.advance.stages.0.rate`, '1.5', '1.5 is more than the whole'],
  [`${guideTerms}.deposit.required`, 50_000, 'write it as a string: "50000"'],
  [`${guideTerms}.retention.basis`, 'GROSS', '"GROSS" is not known'],
  [`${guideTerms}.retention.trigger`, undefined, 'retention.trigger: is missing'],
  [`${guideTerms}.lateFee.ratePerDay`, 0.0005, 'write it as a string: "0.0005"'],
  [`${guideTerms}.approval.rules.0.levels`, [], 'levels: must not be empty'],
  [`${guideTerms}.approval.rules.0.from`, 'much', '"much" is no decimal'],
  // Rebates.
  ['rebates.0.rebateId', 'rb-free', 'the rebateId rb-free stands twice'],
  ['rebates.0.kind', 'SALE', 'rebates[0].kind (rb-sales): "SALE" is not known: did you mean "SALES"?'],
  ['rebates.0.direction', 'TO_PARTY', '"TO_PARTY" is not known'],
  ['rebates.0.measure', 'COUNT', '"COUNT" is not known'],
  ['rebates.0.method', 'TIERED', '"TIERED" is not known'],
  ['rebates.0.period', undefined, 'rebates[0].period (rb-sales): is missing'],
  ['rebates.0.above', undefined, 'rebates[0].above (rb-sales): is missing'],
  ['rebates.0.above.then', 'GO_ON', '"GO_ON" is not known: one of LAST_RATE, STOP'],
  ['rebates.0.above.value', '1999', 'value 1999 is below the last tier, from 2000'],
  ['rebates.0.tiers', [], 'rebates[0].tiers (rb-sales): must not be empty'],
  ['rebates.0.tiers.0.to', '1999.99', 'rebates[0].tiers[1] (rb-sales): tiers leave a gap: the tier before ends at 1999.99, this one starts at 2000'],
  ['rebates.0.tiers.0.to', '2000.01', 'tiers overlap'],
  ['rebates.0.tiers.1.from', '1000.0', 'tiers must rise'],
  ['rebates.0.tiers.1.to', '2000', 'tiers must rise: to 2000 is not above from 2000'],
  ['rebates.0.tiers.1.to', '9999', 'ends at 9999, but above.value is 10000'],
  ['rebates.0.tiers.1.rate', 0.03, 'write it as a string: "0.03"'],
  ['rebates.0.tiers.1.from', 2000, 'write it as a string: "2000"'],
  ['rebates.0.base.exclude.gifts', true, 'did you mean "gift"?'],
  ['rebates.0.afterClose', 'IGNORE', '"IGNORE" is not known'],
  ['rebates.1.versions.0.tiers.0.from', '0.5', '0.5 is no whole quantity'],
  ['rebates.1.versions.0.above', undefined, 'rebates[1].versions[0].above (rb-bought): is missing'],
  ['rebates.1.versions.1', { validFrom: '2027-01-01' }, 'rebates[1].versions[1].tiers (rb-bought): is missing'],
  ['rebates.2.targetMargin', '1.1', '1.1 is more than the whole'],
  ['rebates.3.window', ['2026-06-01T00:00:00+08:00'], 'must be two instants'],
  ['rebates.3.window.0', '2026-06-01', '"2026-06-01" is no instant'],
  ['rebates.3.window.0', '2026-06-19T08:00:00+08:00', 'is not after'],
  ['rebates.3.perUnit', undefined, 'rebates[3] (rb-promo): needs either perUnit'],
  ['rebates.4.requires', undefined, 'rebates[4].requires (rb-free): is missing: who must sign'],
  ['rebates.4.requires.0', 'BANK', '"BANK" is not known: one of PLATFORM, PARTY'],
  // Guide plans.
  ['guidePlans.1', { planId: 'gp-1', match: {}, versions: [] }, 'the planId gp-1 stands twice'],
  [`${plan}.components`, [], 'components (gp-1): must not be empty'],
  [`${plan}.components.1.code`, 'BASE', 'guidePlans[0].versions[0].components[1] (gp-1, BASE): the code BASE stands twice'],
  [`${plan}.components.0.formula.type`, 'TENDER', '"TENDER" is not known'],
  [`${plan}.components.0.formula.rate`, 0.03, 'components[0].formula.rate (gp-1, BASE): must be text: write it as a string: "0.03"'],
  [`${plan}.components.1.formula.tiers.1.from`, '0', 'tiers must rise'],
  [`${plan}.components.1.formula.tiers.0.to`, '9999', 'tiers leave a gap'],
  [`${plan}.components.1.formula.tiers.1.to`, '20000', 'where no tier follows'],
  [`${plan}.components.3.formula.of`, 'TEAM', '"TEAM" is no component that a share can be taken of'],
  [`${plan}.components.3.formula.level`, 4, '4 is too large: at most 3'],
  [`${plan}.deductions.0.amount`, '1', 'needs either rate'],
  [`${plan}.deductions.1.per`, undefined, 'deductions[1].per (gp-1, WITHDRAWAL): is missing'],
  [`${plan}.clawback.policy`, 'SOME', '"SOME" is not known'],
  [`${plan}.clawback.byReason.QUALITY`, 'NOBODY', 'byReason.QUALITY (gp-1): "NOBODY" is not known'],
  [`${plan}.validTo`, '2025-12-31', '2025-12-31 is not after validFrom 2026-01-01'],
  // Currencies.
  ['fx.at', 'TODAY', 'fx.at: "TODAY" is not known'],
  ['fx.deviationAlert', 0.03, 'fx.deviationAlert: must be text: write it as a string: "0.03"'],
]

for (const [place, value, problem] of refusals) {
  const shown = value === undefined ? 'absent' : JSON.stringify(value).slice(0, 60)
  test(`${place} ${shown} is refused: ${problem}`, () => {
    const { problems, ruleBook } = check([place, value])
    expect(linesOf(problems).join('\n')).toContain(problem)
    expect(ruleBook).toBeUndefined()
  })
}

test('a match is the same whatever the order of its values', () => {
  const { problems } = check(
    ['schedules.2.match.category', ['a', 'b']],
    ['schedules.6', { ...more(feeVersion), match: { category: ['b', 'a'], mode: ['SOP'] } }],
  )
  expect(linesOf(problems).join()).toContain('the same COMMISSION, match and priority')
})

test('all problems are listed at once', () => {
  const { problems } = check(
    ['feeTypes.2.reversal', undefined],
    ['schedules.2.versions.0.formula.rate', 0.05],
    ['schedules.5.versions.0.formula.of', 'NET'],
    ['contractTemplates.0.contract.currency', 'RMB'],
    ['rebates.0.above', undefined],
    ['guidePlans.0.planId', undefined],
    ['fx.source', undefined],
  )
  expect(problems.map(({ path }) => path)).toEqual([
    'feeTypes[2].reversal (COMMISSION)',
    'schedules[2].versions[0].formula.rate (fs-commission)',
    'schedules[5].versions[0].formula.of (fs-kept)',
    'contractTemplates[0].contract.currency',
    'rebates[0].above (rb-sales)',
    'guidePlans[0].planId',
    'fx.source',
  ])
})

test('one mistake is one problem: what depends on it is not refused as well', () => {
  for (const place of ['schedules.0.versions.0.formula.of', 'schedules.0.feeType']) {
    expect(check([place, 'GODS']).problems).toHaveLength(1)
  }
})
