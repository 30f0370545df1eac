/** A rule book as its JSON document, in the sections that the demonstration uses. */
export interface RuleBookJson {
  readonly ruleBookId: string
  readonly version: number
  readonly previousHash: string | null
  readonly zone: string
  readonly calendars: Readonly<Record<string, CalendarJson>>
  readonly feeTypes: readonly FeeTypeJson[]
  readonly schedules: readonly ScheduleJson[]
  readonly contractTemplates: readonly TemplateJson[]
}

interface CalendarJson {
  readonly zone: string
  readonly weekStart: string
  readonly holidays: readonly string[]
  readonly makeUpDays: readonly string[]
}

interface FeeTypeJson {
  readonly code: string
  readonly zh: string
  readonly sign: '+' | '-' | '±'
  readonly grain: 'LINE' | 'ORDER'
  readonly source: 'CALCULATED' | 'PASSTHROUGH' | 'PARSED' | 'PULLED'
  readonly leg?: 'REVERSE_ONLY'
  readonly reversal: { readonly policy: string }
  readonly tax?: { readonly rate: string; readonly inclusive: true }
  readonly posting: string
}

interface ScheduleJson {
  readonly scheduleId: string
  readonly feeType: string
  readonly priority?: number
  readonly match: Readonly<Record<string, readonly string[] | boolean>>
  readonly versions: readonly VersionJson[]
}

interface VersionJson {
  readonly validFrom: string
  readonly validTo?: string
  readonly formula: Readonly<Record<string, string>>
}

interface TemplateJson {
  readonly match: { readonly partyId: readonly string[] }
  readonly contract: Readonly<Record<string, unknown>>
}

/** The first day of every rule that does not change within the demonstration. */
const always = '2020-01-01'

/** The middle of the demo month: a commission rises, so the pinned version shows. */
const rise = '2026-06-16'

const sop = { mode: ['SOP'] }

function since(validFrom: string, formula: Readonly<Record<string, string>>): VersionJson[] {
  return [{ validFrom, formula }]
}

function share(of: string, rate: string): Readonly<Record<string, string>> {
  return { type: 'SHARE', of, rate }
}

function feeType(
  code: string,
  zh: string,
  kind: Omit<FeeTypeJson, 'code' | 'zh' | 'reversal'> & { readonly reversal: string },
): FeeTypeJson {
  const { sign, grain, source, leg, reversal, tax, posting } = kind
  return {
    code,
    zh,
    sign,
    grain,
    source,
    ...(leg === undefined ? {} : { leg }),
    reversal: { policy: reversal },
    ...(tax === undefined ? {} : { tax }),
    posting,
  }
}

const vat = { rate: '0.06', inclusive: true } as const
const perLine = { grain: 'LINE', source: 'CALCULATED', reversal: 'PROPORTIONAL' } as const
const perOrder = { grain: 'ORDER', source: 'CALCULATED', reversal: 'NONE' } as const
const submitted = { grain: 'ORDER', reversal: 'NONE', posting: 'service' } as const

const feeTypes: readonly FeeTypeJson[] = [
  feeType('GOODS_PAYMENT', '货款', { ...perLine, sign: '+', posting: 'goods' }),
  feeType('PLATFORM_COUPON_SUBSIDY', '平台优惠券补贴', {
    ...perLine,
    sign: '+',
    posting: 'subsidy',
  }),
  feeType('BEAN_SUBSIDY', '京豆补贴', { ...perLine, sign: '+', posting: 'loyalty' }),
  feeType('SUPPLY_PAYMENT', '供货款', { ...perLine, sign: '+', posting: 'goods' }),
  feeType('COMMISSION', '佣金', { ...perLine, sign: '-', tax: vat, posting: 'commission' }),
  feeType('CPS_FEE', '推广佣金', { ...perLine, sign: '-', posting: 'service' }),
  feeType('WARRANTY', '质保服务费', {
    ...perLine,
    sign: '-',
    reversal: 'FULL_ON_FULL_REFUND',
    posting: 'service',
  }),
  feeType('PAYMENT_FEE', '支付手续费', { ...perOrder, sign: '-', posting: 'service' }),
  feeType('TECH_SERVICE_FEE', '技术服务费', { ...perOrder, sign: '-', posting: 'service' }),
  feeType('FREIGHT_INCOME', '运费收入', {
    ...perOrder,
    sign: '+',
    reversal: 'UPSTREAM',
    posting: 'freight',
  }),
  feeType('PLATFORM_REWARD', '平台活动奖励', {
    ...perOrder,
    sign: '+',
    reversal: 'FULL_ON_ANY_REFUND',
    posting: 'subsidy',
  }),
  feeType('REFUND_ADMIN_FEE', '退款手续费', {
    ...perOrder,
    sign: '-',
    leg: 'REVERSE_ONLY',
    posting: 'service',
  }),
  feeType('DELIVERY_FEE', '配送费', { ...submitted, sign: '-', source: 'PASSTHROUGH' }),
  feeType('WAREHOUSING_FEE', '仓储费', { ...submitted, sign: '-', source: 'PULLED' }),
  feeType('RETURN_SERVICE_FEE', '退换服务费', { ...submitted, sign: '-', source: 'PASSTHROUGH' }),
]

