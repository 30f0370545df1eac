import type { Order } from '../domain/billing/order.ts'
import type { Refusal } from '../domain/billing/refusal.ts'
import { orderEvents } from '../domain/parties/contract.ts'
import type { FoldContext } from './context.ts'

/**
 * An order that was accepted and cannot be billed now that it is due: its last fact is rejected.
 */
export function tellRefused(
  { emit, partition, record, row }: FoldContext,
  order: Order,
  { code, message }: Refusal,
): void {
  const place = order.facts.findLastIndex((fact) => fact !== null)
  row.party.applied -= 1
  row.party.rejected += 1
  emit.rejection({
    eventId: order.facts[place]?.eventId ?? '',
    type: typeNames[place] ?? '',
    partyId: order.partyId,
    code,
    message: `order ${order.orderId}: ${message}`,
    partition,
    offset: record.offset,
    firstSeenAt: row.clock,
    record: new Uint8Array(0),
  })
}

const typeNames = orderEvents.map((event) => {
  const [first = '', ...rest] = event.slice('ORDER_'.length).toLowerCase()
  return `Order${first.toUpperCase()}${rest.join('')}`
})
