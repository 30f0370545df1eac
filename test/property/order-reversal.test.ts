import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cents } from '../support/billed.ts'
import { at, bookOf, contractOf, tick } from '../support/market.ts'
import {
  grains,
  isTender,
  markets,
  netsOf,
  orderOf,
  type Refund,
  refundFees,
  refundsOf,
} from '../support/refund-market.ts'
import { type Json, openWorld, type World } from '../support/world.ts'

// Any sequence of refunds of an order with several lines, tenders and fees of every policy at both
// grains (F10, I5–I7, I17): exact per fee and per refund, monotone, never a flipped sign, and the
// same whatever is repeated and whenever the state is reloaded.

const options = {
  ruleBook: bookOf(refundFees),
  from: '2025-10-01T00:00:00Z',
  to: '2025-11-30T00:00:00Z',
}
const nextDay = contractOf({ settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 1 } })
const waiting = bookOf(refundFees, nextDay)

const sumOf = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

/** What was billed, what came back of it, and of what. */
interface Books {
  readonly nets: readonly number[]
  readonly cumulative: number[]
  readonly forward: ReadonlyMap<unknown, Json>
  readonly back: Map<unknown, number>
}

function booksOf(world: World, lines: number): Books {
  const nets = netsOf(world, lines)
  const forward = world.lines().filter(({ leg }) => leg === 'FORWARD')
  return {
    nets,
    cumulative: nets.map(() => 0),
    forward: new Map(forward.map((line) => [line.lineId, line])),
    back: new Map(forward.map(({ lineId }) => [lineId, 0])),
  }
}

/** I7: line by line the tenders make up the refund. */
function expectTendered(lines: readonly Json[], amounts: readonly number[]): void {
  const tendered = amounts.map((_, place) =>
    sumOf(
      lines
        .filter(({ feeType, lineNo }) => isTender(feeType) && lineNo === place + 1)
        .map(({ amount }) => -cents(amount)),
    ),
  )
  expect(tendered.map((sum) => sum + 0)).toEqual(amounts)
}

/** The right origin, and the sign opposite to its. */
function takeBack(line: Json, { forward, back }: Books): void {
  const origin = forward.get(line.originLineId) as Json
  expect(line.feeType).toBe(origin.feeType)
  expect(Math.sign(cents(line.amount))).toBe(-Math.sign(cents(origin.amount)))
  back.set(origin.lineId, (back.get(origin.lineId) as number) - cents(line.amount))
}

/** I5, and for what comes back in proportion I17: half a unit, a unit where halves do not decide. */
function expectInBounds({ feeType, lineNo, amount, lineId }: Json, books: Books): void {
  const { nets, cumulative, back } = books
  const reversed = back.get(lineId) as number
  expect(Math.abs(reversed)).toBeLessThanOrEqual(Math.abs(cents(amount)))
  if (!/^(PROPORTIONAL|RETENTION)/.test(String(feeType))) return
  const place = Number(lineNo) - 1
  const base = lineNo === undefined ? sumOf(nets) : (nets[place] as number)
  const taken = lineNo === undefined ? sumOf(cumulative) : (cumulative[place] as number)
  const distance = Math.abs(reversed * base - cents(amount) * taken)
  const rounding = refundFees.find(({ code }) => code === feeType)?.rounding
  expect(String(rounding).startsWith('HALF') ? 2 * distance : distance).toBeLessThanOrEqual(base)
}

function expectRefunded(world: World, { event, amounts }: Refund, books: Books): void {
  amounts.forEach((amount, line) => {
    books.cumulative[line] = (books.cumulative[line] as number) + amount
  })
  const lines = world.lines().filter(({ eventId }) => eventId === event.eventId)
  expectTendered(lines, amounts)
  for (const line of lines) if (line.leg === 'REVERSE') takeBack(line, books)
  for (const line of books.forward.values()) expectInBounds(line, books)
}

/** RETAIN_FEE: a fifth of what was charged, at most 0.30, over the lines together. */
function expectRetained(world: World, code: string): void {
  const lines = world.lines().filter(({ feeType }) => feeType === code)
  const sum = (leg: string): number =>
    sumOf(lines.filter((line) => line.leg === leg).map(({ amount }) => cents(amount)))
  const rounding = refundFees.find((fee) => fee.code === code)?.rounding as keyof typeof modes
  const fifth = new Decimal(sum('FORWARD')).div(5).toDecimalPlaces(0, modes[rounding]).toNumber()
  expect(sum('RETENTION') + 0).toBe(Math.max(Math.min(fifth, 30), -30) + 0)
}

