import fc from 'fast-check'
import { chargebackClosed, chargebackOpened, exchanged } from './disputed.ts'
import { bookOf, completed, contractOf, refunded, tick } from './market.ts'
import { adjusted, entityChanged, modeChanged, submitted } from './parties.ts'
import type { Json } from './world.ts'

/** Records between two ticks; `group` names what must stay in order among themselves. */
export interface StreamRecord {
  readonly event: Json
  readonly group: string
}

/** The waves of an input, each to be followed by its tick. */
export interface Wave {
  readonly records: readonly StreamRecord[]
  readonly tick: Json
}

/** A rule book whose parties are settled by every cycle, with grace and days to wait. */
export const streamBook: Json = bookOf(
  [
    {
      code: 'GOODS_PAYMENT',
      sign: '+',
      posting: 'goods',
      formula: { type: 'TENDER', of: 'BUYER_GOODS' },
    },
    {
      code: 'COMMISSION',
      posting: 'commission',
      formula: { type: 'SHARE', of: 'NET', rate: '0.05' },
    },
    { code: 'WAREHOUSING_FEE', source: 'PASSTHROUGH', reversal: { policy: 'NONE' } },
  ],
  contractOf(),
  {
    contractTemplates: [
      templateOf('M-1', { kind: 'MONTHLY', graceHours: 6 }, { emptyStatements: 'EMIT' }),
      templateOf('M-2', { kind: 'REALTIME' }, {}),
      templateOf('M-3', { kind: 'DAILY', graceHours: 0 }, { emptyStatements: 'EMIT' }),
      templateOf('M-4', { kind: 'WEEKLY', graceHours: 12 }, waits(7)),
      templateOf('M-5', { kind: 'MONTHLY', cutoffDay: 10 }, { ...waits(3), refundWaitDays: 5 }),
    ],
  },
)

function templateOf(partyId: string, cycle: Json, terms: Json): Json {
  const contract = contractOf({ cycle: { calendar: 'CN', ...cycle }, ...terms })
  return { match: { partyId: [partyId] }, contract }
}

function waits(plusDays: number): Json {
  return { settleableWhen: { event: 'ORDER_COMPLETED', plusDays } }
}

const item = fc.record({
  kind: fc.constantFrom(
    ...(['completed', 'completed', 'completed', 'refund', 'cancel', 'fee', 'adjust'] as const),
    ...(['opened', 'won', 'exchange'] as const),
  ),
  // M-6 is nobody's.
  party: fc.integer({ min: 1, max: 6 }),
  order: fc.integer({ min: 1, max: 4 }),
  variant: fc.constantFrom(1, 1, 1, 2),
  /** Hours from the wave's start; beyond its end the fact is ahead of the clock. */
  hour: fc.integer({ min: -600, max: 300 }),
})

type Item = typeof item extends fc.Arbitrary<infer Value> ? Value : never

const start = Date.parse('2025-10-01T00:00:00+08:00')
const hours = 3_600_000

/** Streams of up to five waves, with duplicates, conflicts, strangers, late and early facts. */
export const streams: fc.Arbitrary<readonly Wave[]> = fc
  .array(
    fc.record({
      items: fc.array(item, { maxLength: 8 }),
      length: fc.integer({ min: 1, max: 400 }),
      switches: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((waves) => {
    let at = start
    let number = 0
    return waves.map(({ items, length, switches }) => {
      const records = items.map((one) => {
        number += 1
        return recordOf(one, at, number)
      })
      // First of its wave: what a change of mode means for an order depends on which came first.
      const from = new Date(at).toISOString()
      const changes = [
        modeChanged(`C-${at}`, 'FBP', from),
        entityChanged(`D-${at}`, `E-${at % 7}`, from),
      ].map((event) => ({ event, group: 'change' }))
      at += length * hours
      return {
        records: switches ? [...changes, ...records] : records,
        tick: tick(new Date(at).toISOString()),
      }
    })
  })

function recordOf(one: Item, waveStart: number, number: number): StreamRecord {
  const { kind, party, order, variant } = one
  const partyId = `M-${party}`
  const orderId = `O-${order}`
  const occurredAt = new Date(Math.max(start, waveStart + one.hour * hours)).toISOString()
  const orderCreatedAt = new Date(start + order * hours).toISOString()
  const common = { partyId, eventId: `${kind}-${number}`, orderCreatedAt }
  const fact = `${partyId}/${kind}/${variant}`
  switch (kind) {
    case 'completed': {
      const at = new Date(start + order * 150 * hours).toISOString()
      const event = completed(orderId, [`${order * variant}.37`], { ...common, occurredAt: at })
      return { event, group: `${partyId}/${orderId}` }
    }
    case 'refund': {
      const part = [[1, `0.${10 + variant}`]] as const
      const event = refunded(`R-${order}-${variant}`, orderId, part, { ...common, occurredAt })
      return { event, group: `${partyId}/${orderId}` }
    }
    case 'cancel': {
      const { order: _, ...event } = completed(orderId, [], { ...common, occurredAt })
      return { event: { ...event, type: 'OrderCancelled' }, group: `${partyId}/${orderId}` }
    }
    case 'opened': {
      const event = chargebackOpened(`B-${order}`, { ...common, orderId, occurredAt })
      return { event, group: `${partyId}/${orderId}` }
    }
    case 'won': {
      const event = chargebackClosed(`B-${order}`, 'WON', { ...common, orderId, occurredAt })
      return { event, group: `${partyId}/${orderId}` }
    }
    case 'exchange': {
      const refund = { orderId, orderCreatedAt, refundId: `R-${order}-${variant}` }
      const lines = [{ lineNo: 1, amount: `0.${10 + variant}` }]
      const event = {
        ...exchanged(`X-${order}-${variant}`, orderId, [], 'O-9'),
        ...{ partyId, eventId: `exchange-${number}`, occurredAt, refund: { ...refund, lines } },
      }
      return { event, group: `${partyId}/${orderId}` }
    }
    case 'fee': {
      const own = { partyId, eventId: `fee-${number}` }
      return { event: submitted(`F-${variant}`, occurredAt, own), group: fact }
    }
    default: {
      const own = { partyId, eventId: `adjust-${number}` }
      return { event: adjusted(`A-${variant}`, occurredAt, own), group: fact }
    }
  }
}

/** All records of the waves with their ticks, in order. */
export function eventsOf(waves: readonly Wave[]): Json[] {
  return waves.flatMap(({ records, tick: end }) => [...records.map(({ event }) => event), end])
}
