import type { Day } from '../../../src/domain/calendar/day.ts'
import type { Problem } from '../../../src/domain/document/place.ts'
import { type CheckedRuleBook, checkRuleBook } from '../../../src/domain/rulebook/check.ts'

/** UTC days: enough for a document whose zone plays no part. */
export const startOfDay = (day: Day): number => day * 86_400_000

/** A change to a document: the place by dots, and the new value there; undefined removes it. */
export type Change = readonly [place: string, value: unknown]

/** A copy of the document with changes made one after the other. */
export function changed(document: unknown, ...changes: readonly Change[]): unknown {
  const copy: unknown = structuredClone(document)
  for (const [place, value] of changes) {
    const keys = place.split('.')
    const last = keys.pop() ?? ''
    let target = copy as Record<string, unknown>
    for (const key of keys) target = target[key] as Record<string, unknown>
    if (value === undefined && Array.isArray(target)) target.splice(Number(last), 1)
    else if (value === undefined) delete target[last]
    else target[last] = value
  }
  return copy
}

/** The sound book with changes, checked. */
export function check(...changes: readonly Change[]): CheckedRuleBook {
  return checkRuleBook(changed(soundBook, ...changes), { hash: 'sha256:1', startOfDay })
}

/** Problems as a person reads them. */
export function linesOf(problems: readonly Problem[]): string[] {
  return problems.map(({ path, message }) => `${path}: ${message}`)
}

const fee = (code: string, rest: object) => ({
  code,
  sign: '-',
  grain: 'LINE',
  source: 'CALCULATED',
  reversal: { policy: 'PROPORTIONAL' },
  posting: 'service',
  ...rest,
})

const schedule = (scheduleId: string, feeType: string, formula: object, match: object = {}) => ({
  scheduleId,
  feeType,
  match,
  versions: [{ validFrom: '2026-01-01', formula }],
})

const share = (of: string, rate: string) => ({ type: 'SHARE', of, rate })

const contract = {
  partyKind: 'MERCHANT',
  validFrom: '2026-01-01',
  mode: 'SOP',
  entity: 'E-CN',
  currency: 'CNY',
  settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 },
  cycle: { kind: 'MONTHLY', calendar: 'CN', cutoffDay: 1, graceHours: 6 },
}

