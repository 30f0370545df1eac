import type { Arrival } from './arrival-queue.ts'
import type { Chance } from './chance.ts'
import { isoOf } from './json-event.ts'
import type { Order } from './order.ts'
import { day, hour, minute, type Timeline } from './timeline.ts'

/** How an order comes to its end, as the log sees it. */
export type Life =
  | 'PAID_COMPLETED'
  | 'COMPLETED_ONLY'
  | 'EVERY_STATUS'
  | 'COMPLETED_BEFORE_PAID'
  | 'CANCELLED'
  | 'LATE'

const lives: readonly (readonly [number, Life])[] = [
  [5_900, 'PAID_COMPLETED'],
  [2_300, 'COMPLETED_ONLY'],
  [1_000, 'EVERY_STATUS'],
  [250, 'COMPLETED_BEFORE_PAID'],
  [450, 'CANCELLED'],
  [100, 'LATE'],
]

export function drawLife(chance: Chance): Life {
  return chance.weighted(lives)
}

/** When things happen to an order; for a cancelled one only the first two come true. */
export interface LifeTimes {
  readonly paidAt: number
  readonly cancelledAt: number
  readonly deliveredAt: number
  readonly completedAt: number
  /** When the demo rule book bills it. */
  readonly dueAt: number
}

/** At the longest eleven days from creation to completion. */
export function drawTimes(chance: Chance, createdAt: number): LifeTimes {
  const paidAt = createdAt + chance.between(5, 1_800) * 1_000
  const cancelledAt = paidAt + chance.between(10, 2_000) * minute
  const deliveredAt = paidAt + chance.between(24 * 60, 4 * 24 * 60) * minute
  const completedAt = deliveredAt + chance.between(1, 6 * 24 * 60) * minute
  return { paidAt, cancelledAt, deliveredAt, completedAt, dueAt: completedAt + 7 * day }
}

interface Status {
  readonly type: string
  readonly occurredAt: number
  /** Later than it happened only where the log is late or out of order. */
  readonly arrivesAt: number
}

/** The status events of an order; the first to arrive carries the snapshot. */
export function statusEvents(
  order: Order,
  life: Life,
  times: LifeTimes,
  { chance, timeline }: { chance: Chance; timeline: Timeline },
): Arrival[] {
  const statuses = statusesOf(life, times, { chance, timeline })
  let first = statuses[0] as Status
  for (const status of statuses) if (status.arrivesAt < first.arrivesAt) first = status
  return statuses.map((status) => arrivalOf(order, status, status === first))
}

function statusesOf(
  life: Life,
  times: LifeTimes,
  { chance, timeline }: { chance: Chance; timeline: Timeline },
): Status[] {
  const { paidAt, completedAt } = times
  const paid = onTime('OrderPaid', paidAt)
  const completed = onTime('OrderCompleted', completedAt)
  if (life === 'COMPLETED_ONLY') return [completed]
  if (life === 'CANCELLED') return [paid, onTime('OrderCancelled', times.cancelledAt)]
  if (life === 'EVERY_STATUS') {
    // `paidAt` leaves five seconds at least.
    const placed = onTime('OrderPlaced', paidAt - 5_000)
    return [placed, paid, onTime('OrderDelivered', times.deliveredAt), completed]
  }
  if (life === 'COMPLETED_BEFORE_PAID') {
    return [{ ...paid, arrivesAt: completedAt + chance.between(1, 240) * minute }, completed]
  }
  if (life === 'LATE') {
    const arrivesAt = timeline.closed(times.dueAt) + chance.between(1, 96) * hour
    if (arrivesAt < timeline.limit) return [paid, { ...completed, arrivesAt }]
  }
  return [paid, completed]
}

function onTime(type: string, occurredAt: number): Status {
  return { type, occurredAt, arrivesAt: occurredAt }
}

function arrivalOf(order: Order, status: Status, withSnapshot: boolean): Arrival {
  const { orderId, partyId, createdAt, snapshot } = order
  const event = {
    type: status.type,
    eventId: `${orderId}:${status.type.slice('Order'.length).toLowerCase()}`,
    occurredAt: isoOf(status.occurredAt),
    partyId,
    orderId,
    orderCreatedAt: isoOf(createdAt),
  }
  return { at: status.arrivesAt, event: withSnapshot ? { ...event, order: snapshot } : event }
}
