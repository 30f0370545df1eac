import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cents } from '../support/billed.ts'
import { completed, refunded, tick } from '../support/market.ts'
import { above, rebateBook, salesRebate } from '../support/rebates.ts'
import { type Json, openWorld, type World } from '../support/world.ts'

// I18: what was settled and what was trued up since come to the method of the base as it is now.

const months = ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03']
const parties = ['M-1', 'M-2']

/** Hundredths from which a tier starts, and its rate in percent. */
const tiers = [
  [100_000, 2],
  [200_000, 3],
  [500_000, 5],
] as const

const graduated = { method: 'GRADUATED', above: above('10000', 'STOP') }
const book = rebateBook([
  salesRebate({ rebateId: 'rb-month' }),
  salesRebate({ rebateId: 'rb-quarter', period: 'QUARTER', ...graduated }),
])

function methodOf(rebateId: string, base: number): number {
  if (rebateId === 'rb-month') {
    const rate = tiers.findLast(([from]) => base >= from)?.[1] ?? 0
    return Math.round((base * rate) / 100)
  }
  const capped = Math.min(base, 1_000_000)
  let hundredths = 0
  for (const [place, [from, rate]] of tiers.entries()) {
    const end = Math.min(tiers[place + 1]?.[0] ?? capped, capped)
    hundredths += Math.max(end - from, 0) * rate
  }
  return Math.round(hundredths / 100)
}

interface Sale {
  readonly party: string
  readonly month: number
  /** In hundredths. */
  readonly price: number
  /** Months later, and how much of what is left, in percent. */
  readonly refunds: readonly (readonly [later: number, share: number])[]
}

const sale: fc.Arbitrary<Sale> = fc.record({
  party: fc.constantFrom(...parties),
  month: fc.integer({ min: 0, max: 4 }),
  price: fc.oneof(
    fc.integer({ min: 1, max: 800_000 }),
    fc.constantFrom(100_000, 200_000, 500_000, 1_000_000),
  ),
  refunds: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 100 })), {
    maxLength: 3,
  }),
})

const dayIn = (month: number, day: number): string =>
  `${months[month]}-${String(day).padStart(2, '0')}T10:00:00.000+08:00`
const price = (amount: number): string => (amount / 100).toFixed(2)

/** Events month by month; at the end of each a small sale makes sure of a statement. */
function eventsOf(sales: readonly Sale[]): Json[] {
  const left = sales.map((one) => one.price)
  return [...months.keys()].flatMap((month) => [
    ...sales.flatMap((one, place) => eventsOfSale(one, place, month, left)),
    ...parties.map((partyId) => sold(`S-${month}`, partyId, dayIn(month, 20), 1)),
    tick(`${months[month + 1] ?? '2026-04'}-01T00:00:00.000+08:00`),
  ])
}

/** What happens of one sale in a month; `left` keeps what is not refunded yet. */
function eventsOfSale(one: Sale, place: number, month: number, left: number[]): Json[] {
  const { party: partyId, price: whole, refunds } = one
  const orderCreatedAt = dayIn(one.month, 2)
  const sale = sold(`O-${place}`, partyId, orderCreatedAt, whole)
  const returned = refunds.flatMap(([later, share], at) => {
    if (Math.min(one.month + later, months.length - 1) !== month) return []
    const amount = Math.ceil(((left[place] as number) * share) / 100)
    left[place] = (left[place] as number) - amount
    const overrides = { partyId, orderCreatedAt, occurredAt: dayIn(month, 5 + at) }
    const id = `R-${place}-${at}`
    return amount === 0 ? [] : [refunded(id, `O-${place}`, [[1, price(amount)]], overrides)]
  })
  return one.month === month ? [sale, ...returned] : returned
}

function sold(orderId: string, partyId: string, occurredAt: string, amount: number): Json {
  return completed(orderId, [price(amount)], { partyId, occurredAt, orderCreatedAt: occurredAt })
}

/** Sums in hundredths of lines by party, rebate and the period they are for. */
function sumsBy(
  lines: readonly Json[],
  of: (line: Json) => string | undefined,
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const line of lines) {
    const key = of(line)
    if (key !== undefined) sums.set(key, (sums.get(key) ?? 0) + cents(line.amount))
  }
  return sums
}

const periodOf = (rebateId: string, month: string): string => {
  if (rebateId === 'rb-month') return month
  return month < '2026' ? '2025-10' : '2026-01'
}

function checkSums(world: World): void {
  const lines = world.lines()
  const homes = new Map<unknown, string>()
  for (const { leg, partyId, orderId, statementId } of lines) {
    if (leg === 'FORWARD') homes.set(`${partyId}/${orderId}`, String(statementId).slice(-10, -3))
  }
  for (const rebateId of ['rb-month', 'rb-quarter']) {
    const bases = sumsBy(lines, ({ feeType, partyId, orderId }) => {
      if (feeType !== 'GOODS_PAYMENT') return undefined
      return `${partyId} ${periodOf(rebateId, homes.get(`${partyId}/${orderId}`) as string)}`
    })
    const settled = sumsBy(lines, ({ leg, ruleId, partyId, originPeriod, statementId }) => {
      if (leg !== 'REBATE' || ruleId !== rebateId) return undefined
      const own = periodOf(rebateId, String(statementId).slice(-10, -3))
      return `${partyId} ${originPeriod === undefined ? own : String(originPeriod).slice(0, 7)}`
    })
    for (const [key, base] of bases) {
      expect(`${key} ${0 - (settled.get(key) ?? 0)}`).toBe(`${key} ${methodOf(rebateId, base)}`)
    }
  }
}

test('I18: rebates settled and trued up are the method of the base now', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 12 }), async (sales) => {
      const world = await openWorld({ ruleBook: book })
      await world.send(...eventsOf(sales))
      expect(world.rejections()).toEqual([])
      checkSums(world)
    }),
    { numRuns: 60 },
  )
})

test('rebates are the same in one partition or two, kept in memory or read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 8 }), async (sales) => {
      const events = eventsOf(sales)
      const together = await openWorld({ ruleBook: book, reload: true })
      await together.send(...events)
      for (const party of parties) {
        const alone = await openWorld({ ruleBook: book })
        await alone.send(...events.filter(({ partyId = party }) => partyId === party))
        const own = together.lines().filter(({ partyId }) => partyId === party)
        expect(alone.lines()).toEqual(own)
      }
    }),
    { numRuns: 15 },
  )
})
