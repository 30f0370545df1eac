import { sameHash } from '../content.ts'
import type { FoldContext } from '../context.ts'
import type { Event } from '../events.ts'
import { duplicate, type Outcome, rejected } from '../outcome.ts'
import { facts } from '../tables.ts'

/**
 * The hash to keep under the business key in `facts`, or what became of an event that has come
 * before: F11. For what is not in the hot path: the name is made for every event.
 */
export function hashOfNew(
  context: FoldContext,
  event: Event,
  key: string,
  name: string,
): Uint8Array | Outcome {
  const hash = context.hasher.event(event)
  const known = context.state.get(facts, key)
  if (known === undefined) return hash
  return sameHash(known, hash)
    ? duplicate
    : rejected('DUPLICATE_CONFLICT', `${name} said otherwise`)
}
