import { bookOf, completed, contractOf, tick } from './market.ts'
import { type Json, openWorld, type World } from './world.ts'

// Orders of M-1 that the guide G-01 sold, all settled in October 2025.

export const november = '2025-11-01T00:00:00.000+08:00'
export const october = 'G-01/E-CN/CPS/CNY/MONTHLY/2025-10-01'

/** BASE, 3 % of NET. */
export const base: Json = share('BASE', '0.03')

/** A share of NET. */
export function share(code: string, rate: string, more: Json = {}): Json {
  return { code, formula: { type: 'SHARE', of: 'NET', rate, ...more } }
}

/** A rule book with one plan for `G-*`. */
export function guideBook(version: Json, more: { guide?: Json; merchant?: Json } = {}): Json {
  const guide = contractOf({ partyKind: 'GUIDE', mode: 'CPS', ...more.guide })
  const merchant = contractOf(more.merchant)
  return bookOf(undefined, undefined, {
    contractTemplates: [
      { match: { partyId: ['M-*'] }, contract: merchant },
      { match: { partyId: ['G-*'] }, contract: guide },
    ],
    guidePlans: [
      {
        planId: 'gp-1',
        match: { partyId: ['G-*'] },
        versions: [
          {
            validFrom: '2025-01-01',
            components: [base],
            clawback: { policy: 'PROPORTIONAL', windowDays: 30 },
            ...version,
          },
        ],
      },
    ],
  })
}

/** An order of one line that the guide sold. */
export function sold(orderId: string, price: string, more: Json = {}): Json {
  const { order = {}, ...rest } = more
  return completed(orderId, [price], { ...rest, order: { guideId: 'G-01', ...(order as Json) } })
}

/** TeamMembershipChanged. */
export function joined(partyId: string, upline: string | undefined, validFrom: string): Json {
  const changeId = `${partyId}:${validFrom}`
  const event = {
    type: 'TeamMembershipChanged',
    eventId: `team:${changeId}`,
    occurredAt: '2025-10-01T00:00:00.000+08:00',
    partyId,
    changeId,
    validFrom,
  }
  return upline === undefined ? event : { ...event, upline }
}

/** Folds the events and a tick on the first of November. */
export async function settled(book: Json, events: readonly Json[]): Promise<World> {
  const world = await openWorld({ ruleBook: book })
  await world.send(...events, tick(november))
  return world
}

/** The lines of guides as `party order feeType leg amount`; `-`: of no order. */
export function guideLines(world: World, partyId?: string): string[] {
  return world
    .lines()
    .filter((line) => String(line.partyId).startsWith(partyId ?? 'G-'))
    .map((line) => {
      const { orderId = '-', feeType, leg, amount } = line
      return [line.partyId, orderId, feeType, leg, amount].join(' ')
    })
}
