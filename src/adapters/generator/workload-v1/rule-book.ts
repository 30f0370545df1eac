import type { RuleBookJson } from '../demo-rule-book.ts'

const always = '2020-01-01'

interface Fee {
  readonly code: string
  readonly zh: string
  readonly sign: '+' | '-'
  readonly grain: 'LINE' | 'ORDER'
  readonly policy: 'PROPORTIONAL' | 'NONE'
  readonly posting: string
  readonly formula: Readonly<Record<string, string>>
}

const share = (of: string, rate: string) => ({ type: 'SHARE', of, rate })

/** In the order of the workload's fee codes 1 to 8. */
const fees: readonly Fee[] = [
  {
    code: 'GOODS_PAYMENT',
    zh: '货款',
    sign: '+',
    grain: 'LINE',
    policy: 'PROPORTIONAL',
    posting: 'goods',
    formula: { type: 'TENDER', of: 'NET' },
  },
  order('COMMISSION', '佣金', '-', 'PROPORTIONAL', 'commission', share('NET', '0.05')),
  order('COUPON_SUBSIDY', '平台券补贴', '+', 'PROPORTIONAL', 'subsidy', coupon()),
  order('PAYMENT_FEE', '支付手续费', '-', 'NONE', 'service', share('BUYER_PAID', '0.006')),
  order('CPS_FEE', '推广佣金', '-', 'PROPORTIONAL', 'commission', share('NET', '0.02')),
  order('TECH_SERVICE_FEE', '技术服务费', '-', 'NONE', 'service', {
    type: 'FIXED',
    amount: '0.50',
    per: 'ORDER',
  }),
  order('BEAN_FEE', '京豆费', '-', 'PROPORTIONAL', 'service', share('NET', '0.005')),
  order('FREIGHT_INCOME', '运费收入', '+', 'PROPORTIONAL', 'freight', share('FREIGHT', '1')),
]

function coupon(): Fee['formula'] {
  return share('PLATFORM_DISCOUNT:COUPON', '1')
}

function order(
  code: string,
  zh: string,
  sign: Fee['sign'],
  policy: Fee['policy'],
  posting: string,
  formula: Fee['formula'],
): Fee {
  return { code, zh, sign, grain: 'ORDER', policy, posting, formula }
}

/** The eight fees of the workload as a rule book; statements by calendar month. */
export function workloadRuleBook(): RuleBookJson {
  const calendar = { zone: 'Asia/Shanghai', weekStart: 'MON', holidays: [], makeUpDays: [] }
  return {
    ruleBookId: 'rb-workload-v1',
    version: 1,
    previousHash: null,
    zone: 'Asia/Shanghai',
    calendars: { CN: calendar },
    feeTypes: fees.map(({ code, zh, sign, grain, policy, posting }) => ({
      code,
      zh,
      sign,
      grain,
      source: 'CALCULATED',
      reversal: { policy },
      posting,
    })),
    schedules: fees.map(({ code, formula }) => ({
      scheduleId: `fs-${code.toLowerCase().replaceAll('_', '-')}`,
      feeType: code,
      match: {},
      versions: [{ validFrom: always, formula }],
    })),
    contractTemplates: [
      {
        match: { partyId: ['M*'] },
        contract: {
          partyKind: 'MERCHANT',
          validFrom: always,
          mode: 'SOP',
          entity: 'E-CN',
          currency: 'CNY',
          settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 0 },
          rulePinnedAt: 'ORDER_COMPLETED',
          cycle: { kind: 'MONTHLY', calendar: 'CN', cutoffDay: 1, graceHours: 6 },
          emptyStatements: 'SKIP',
          refundWaitDays: 30,
        },
      },
    ],
  }
}
