import type { Instant } from '../domain/calendar/calendar.ts'

/** Fields of every event that belongs to a party. */
export interface PartyEnvelope {
  readonly eventId: string
  readonly occurredAt: Instant
  readonly partyId: string
  readonly source: string | null
}

/** Fields of every broadcast event. */
export interface BroadcastEnvelope {
  readonly eventId: string
  readonly occurredAt: Instant
  readonly source: string | null
}
