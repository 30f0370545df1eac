import type { Json } from './world.ts'

/** A fee type with its schedule, by code; what is not said has the common form. */
export interface FeeOf {
  readonly code: string
  readonly formula?: Json
  readonly match?: Json
  readonly [key: string]: unknown
}

/** A monthly contract without days to wait or grace; overridden where a test needs it. */
export function contractOf(overrides: Json = {}): Json {
  return {
    partyKind: 'MERCHANT',
    validFrom: '2025-01-01',
    mode: 'SOP',
    entity: 'E-CN',
    currency: 'CNY',
    settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 0 },
    rulePinnedAt: 'ORDER_COMPLETED',
    cycle: { kind: 'MONTHLY', calendar: 'CN', cutoffDay: 1, graceHours: 0 },
    emptyStatements: 'SKIP',
    refundWaitDays: 30,
    ...overrides,
  }
}

/** The fees that most tests bill: goods, two subsidies, 5 % commission. */
export const commonFees: readonly FeeOf[] = [
  {
    code: 'GOODS_PAYMENT',
    sign: '+',
    posting: 'goods',
    formula: { type: 'TENDER', of: 'BUYER_GOODS' },
  },
  {
    code: 'PLATFORM_COUPON_SUBSIDY',
    sign: '+',
    posting: 'subsidy',
    formula: { type: 'TENDER', of: 'PLATFORM_DISCOUNT:COUPON' },
  },
  {
    code: 'BEAN_SUBSIDY',
    sign: '+',
    posting: 'loyalty',
    formula: { type: 'TENDER', of: 'PLATFORM_DISCOUNT:POINTS' },
  },
  {
    code: 'COMMISSION',
    posting: 'commission',
    formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
  },
]

/** A rule book of these fees and one template for `M-*`. */
export function bookOf(
  fees: readonly FeeOf[] = commonFees,
  contract: Json = contractOf(),
  overrides: Json = {},
): Json {
  const feeTypes = fees.map(({ formula: _formula, match: _match, ...feeType }) => ({
    sign: '-',
    grain: 'LINE',
    source: 'CALCULATED',
    reversal: { policy: 'PROPORTIONAL' },
    posting: 'service',
    ...feeType,
  }))
  const schedules = fees
    .filter(({ formula }) => formula !== undefined)
    .map(({ code, formula, match = {} }) => ({
      scheduleId: `fs-${code.toLowerCase()}`,
      feeType: code,
      match,
      versions: [{ validFrom: '2025-01-01', formula }],
    }))
  return {
    ruleBookId: 'rb-test',
    version: 1,
    previousHash: null,
    zone: 'Asia/Shanghai',
    calendars: { CN: { zone: 'Asia/Shanghai', weekStart: 'MON', holidays: [], makeUpDays: [] } },
    feeTypes,
    schedules,
    contractTemplates: [{ match: { partyId: ['M-*'] }, contract }],
    ...overrides,
  }
}

/** An instant of October 2025 in Shanghai: `at('20T10:00')`. */
export function at(text: string): string {
  return `2025-10-${text}:00.000+08:00`
}

/** OrderCompleted of `M-1` with one line a price. */
export function completed(orderId: string, prices: readonly string[], overrides: Json = {}): Json {
  const { order = {}, occurredAt = at('20T10:00'), ...rest } = overrides
  return {
    type: 'OrderCompleted',
    eventId: `${orderId}:completed`,
    occurredAt,
    partyId: 'M-1',
    orderId,
    orderCreatedAt: at('20T10:00'),
    order: {
      currency: 'CNY',
      lines: prices.map((unitPrice, index) => ({
        lineNo: index + 1,
        sku: `SKU-${index + 1}`,
        quantity: 1,
        unitPrice,
      })),
      ...(order as Json),
    },
    ...rest,
  }
}

/** RefundSucceeded of an order of `completed`. */
export function refunded(
  refundId: string,
  orderId: string,
  lines: readonly (readonly [lineNo: number, amount: string])[],
  overrides: Json = {},
): Json {
  return {
    type: 'RefundSucceeded',
    eventId: `${refundId}:refund`,
    occurredAt: at('22T00:00'),
    partyId: 'M-1',
    refundId,
    orderId,
    orderCreatedAt: at('20T10:00'),
    lines: lines.map(([lineNo, amount]) => ({ lineNo, amount })),
    ...overrides,
  }
}

/** A tick. */
export function tick(instant: string): Json {
  return { type: 'Tick', eventId: `tick-${instant}`, occurredAt: instant, at: instant }
}
