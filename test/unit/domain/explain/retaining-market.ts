import { checkRuleBookFile } from '../../../../src/app/process/publish.ts'
import { ruleBookOf } from '../../../../src/app/rule-book-file.ts'
import { at, bookOf, commonFees, completed, refunded } from '../../../support/market.ts'
import { openWorld } from '../../../support/world.ts'

const fees = [
  ...commonFees.filter(({ code }) => code !== 'COMMISSION'),
  {
    code: 'RETAINED',
    posting: 'commission',
    reversal: { policy: 'RETAIN_FEE', rate: '0.20', cap: '1.00' },
    tax: { rate: '0.06', inclusive: true },
    formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
  },
  { code: 'PER_UNIT', formula: { type: 'FIXED', amount: '0.33', per: 'UNIT' } },
  { code: 'PER_ORDER', formula: { type: 'FIXED', amount: '1.00', per: 'ORDER' } },
  { code: 'HELD', formula: { type: 'SHARE', of: 'NET', rate: '0.01', min: '0.50', max: '1.50' } },
]

/** Orders whose fees are kept in part, refunded over several lines and periods. */
export async function retainingMarket() {
  const document = bookOf(fees)
  const world = await openWorld({ ruleBook: document })
  const discounts = [{ funder: 'PLATFORM', kind: 'COUPON', amount: '7.77' }]
  const order = { order: { discounts, freight: '8.00' } }
  for (const [id, prices] of [
    ['T-1', ['33.33', '66.66', '12.34']],
    ['T-2', ['199.99']],
    ['T-3', ['10.01', '20.02']],
  ] as const) {
    await world.send(completed(id, prices, order))
  }
  await world.send(
    refunded('R-1', 'T-1', [[1, '11.11']]),
    refunded('R-2', 'T-1', [[2, '22.22']]),
    refunded('R-3', 'T-1', [
      [1, '11.11'],
      [2, '22.23'],
    ]),
    refunded('R-4', 'T-2', [[1, '66.67']]),
    refunded('R-5', 'T-2', [[1, '66.66']], { occurredAt: at('25T00:00') }),
    refunded('R-6', 'T-2', [[1, '66.66']], { occurredAt: '2025-11-04T00:00:00.000+08:00' }),
    refunded('R-7', 'T-3', [[2, '30.00']]),
  )
  return { lines: world.lines(), ruleBook: checkRuleBookFile('rulebook', ruleBookOf(document)) }
}
