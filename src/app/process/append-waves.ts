import { createHash, type Hash } from 'node:crypto'
import type { Event } from '../../fold/events.ts'
import type { OutgoingBatch, OutgoingRecord } from '../../ports/log.ts'
import { partitionOf } from '../../ports/partition-of.ts'
import type { Supervisor } from '../../runtime/supervisor.ts'
import type { Settlement } from '../compose.ts'
import type { ProgressBar } from '../progress-bar.ts'
import type { Input } from './input.ts'
import { encodeMark, type Mark } from './mark.ts'

// Appending in waves: a wave ends with a tick or the end of the input, and the next one is appended
// only when all that the last one caused is folded. So a tick finds every partition where it would
// find it in any other run.

/** Records appended in one write: bounds memory, changes no result. */
const chunkRecords = 5_000

/** Appends events to the log, those of nobody to every partition. */
export async function appendEvents(
  settlement: Settlement,
  events: readonly Event[],
  mark: Mark,
): Promise<void> {
  const chunk = new Chunk(settlement)
  for (const event of events) chunk.add(event)
  await chunk.append(mark)
}

/** Appends what the log does not have of the input, wave by wave. */
export async function appendWaves(
  settlement: Settlement,
  supervisor: Supervisor,
  input: Input,
  mark: Mark,
  bar: ProgressBar,
): Promise<void> {
  const skip = await lengthOfPrefix(input, mark)
  const chunk = new Chunk(settlement)
  const hash = createHash('sha256')
  let count = 0
  for await (const { event, text } of input.events()) {
    hash.update(text).update('\n')
    count += 1
    if (count <= skip) {
      bar.advance(1)
      continue
    }
    chunk.add(event)
    const endsWave = event.type === 'Tick'
    if (!endsWave && chunk.size < chunkRecords) continue
    const { size } = chunk
    await chunk.append({ ...mark, count, sha256: digestOf(hash) })
    bar.advance(size)
    if (endsWave) await folded(settlement, supervisor)
  }
  const { size } = chunk
  if (size > 0) await chunk.append({ ...mark, count, sha256: digestOf(hash) })
  bar.advance(size)
  await folded(settlement, supervisor)
}

/** How much of the input the log has: all that the mark counts, if the input begins with that. */
async function lengthOfPrefix(input: Input, mark: Mark): Promise<number> {
  if (mark.count === 0) return 0
  const hash = createHash('sha256')
  let count = 0
  for await (const { text } of input.events()) {
    hash.update(text).update('\n')
    count += 1
    if (count === mark.count) return digestOf(hash) === mark.sha256 ? mark.count : 0
  }
  return 0
}

function digestOf(hash: Hash): string {
  return hash.copy().digest('hex')
}

/** Waits until everything in the log is folded. */
export async function folded(settlement: Settlement, supervisor: Supervisor): Promise<void> {
  const { events } = await settlement.log.describe()
  await supervisor.reached(events.map(({ end }) => end))
}

/** Events on their way into the log, by partition. */
class Chunk {
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

  /** Appends what was added, with the mark that then holds. */
  async append(mark: Mark): Promise<void> {
    const batches: OutgoingBatch[] = this.records.map((records, partition) => ({
      topic: 'events',
      partition,
      records,
    }))
    this.records = emptyColumns(this.settlement.partitions)
    this.size = 0
    // Not synced: the commit that follows is, and syncs what was written before it.
    await this.settlement.log.append(
      batches.filter(({ records }) => records.length > 0),
      { mark: encodeMark(mark), durable: false },
    )
  }
}

function emptyColumns(partitions: number): OutgoingRecord[][] {
  return Array.from({ length: partitions }, () => [])
}
