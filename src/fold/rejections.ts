import type { Instant } from '../domain/calendar/calendar.ts'
import type { FoldContext } from './context.ts'
import type { Event } from './events.ts'
import { type RejectionCode, rejectionCodes } from './outcome.ts'
import { rejectedContents } from './tables.ts'

/** A refused record. */
export interface Refused {
  /** Undefined: the record could not be decoded. */
  readonly event: Event | undefined
  readonly value: Uint8Array
  readonly offset: number
  readonly firstSeenAt: Instant | null
  /** Over the content. */
  readonly hash: Uint8Array
  readonly code: RejectionCode
  readonly message: string
}

/** Tells of a rejection, once per content and code; true when it was told of before. */
export function reject(context: FoldContext, refused: Refused): boolean {
  const { state, emit, partition } = context
  const { event, code, message, offset, firstSeenAt } = refused
  if (wasRejected(context, refused)) return true
  state.put(rejectedContents, contentKey(refused.hash, code), true)
  // Every partition has its copy of a broadcast record; one of them speaks.
  if (event !== undefined && !('partyId' in event) && partition !== 0) return false
  emit.rejection({
    eventId: event?.eventId ?? '',
    type: event?.type ?? '',
    partyId: event !== undefined && 'partyId' in event ? event.partyId : null,
    code,
    message,
    partition,
    offset,
    firstSeenAt,
    record: refused.value.slice(),
  })
  return false
}

/** Whether the same content was rejected with the same code before: then nothing more is told. */
export function wasRejected(
  { state }: FoldContext,
  { hash, code }: Pick<Refused, 'hash' | 'code'>,
): boolean {
  return state.get(rejectedContents, contentKey(hash, code)) !== undefined
}

function contentKey(hash: Uint8Array, code: RejectionCode): string {
  return String.fromCharCode(...hash, rejectionCodes.indexOf(code))
}
