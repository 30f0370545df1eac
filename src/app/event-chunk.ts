import type { Event } from '../fold/events.ts'
import type { AppendOptions, OutgoingBatch, OutgoingRecord } from '../ports/log.ts'
import { partitionOf } from '../ports/partition-of.ts'
import type { Settlement } from './compose.ts'

/** Records appended in one write: bounds memory, changes no result. */
export const chunkRecords = 5_000

/** Events on their way into the log, by partition; those of nobody go to every partition. */
export class EventChunk {
  size = 0
  private readonly settlement: Settlement
  private records: OutgoingRecord[][]

  constructor(settlement: Settlement) {
    this.settlement = settlement
    this.records = emptyColumns(settlement.partitions)
  }

  add(event: Event): void {
    this.size += 1
    const value = this.settlement.codec.encodeEvent(event)
    if (!('partyId' in event)) {
      for (const column of this.records) column.push({ key: null, value })
      return
    }
    const { partyId } = event
    const column = this.records[partitionOf(partyId, this.settlement.partitions)]
    column?.push({ key: Buffer.from(partyId, 'latin1'), value })
  }

  /** Appends what was added, in one write. */
  async append(options: AppendOptions): Promise<void> {
    const batches: OutgoingBatch[] = this.records.map((records, partition) => ({
      topic: 'events',
      partition,
      records,
    }))
    this.records = emptyColumns(this.settlement.partitions)
    this.size = 0
    await this.settlement.log.append(
      batches.filter(({ records }) => records.length > 0),
      options,
    )
  }
}

function emptyColumns(partitions: number): OutgoingRecord[][] {
  return Array.from({ length: partitions }, () => [])
}
