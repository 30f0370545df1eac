/** Sums that the statements of a workload must come to, by fee type, in minor units. */
export interface ModelSums {
  readonly forward: bigint
  readonly reverse: bigint
}

interface ModelOrder {
  readonly amounts: readonly number[]
  readonly reversed: number[]
  readonly fees: readonly number[]
  readonly given: number[]
}

const codes = [
  'GOODS',
  'COMMISSION',
  'COUPON',
  'PAYMENT',
  'CPS',
  'TECH',
  'BEAN',
  'FREIGHT',
] as const
/** PAYMENT and TECH stay with the platform. */
const reverses = [true, true, true, false, true, false, true, true]

/**
 * A second implementation of the eight fees, written apart from the billing code: what the
 * measurements check their totals against.
 */
export class Model {
  private readonly orders = new Map<number, ModelOrder>()
  private readonly forward = codes.map(() => 0n)
  private readonly reverse = codes.map(() => 0n)

  order(number: number, amounts: readonly number[], freight: number, coupon: number): void {
    const base = amounts.reduce((sum, amount) => sum + amount, 0)
    const paid = base - coupon + freight
    const fees = [
      base,
      -parts(base, 50_000),
      coupon,
      -parts(paid, 6_000),
      -parts(base, 20_000),
      -50,
      -parts(base, 5_000),
      freight,
    ]
    fees.forEach((fee, index) => {
      this.forward[index] = (this.forward[index] as bigint) + BigInt(fee)
    })
    this.orders.set(number, {
      amounts,
      reversed: amounts.map(() => 0),
      fees,
      given: fees.map(() => 0),
    })
  }

  refund(number: number, wanted: readonly number[]): void {
    const order = this.orders.get(number) as ModelOrder
    wanted.forEach((amount, place) => {
      const left = (order.amounts[place] as number) - (order.reversed[place] as number)
      order.reversed[place] = (order.reversed[place] as number) + Math.min(amount, left)
    })
    const base = order.amounts.reduce((sum, amount) => sum + amount, 0)
    const cumulative = order.reversed.reduce((sum, amount) => sum + amount, 0)
    order.fees.forEach((fee, index) => {
      if (reverses[index] !== true) return
      const magnitude = Math.floor((2 * Math.abs(fee) * cumulative + base) / (2 * base))
      const target = fee < 0 ? -magnitude : magnitude
      const step = (order.given[index] as number) - target
      order.given[index] = target
      this.reverse[index] = (this.reverse[index] as bigint) + BigInt(step)
    })
  }

  /** The sums stay. */
  forgetOrders(): void {
    this.orders.clear()
  }

  /** By fee type. */
  sums(): Map<string, ModelSums> {
    return new Map(
      codes.map((code, index) => [
        code,
        { forward: this.forward[index] as bigint, reverse: this.reverse[index] as bigint },
      ]),
    )
  }
}

/** Millionths of a base, half up. */
function parts(base: number, millionths: number): number {
  return Math.floor((base * millionths + 500_000) / 1_000_000)
}

/** The rule book of the model's eight fees. */
export const benchRuleBook = {
  ruleBookId: 'rb-bench',
  version: 1,
  previousHash: null,
  zone: 'Asia/Shanghai',
  calendars: { CN: { zone: 'Asia/Shanghai', weekStart: 'MON', holidays: [], makeUpDays: [] } },
  feeTypes: [
    feeType('GOODS', '+', 'LINE', 'PROPORTIONAL', 'goods'),
    feeType('COMMISSION', '-', 'ORDER', 'PROPORTIONAL', 'commission'),
    feeType('COUPON', '+', 'ORDER', 'PROPORTIONAL', 'subsidy'),
    feeType('PAYMENT', '-', 'ORDER', 'NONE', 'service'),
    feeType('CPS', '-', 'ORDER', 'PROPORTIONAL', 'service'),
    feeType('TECH', '-', 'ORDER', 'NONE', 'service'),
    feeType('BEAN', '-', 'ORDER', 'PROPORTIONAL', 'loyalty'),
    feeType('FREIGHT', '+', 'ORDER', 'PROPORTIONAL', 'freight'),
  ],
  schedules: [
    schedule('GOODS', { type: 'TENDER', of: 'NET' }),
    schedule('COMMISSION', { type: 'SHARE', of: 'NET', rate: '0.05' }),
    schedule('COUPON', { type: 'SHARE', of: 'PLATFORM_DISCOUNT:COUPON', rate: '1' }),
    schedule('PAYMENT', { type: 'SHARE', of: 'BUYER_PAID', rate: '0.006' }),
    schedule('CPS', { type: 'SHARE', of: 'NET', rate: '0.02' }),
    schedule('TECH', { type: 'FIXED', amount: '0.50', per: 'ORDER' }),
    schedule('BEAN', { type: 'SHARE', of: 'NET', rate: '0.005' }),
    schedule('FREIGHT', { type: 'SHARE', of: 'FREIGHT', rate: '1' }),
  ],
  contractTemplates: [
    {
      match: { partyId: ['M-*'] },
      contract: {
        partyKind: 'MERCHANT',
        validFrom: '2025-01-01',
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

function feeType(
  code: string,
  sign: '+' | '-',
  grain: 'LINE' | 'ORDER',
  policy: string,
  posting: string,
): object {
  return { code, sign, grain, source: 'CALCULATED', reversal: { policy }, posting }
}

function schedule(feeType: string, formula: object): object {
  const versions = [{ validFrom: '2025-01-01', formula }]
  return { scheduleId: `fs-${feeType.toLowerCase()}`, feeType, match: {}, versions }
}
