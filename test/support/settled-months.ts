import { bookOf, commonFees, completed, contractOf, tick } from './market.ts'
import { type Json, openWorld, type World } from './world.ts'

// Statements of M-1 by calendar month in Shanghai, closed at once, with terms for payment.

/** Midnight of a local day, or an hour of it. */
export const local = (day: string, time = '00:00'): string => `${day}T${time}:00.000+08:00`

/** The id of the statement of a month. */
export const statementOf = (month: string): string => `M-1/E-CN/SOP/CNY/MONTHLY/${month}-01`

/** A world whose contract has these terms; one fee, so that amounts are what was sold. */
export async function settledBy(terms: Json, ...events: readonly Json[]): Promise<World> {
  const goods = commonFees.slice(0, 1)
  const world = await openWorld({ ruleBook: bookOf(goods, contractOf(terms)) })
  await world.send(...events)
  return world
}

/** A sale of a price on a local day. */
export function sold(orderId: string, price: string, day: string): Json {
  const instant = local(day, '10:00')
  return completed(orderId, [price], { occurredAt: instant, orderCreatedAt: instant })
}

/** A tick at midnight of each of these local days. */
export const ticks = (...days: readonly string[]): Json[] => days.map((day) => tick(local(day)))

/** An adjustment of M-1 at noon of a local day. */
export function adjusted(adjustmentId: string, amount: string, day: string): Json {
  return {
    type: 'AdjustmentSubmitted',
    eventId: `${adjustmentId}:submitted`,
    occurredAt: local(day, '12:00'),
    partyId: 'M-1',
    adjustmentId,
    amount,
    currency: 'CNY',
    reason: 'a test',
    evidence: 'none',
    submittedBy: 'ops.chen',
  }
}

/** An event of a person or a bank about a statement of M-1. */
export function said(type: string, day: string, fields: Json): Json {
  const id = String(Object.values(fields)[0])
    .slice(-20)
    .replace(/[^A-Za-z0-9.-]/g, '.')
  return {
    type,
    eventId: `${type}-${id}-${day}`,
    occurredAt: local(day, '12:00'),
    partyId: 'M-1',
    ...fields,
  }
}

/** The states of a statement with the local day on which each began. */
export async function lifeOf(world: World, month: string): Promise<string[]> {
  const statement = (await world.statements()).find(
    ({ statementId }) => statementId === statementOf(month),
  )
  const history = (statement?.history ?? []) as { status: string; at: string }[]
  return history.map(({ status, at }) => `${status} ${localDay(at)}`)
}

/** Shanghai is eight hours ahead all year. */
function localDay(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** Opening, total, closing and state of every statement of M-1, by its month. */
export async function sumsOf(world: World): Promise<Record<string, string>> {
  const statements = await world.statements()
  return Object.fromEntries(
    statements.map(({ statementId, opening, total, closing, status }) => [
      String(statementId).slice(-10, -3),
      `${opening} ${total} ${closing} ${status}`,
    ]),
  )
}
