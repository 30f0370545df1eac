import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Chance } from '../support/chance.ts'
import { guideBook, joined, share } from '../support/guides.ts'
import { completed, refunded, tick } from '../support/market.ts'
import { foldPartitioned, type Partitioned } from '../support/partitioned-world.ts'
import type { Json } from '../support/world.ts'

// However far partitions trail each other, and however long what they send each other takes, the
// marks keep every statement of a guide open until it has all that it should have.

const guides = ['G-01', 'G-02', 'G-03', 'G-04', 'G-05']
const teams = [
  joined('G-01', 'G-02', '2025-10-01T00:00:00Z'),
  joined('G-02', 'G-03', '2025-10-01T00:00:00Z'),
  joined('G-04', 'G-01', '2025-10-01T00:00:00Z'),
]

function teamShare(code: string, level: number): Json {
  return { code, formula: { type: 'SHARE_OF_COMPONENT', of: 'BASE', rate: '0.10', level } }
}

const tiered = {
  type: 'TIERED',
  method: 'VOLUME',
  tiers: [
    { from: '50', rate: '0.01' },
    { from: '200', rate: '0.03' },
  ],
}
const ruleBook = guideBook(
  {
    components: [
      share('BASE', '0.03'),
      { code: 'BONUS', formula: tiered },
      teamShare('TEAM_1', 1),
      teamShare('TEAM_2', 2),
    ],
    deductions: [{ code: 'WITHDRAWAL', amount: '1.00', per: 'PAYOUT' }],
  },
  {
    guide: {
      cycle: { kind: 'DAILY', calendar: 'CN', graceHours: 2 },
      confirmation: { required: true, autoConfirmDays: 1 },
      payout: { termDays: 1, minimum: '2.00', negative: 'CARRY_FORWARD' },
    },
  },
)

interface Sale {
  readonly merchant: number
  readonly guide: number
  readonly cents: number
  readonly refunded: boolean
}

const sale: fc.Arbitrary<Sale> = fc.record({
  merchant: fc.integer({ min: 1, max: 4 }),
  guide: fc.nat({ max: guides.length - 1 }),
  cents: fc.integer({ min: 100, max: 30_000 }),
  refunded: fc.boolean(),
})

/** The events of one day, from the first second of it on, and the tick that ends it, or none. */
function eventsOf(sales: readonly Sale[], day: number, hasTick: boolean): Json[] {
  const events = sales.flatMap(({ merchant, guide, cents, ...rest }, index) => {
    const orderId = `O-${day}-${index}`
    const price = `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
    const occurredAt = `2025-10-${day}T0${index}:00:00+08:00`
    const head = { partyId: `M-${merchant}`, occurredAt, orderCreatedAt: occurredAt }
    const order = { guideId: guides[guide] as string }
    const sold = completed(orderId, [price], { ...head, order })
    const refund = refunded(`R-${orderId}`, orderId, [[1, '1.00']], head)
    return rest.refunded ? [sold, refund] : [sold]
  })
  return hasTick ? [...events, tick(`2025-10-${day + 1}T03:00:00+08:00`)] : events
}

const days = fc.array(
  fc.record({ sales: fc.array(sale, { maxLength: 6 }), hasTick: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
)

/** All that guides have, without what is by order of arrival: places of lines and totals, seals. */
function ofGuides({ statements, lines }: Partitioned): { statements: string[]; lines: string[] } {
  const isGuides = ({ partyId }: Json): boolean => String(partyId).startsWith('G-')
  return {
    statements: statements
      .filter(isGuides)
      .map(({ root: _root, previousRoot: _previous, totals, ...rest }) => {
        const sums = (totals as Json[]).map((total) => JSON.stringify(total)).sort()
        return JSON.stringify({ ...rest, totals: sums })
      })
      .sort(),
    lines: lines
      .filter(isGuides)
      .map(({ seq: _seq, entryNo: _no, lineId: _id, originLineId: _origin, ...rest }) =>
        JSON.stringify(rest),
      )
      .sort(),
  }
}

test('neither the number of partitions nor their pace changes what guides get', async () => {
  const seed = fc.nat({ max: 1_000_000 })
  const partitions = fc.integer({ min: 2, max: 5 })
  const check = fc.asyncProperty(days, partitions, seed, async (market, count, number) => {
    const trade = [
      ...market.flatMap(({ sales, hasTick }, index) => eventsOf(sales, 10 + index, hasTick)),
      tick('2025-11-01T00:00:00+08:00'),
    ]
    const alone = await foldPartitioned({ ruleBook }, 1, [teams, trade], new Chance(number))
    const many = await foldPartitioned({ ruleBook }, count, [teams, trade], new Chance(number + 1))
    expect(ofGuides(many)).toEqual(ofGuides(alone))
  })
  await fc.assert(check, { numRuns: 15 })
})
