import type { Event } from '../fold/events.ts'
import type { Codec } from '../ports/codec.ts'
import type { AppendOptions, Log, OutgoingBatch, OutgoingRecord } from '../ports/log.ts'
import { partitionOf } from '../ports/partition-of.ts'

/** Records appended in one write: bounds memory, changes no result. */
export const chunkRecords = 5_000

/** The log that events go to, whoever holds it. */
export interface Destination {
  readonly codec: Pick<Codec, 'encodeEvent'>
  readonly partitions: number
  readonly log: Pick<Log, 'append'>
}

/** Events on their way into the log, by partition; those of nobody go to every partition. */
export class EventChunk {
  size = 0
  private readonly destination: Destination
  private records: OutgoingRecord[][]

  constructor(destination: Destination) {
    this.destination = destination
    this.records = emptyColumns(destination.partitions)
  }

  add(event: Event): void {
    this.size += 1
    const value = this.destination.codec.encodeEvent(event)
    if (!('partyId' in event)) {
      for (const column of this.records) column.push({ key: null, value })
      return
    }
    const { partyId } = event
    const column = this.records[partitionOf(partyId, this.destination.partitions)]
    column?.push({ key: Buffer.from(partyId, 'latin1'), value })
  }

  /** Appends what was added, in one write. */
  async append(options: AppendOptions): Promise<void> {
    const batches: OutgoingBatch[] = this.records.map((records, partition) => ({
      topic: 'events',
      partition,
      records,
    }))
    this.records = emptyColumns(this.destination.partitions)
    this.size = 0
    await this.destination.log.append(
      batches.filter(({ records }) => records.length > 0),
      options,
    )
  }
}

function emptyColumns(partitions: number): OutgoingRecord[][] {
  return Array.from({ length: partitions }, () => [])
}