const tenders: readonly ScheduleJson[] = [
  {
    scheduleId: 'fs-goods',
    feeType: 'GOODS_PAYMENT',
    match: sop,
    versions: since(always, { type: 'TENDER', of: 'BUYER_GOODS' }),
  },
  {
    scheduleId: 'fs-platform-coupon',
    feeType: 'PLATFORM_COUPON_SUBSIDY',
    match: sop,
    versions: since(always, { type: 'TENDER', of: 'PLATFORM_DISCOUNT:COUPON' }),
  },
  {
    scheduleId: 'fs-bean',
    feeType: 'BEAN_SUBSIDY',
    match: sop,
    versions: since(always, { type: 'TENDER', of: 'PLATFORM_DISCOUNT:POINTS' }),
  },
  {
    // The platform buys what it sells: the supplier gets the cost price, whoever pays discounts.
    scheduleId: 'fs-supply',
    feeType: 'SUPPLY_PAYMENT',
    match: { mode: ['FBP'] },
    versions: since(always, share('COST', '1')),
  },
]

const commissions: readonly ScheduleJson[] = [
  {
    scheduleId: 'fs-commission',
    feeType: 'COMMISSION',
    match: sop,
    versions: since(always, share('NET', '0.05')),
  },
  {
    scheduleId: 'fs-commission-digital',
    feeType: 'COMMISSION',
    match: { ...sop, category: ['数码/*'] },
    versions: [
      { validFrom: always, validTo: rise, formula: share('NET', '0.03') },
      { validFrom: rise, formula: share('NET', '0.035') },
    ],
  },
  {
    scheduleId: 'fs-commission-apparel',
    feeType: 'COMMISSION',
    match: { ...sop, category: ['服饰/*'] },
    versions: since(always, share('NET', '0.08')),
  },
  {
    scheduleId: 'fs-commission-beauty',
    feeType: 'COMMISSION',
    match: { ...sop, category: ['美妆/*'] },
    versions: since(always, { ...share('NET', '0.06'), min: '0.10', max: '300.00' }),
  },
]

const services: readonly ScheduleJson[] = [
  {
    scheduleId: 'fs-cps',
    feeType: 'CPS_FEE',
    match: { ...sop, guide: true },
    versions: since(always, share('NET', '0.02')),
  },
  {
    scheduleId: 'fs-warranty',
    feeType: 'WARRANTY',
    match: { ...sop, skuType: ['ELECTRONICS'] },
    versions: since(always, share('NET', '0.002')),
  },
  {
    scheduleId: 'fs-payment',
    feeType: 'PAYMENT_FEE',
    match: sop,
    versions: since(always, share('BUYER_PAID', '0.006')),
  },
  {
    scheduleId: 'fs-tech',
    feeType: 'TECH_SERVICE_FEE',
    match: {},
    versions: since(always, { type: 'FIXED', amount: '0.50', per: 'ORDER' }),
  },
  {
    scheduleId: 'fs-freight',
    feeType: 'FREIGHT_INCOME',
    match: {},
    versions: since(always, share('FREIGHT', '1')),
  },
  {
    scheduleId: 'fs-reward',
    feeType: 'PLATFORM_REWARD',
    match: { tag: ['618'] },
    versions: since(always, { type: 'FIXED', amount: '2.00', per: 'ORDER' }),
  },
  {
    scheduleId: 'fs-refund-admin',
    feeType: 'REFUND_ADMIN_FEE',
    match: sop,
    versions: since(always, {
      type: 'SHARE_OF_REVERSED',
      of: 'COMMISSION',
      rate: '0.20',
      cap: '30.00',
    }),
  },
]

const contract = {
  partyKind: 'MERCHANT',
  validFrom: always,
  mode: 'SOP',
  entity: 'E-CN-01',
  currency: 'CNY',
  settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 },
  rulePinnedAt: 'ORDER_PAID',
  emptyStatements: 'SKIP',
  refundWaitDays: 15,
}

const calendar = 'CN-STD'

/** The rule book that fits the streams of `marketplace`: two modes, fifteen fee types. */
export const demoRuleBook: RuleBookJson = {
  ruleBookId: 'rb-demo',
  version: 1,
  previousHash: null,
  zone: 'Asia/Shanghai',
  calendars: {
    [calendar]: {
      zone: 'Asia/Shanghai',
      weekStart: 'MON',
      holidays: ['2026-06-19', '2026-09-25', '2026-10-01', '2026-10-02'],
      makeUpDays: [],
    },
  },
  feeTypes,
  schedules: [...tenders, ...commissions, ...services],
  contractTemplates: [
    {
      match: { partyId: ['M-*'] },
      contract: { ...contract, cycle: { kind: 'MONTHLY', calendar, cutoffDay: 1, graceHours: 6 } },
    },
    {
      match: { partyId: ['M-0008', 'M-002*'] },
      contract: { ...contract, cycle: { kind: 'WEEKLY', calendar, graceHours: 6 } },
    },
  ],
}

/** The demo rule book with its days counted in another zone. */
export function demoRuleBookIn(zone: string): RuleBookJson {
  const { calendars } = demoRuleBook
  const moved = Object.entries(calendars).map(([id, each]) => [id, { ...each, zone }] as const)
  return { ...demoRuleBook, zone, calendars: Object.fromEntries(moved) }
}