const modes = {
  HALF_UP: Decimal.ROUND_HALF_UP,
  HALF_EVEN: Decimal.ROUND_HALF_EVEN,
  DOWN: Decimal.ROUND_DOWN,
  UP: Decimal.ROUND_UP,
} as const

/** I6: what is left is what never comes back, and what RETAIN_FEE kept; of tax likewise. */
function expectNothingLeft(world: World, { forward, back }: Books): void {
  for (const [lineId, { feeType, amount }] of forward) {
    const stays = /^(NONE|UPSTREAM)/.test(String(feeType))
    expect([feeType, back.get(lineId)]).toEqual([feeType, stays ? 0 : cents(amount)])
  }
  for (const grain of grains) expectRetained(world, `RETAIN_FEE_${grain}`)
  const whole = world.lines().filter(({ feeType }) => /^(PROP|RETENTION|FULL)/.test(`${feeType}`))
  expect(sumOf(whole.map(({ taxAmount }) => cents(taxAmount ?? 0))) + 0).toBe(0)
}

test('each step has the right sign, tenders make up the refund, nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(markets, async (market) => {
      const world = await openWorld(options)
      await world.send(orderOf(market))
      const books = booksOf(world, market.prices.length)
      for (const refund of refundsOf(market, books.nets)) {
        await world.send(refund.event)
        expectRefunded(world, refund, books)
      }
      expectNothingLeft(world, books)
    }),
    { numRuns: 100, seed: 20_251_020 },
  )
})

test('refunds before billing and after it: the goods come to what was not refunded', async () => {
  await fc.assert(
    fc.asyncProperty(markets, fc.nat({ max: 7 }), async (market, early) => {
      const plain = await openWorld(options)
      await plain.send(orderOf(market))
      const nets = netsOf(plain, market.prices.length)
      const refunds = refundsOf(market, nets)
      const world = await openWorld({ ...options, ruleBook: waiting })
      await world.send(orderOf(market), ...refunds.slice(0, early).map(({ event }) => event))
      expect(world.lines()).toEqual([])
      await world.send(tick(at('21T10:00')))

      const left = [...nets]
      for (const { amounts } of refunds.slice(0, early)) {
        amounts.forEach((amount, line) => {
          left[line] = (left[line] as number) - amount
        })
      }
      expect(netsOf(world, nets.length)).toEqual(left)
      for (const { leg, amount, feeType } of world.lines()) {
        if (leg === 'FORWARD' && isTender(feeType)) {
          expect(cents(amount)).toBeGreaterThan(0)
        }
      }
      await world.send(...refunds.slice(early).map(({ event }) => event))
      const sum = world
        .lines()
        .filter(({ feeType }) => isTender(feeType))
        .reduce((total, { amount }) => total + cents(amount), 0)
      expect(sum).toBe(0)
      expect(world.rejections()).toEqual([])
    }),
    { numRuns: 40, seed: 20_251_021 },
  )
})

describe('the same outputs', () => {
  const traceOf = async (events: readonly Json[], reload = false): Promise<string[]> => {
    const world = await openWorld({ ...options, reload })
    await world.send(...events)
    return world.trace()
  }

  test('when every event is repeated under another eventId, and when the state is reloaded', async () => {
    await fc.assert(
      fc.asyncProperty(markets, async (market) => {
        const plain = await openWorld(options)
        const order = orderOf(market)
        await plain.send(order)
        const nets = netsOf(plain, market.prices.length)
        const refunds = refundsOf(market, nets).map(({ event }) => event)
        const [first] = refunds
        // The first refund waits for its order.
        const events = [...(first === undefined ? [] : [first]), order, ...refunds.slice(1)]
        const trace = await traceOf(events)
        const twice = events.flatMap((event) => [
          event,
          { ...event, eventId: `${event.eventId}:2` },
        ])
        expect(await traceOf(twice)).toEqual(trace)
        expect(await traceOf([...events, ...events])).toEqual(trace)
        expect(await traceOf(events, true)).toEqual(trace)
      }),
      { numRuns: 15, seed: 20_251_022 },
    )
  })
})
