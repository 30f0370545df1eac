import { contractOf } from './market.ts'
import { adjusted } from './parties.ts'
import type { Json } from './world.ts'

/** The October statement of `M-1`. */
export const october = 'M-1/E-CN/SOP/CNY/MONTHLY/2025-10-01'
/** The November statement of `M-1`. */
export const november = 'M-1/E-CN/SOP/CNY/MONTHLY/2025-11-01'

/** A monthly contract that pays two days after closing and carries debts. */
export function payingContract(payout: Json = {}, overrides: Json = {}): Json {
  return contractOf({
    payout: { termDays: 2, dayKind: 'CALENDAR', minimum: '0.00', ...payout },
    ...overrides,
  })
}

/** An instant in Shanghai: `on('11-08')`, `on('11-08T10:00')`. */
export function on(day: string): string {
  return `2025-${day.includes('T') ? day : `${day}T00:00`}:00.000+08:00`
}

/** An adjustment of `M-1`: the shortest way to an amount on a statement. */
export function owed(adjustmentId: string, day: string, amount: string): Json {
  return adjusted(adjustmentId, on(day), { amount })
}

/** An event of `M-1` about its October statement, from people or a payment system. */
export function said(type: string, day: string, fields: Json = {}): Json {
  const [id] = Object.values(fields)
  const { statementId = october, ...rest } = fields
  const whose = statementId === null ? {} : { statementId }
  return {
    type,
    eventId: `${String(id).split('/')[0]}:${type}:${day}`,
    occurredAt: on(day),
    partyId: 'M-1',
    ...whose,
    ...rest,
  }
}

/** A word of the payment system on an attempt of October's payout. */
export function payout(type: string, day: string, attempt: number, amount: string): Json {
  const instructionId = `${october}:PAYOUT:${attempt}`
  return said(type, day, { instructionId, amount, currency: 'CNY' })
}

/** The states of a statement with the local days on which it came to them. */
export function historyOf(statement: Json | undefined): string[] {
  const steps = (statement?.history ?? []) as { status: string; at: string }[]
  return steps.map(({ status, at }) => {
    const local = new Date(Date.parse(at) + 8 * 3_600_000).toISOString()
    return `${status} ${local.slice(5, 10)}`
  })
}
