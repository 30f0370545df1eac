import type { FxRatePublished } from '../../fold/events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import { readInstant, readPositiveDecimal } from './event-fields.ts'

/** Reads a rate; the fold judges whether its pair is one. */
export function readFxRatePublished(cursor: AvroCursor): FxRatePublished {
  const event: FxRatePublished = {
    type: 'FxRatePublished',
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    source: cursor.name('source'),
    pair: cursor.name('pair'),
    publishedAt: readInstant(cursor, 'publishedAt'),
    rate: readPositiveDecimal(cursor, 'rate'),
  }
  if (event.rate.unscaled === 0) throw cursor.malformed('rate', 'is 0')
  return event
}
