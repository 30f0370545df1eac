import type { Instant } from '../domain/calendar/calendar.ts'
import type { KeyRange } from './state.ts'
import { agenda } from './tables.ts'

// What ticks will have to do, in order of time. A tick takes the phases in this order, each up to
// its instant. An agenda key is phase, instant, and what it is about.

/** In the order in which a tick works. */
export const phases = {
  /** Bill an order that is due: creation instant, order id, party. */
  bill: '1',
  /** Give up a refund whose order did not come: party, refund id. */
  expire: '2',
  /** Open statements of a period, or by terms, that begin (EMIT): party. */
  open: '3',
  /** A period has ended: its statement is in grace. */
  end: '4',
  /** What one path alone has said of a fee of two is told of: as the key of `orders`. */
  compare: 'd',
  /** A period's grace has ended: its statement is closed. */
  close: '5',
  /** A closed statement confirms itself: its id. */
  confirm: '6',
  /** Something is to be told of a closed statement: what, its id, and more. */
  remind: '7',
  /** The same for who lives on loopback: the marks close it (`guides/marks.ts`), never a tick. */
  closeGuided: 'g',
} as const

export type Phase = (typeof phases)[keyof typeof phases]

/** Most entries of a phase that one step of a tick takes. */
export const entriesPerStep = 256

/** The part of a phase that a tick at `at` must do, as far as one step goes. */
export function dueRange(phase: Phase, at: Instant): KeyRange {
  return { set: agenda, from: phase, to: phase + instantKey(at + 1), limit: entriesPerStep }
}

export function billKey(dueAt: Instant, orderKey: string): string {
  return phases.bill + instantKey(dueAt) + orderKey
}

/** The key in `orders`: creation instant, order id, party, so that it is in order of time. */
export function orderKey(createdAt: Instant, orderId: string, partyId: string): string {
  return `${instantKey(createdAt)}${orderId}\0${partyId}`
}

/** The order's key in an agenda key of phase `bill`. */
export function orderOf(key: string): string {
  return key.slice(7)
}

export function subjectKey(phase: Phase, at: Instant, subject: string): string {
  return phase + instantKey(at) + subject
}

/** What an agenda key of any other phase is about. */
export function subjectOf(key: string): string {
  return key.slice(7)
}

/** Six bytes, rising with time; instants are after 1970. */
export function instantKey(instant: Instant): string {
  const high = Math.floor(instant / 2 ** 24)
  const low = instant % 2 ** 24
  return String.fromCharCode(
    (high >> 16) & 0xff,
    (high >> 8) & 0xff,
    high & 0xff,
    (low >> 16) & 0xff,
    (low >> 8) & 0xff,
    low & 0xff,
  )
}

/** The instant in an agenda key. */
export function instantOf(key: string): Instant {
  let instant = 0
  for (let place = 1; place < 7; place += 1) instant = instant * 256 + key.charCodeAt(place)
  return instant
}
