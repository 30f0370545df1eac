import type { Minor } from '../money/money.ts'

/** One account's part of a booking, in minor units: debit above zero, credit below. */
export interface Posting {
  readonly account: string
  readonly amount: Minor
}

/** Why something was booked. */
export type BookingKind = 'LINE' | 'CLOSE' | 'CARRY' | 'RECEIVABLE' | 'PAYOUT' | 'COLLECTION'

/** What one line or one step of a statement puts into the books of an entity. */
export interface Booking {
  readonly kind: BookingKind
  /** The lineId, or the statementId. */
  readonly ref: string
  readonly entity: string
  readonly currency: string
  /** Of one booking they always sum to zero. */
  readonly postings: readonly Posting[]
}

/** What a booking is about, without its postings. */
export type BookingHead = Omit<Booking, 'postings'>

/**
 * The booking with the postings that are not zero, or none where nothing moves; throws where debit
 * and credit differ, which is a fault of this program.
 */
export function book(head: BookingHead, postings: readonly Posting[]): Booking | undefined {
  const moving = postings.filter(({ amount }) => amount !== 0)
  let sum = 0n
  for (const { amount } of moving) sum += BigInt(amount)
  if (sum !== 0n) throw new Error(`${head.ref}: ${head.kind} is out of balance by ${sum}`)
  if (moving.length === 0) return undefined
  const { kind, ref, entity, currency } = head
  return { kind, ref, entity, currency, postings: moving }
}