/** A rule book with one of nearly everything, without a problem. */
export const soundBook = {
  ruleBookId: 'rb-1',
  version: 7,
  previousHash: 'sha256:0',
  zone: 'Asia/Shanghai',
  calendars: {
    CN: {
      zone: 'Asia/Shanghai',
      weekStart: 'SUN',
      holidays: ['2026-10-01'],
      makeUpDays: ['2026-10-10'],
    },
  },
  feeTypes: [
    fee('GOODS', { sign: '+', posting: 'goods', zh: '货款' }),
    fee('COUPON', { sign: '+', posting: 'subsidy' }),
    fee('COMMISSION', { tax: { rate: '0.06', inclusive: true }, posting: 'commission' }),
    fee('PAYMENT', { grain: 'ORDER', reversal: { policy: 'NONE' }, rounding: 'HALF_EVEN' }),
    fee('DELIVERY', { sign: '±', source: 'PASSTHROUGH', reversal: { policy: 'UPSTREAM' } }),
    fee('REFUND_ADMIN', { grain: 'ORDER', leg: 'REVERSE_ONLY', reversal: { policy: 'NONE' } }),
    fee('KEPT', { reversal: { policy: 'RETAIN_FEE', rate: '0.20', cap: '30.00' } }),
    fee('TWICE', { double: { sourceSystem: 'wms', bill: 'OWN', tolerance: '0.01' } }),
  ],
  schedules: [
    schedule('fs-goods', 'GOODS', { type: 'TENDER', of: 'BUYER_GOODS' }),
    schedule('fs-coupon', 'COUPON', { type: 'TENDER', of: 'PLATFORM_DISCOUNT:COUPON' }),
    {
      scheduleId: 'fs-commission',
      feeType: 'COMMISSION',
      priority: 10,
      match: { mode: ['SOP'], category: ['digital/*'] },
      versions: [
        { validFrom: '2026-01-01', validTo: '2026-04-01', formula: share('NET', '0.05') },
        {
          validFrom: '2026-04-01',
          formula: { ...share('NET', '0.055'), min: '0.10', max: '9.00' },
        },
      ],
    },
    schedule('fs-payment', 'PAYMENT', share('BUYER_PAID', '0.006'), { guide: false }),
    schedule('fs-admin', 'REFUND_ADMIN', {
      type: 'SHARE_OF_REVERSED',
      of: 'COMMISSION',
      rate: '0.20',
      cap: '30.00',
    }),
    schedule('fs-kept', 'KEPT', { type: 'FIXED', amount: '1.00', per: 'UNIT' }),
  ],
  contractTemplates: [
    { match: { partyId: ['M-*'] }, contract },
    {
      match: { partyId: ['G-*'] },
      contract: {
        ...contract,
        partyKind: 'GUIDE',
        mode: 'CPS',
        validTo: '2027-01-01',
        rulePinnedAt: 'ORDER_COMPLETED',
        cycle: { kind: 'CUSTOM', calendar: 'CN', starts: ['2026-01-01', '2026-01-20'] },
        emptyStatements: 'EMIT',
        confirmation: { required: true, autoConfirmDays: 7 },
        payout: {
          termDays: 2,
          dayKind: 'WORKDAY',
          minimum: '10.00',
          negative: ['CARRY_FORWARD', 'COLLECT'],
          carryMaxPeriods: 3,
        },
        advance: { stages: [{ event: 'ORDER_DELIVERED', rate: '0.70' }] },
        deposit: { required: '50000.00', offsetNegative: true },
        retention: {
          basis: 'NET_SALES',
          rate: '0.10',
          releaseAfter: 90,
          trigger: 'STATEMENT_CLOSED',
        },
        lateFee: { ratePerDay: '0.0005', dayCount: 'ACTUAL', startsOn: 'DUE+1', capRatio: '1' },
        approval: {
          flow: 'standard',
          rules: [{ item: 'ADJUSTMENT', from: '10000.00', levels: ['OPS', 'FINANCE'] }],
        },
        refundWaitDays: 10,
      },
    },
  ],
  rebates: [
    {
      rebateId: 'rb-sales',
      kind: 'SALES',
      direction: 'PARTY_TO_PLATFORM',
      match: { partyId: ['M-*'] },
      measure: 'AMOUNT',
      method: 'VOLUME',
      period: 'QUARTER',
      base: { netOfReturns: true, exclude: { gift: true, tags: ['test'], status: ['CANCELLED'] } },
      tiers: [
        { from: '1000', to: '2000.00', rate: '0.02' },
        { from: '2000', rate: '0.03' },
      ],
      // biome-ignore lint/suspicious/noThenProperty: the document's own word
      above: { value: '10000', then: 'LAST_RATE' },
      afterClose: 'TRUE_UP_NEXT_PERIOD',
    },
    {
      rebateId: 'rb-bought',
      kind: 'PURCHASE',
      direction: 'PLATFORM_TO_PARTY',
      measure: 'QUANTITY',
      method: 'GRADUATED',
      period: 'MONTH',
      skus: ['SKU-A'],
      versions: [
        {
          validFrom: '2026-01-01',
          tiers: [{ from: '0', rate: '0.10' }],
          // biome-ignore lint/suspicious/noThenProperty: the document's own word
          above: { value: '100', then: 'STOP' },
        },
      ],
    },
    {
      rebateId: 'rb-margin',
      kind: 'MARGIN_PROTECTION',
      direction: 'PARTY_TO_PLATFORM',
      skus: ['SKU-A'],
      targetMargin: '0.10',
      marginBase: 'NET_SALES',
      period: 'MONTH',
    },
    {
      rebateId: 'rb-promo',
      kind: 'SINGLE_ITEM_PROMOTION',
      direction: 'PARTY_TO_PLATFORM',
      skus: ['SKU-A'],
      window: ['2026-06-01T00:00:00+08:00', '2026-06-19T00:00:00.000Z'],
      perUnit: '3.00',
      base: { exclude: { gift: true } },
    },
    {
      rebateId: 'rb-free',
      kind: 'UNSTRUCTURED',
      direction: 'PARTY_TO_PLATFORM',
      referenceText: 'see annex 3',
      requires: ['PLATFORM', 'PARTY'],
    },
  ],
  guidePlans: [
    {
      planId: 'gp-1',
      match: { partyId: ['G-*'] },
      versions: [
        {
          validFrom: '2026-01-01',
          components: [
            { code: 'BASE', formula: share('NET', '0.03') },
            {
              code: 'BONUS',
              formula: {
                type: 'TIERED',
                method: 'GRADUATED',
                measure: 'PERIOD_NET_SALES',
                tiers: [
                  { from: '0', rate: '0' },
                  { from: '10000', rate: '0.01' },
                ],
              },
            },
            { code: 'PER_ORDER', formula: { type: 'FIXED', amount: '1.00', per: 'ORDER' } },
            {
              code: 'TEAM',
              formula: { type: 'SHARE_OF_COMPONENT', of: 'BASE', rate: '0.10', level: 1 },
            },
          ],
          deductions: [
            { code: 'SERVICE', rate: '0.02' },
            { code: 'WITHDRAWAL', amount: '1.00', per: 'PAYOUT' },
          ],
          clawback: {
            policy: 'PROPORTIONAL',
            windowDays: 30,
            byReason: { QUALITY: 'MERCHANT_BEARS', FRAUD: 'FULL' },
          },
          holdDays: 7,
        },
      ],
    },
  ],
  fx: {
    source: 'boc-spot-buying',
    at: 'SETTLEABLE_DATE',
    fallback: 'PREVIOUS_PUBLISHED',
    maxStaleDays: 3,
    deviationAlert: '0.03',
  },
}
