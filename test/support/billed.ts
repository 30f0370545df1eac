import { at, completed } from './market.ts'
import type { Json, World } from './world.ts'

/** The lines of one event as `lineNo feeType leg amount`, in order; `-`: of the whole order. */
export function linesOf(world: World, eventId: string): string[] {
  return world
    .lines()
    .filter((line) => line.eventId === eventId)
    .map(({ lineNo = '-', feeType, leg, amount }) => `${lineNo} ${feeType} ${leg} ${amount}`)
}

/** What each fee type came to over the lines of one event (or of all), as `feeType amount`. */
export function feesOf(world: World, eventId?: string): string[] {
  const sums = new Map<string, number>()
  for (const { eventId: of, feeType, amount } of world.lines()) {
    if (eventId !== undefined && of !== eventId) continue
    sums.set(String(feeType), (sums.get(String(feeType)) ?? 0) + cents(amount))
  }
  return [...sums].map(([feeType, sum]) => `${feeType} ${money(sum)}`)
}

/** Hundredths of an amount as printed. */
export function cents(text: unknown): number {
  return Math.round(Number(text) * 100)
}

/** An amount of hundredths as printed. */
export function money(minor: number): string {
  return (minor / 100).toFixed(2)
}

/** The sum of all lines that a test names, printed. */
export function sumOf(world: World, of: (line: Json) => boolean = () => true): string {
  const sum = world
    .lines()
    .filter(of)
    .reduce((total, { amount }) => total + cents(amount), 0)
  return money(sum)
}

/** One of an order's status events without a snapshot, of `M-1`. */
export function status(type: string, orderId: string, occurredAt: string, more: Json = {}): Json {
  const { order: _order, ...event } = completed(orderId, [], { occurredAt })
  return { ...event, type, eventId: `${orderId}:${type}`, ...more }
}

/** The snapshot of an order with one line a price. */
export function snapshot(prices: readonly string[], more: Json = {}): Json {
  return { ...(completed('', prices).order as Json), ...more }
}

/** A discount of the platform's or the merchant's. */
export function discount(
  funder: 'PLATFORM' | 'MERCHANT',
  amount: string,
  kind = 'COUPON',
  lineNo?: number,
): Json {
  return { funder, kind, amount, ...(lineNo === undefined ? {} : { lineNo }) }
}

/** FeeLineReversed of `M-1`. */
export function feeReversed(
  externalId: string,
  reversalId: string,
  amount: string,
  more: Json = {},
): Json {
  return {
    type: 'FeeLineReversed',
    eventId: `${externalId}:${reversalId}`,
    occurredAt: at('25T00:00'),
    partyId: 'M-1',
    sourceSystem: 'WMS',
    externalId,
    reversalId,
    amount,
    ...more,
  }
}
