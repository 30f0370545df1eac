import { CorruptState } from '../../ports/faults.ts'
import type { RecordBatch, Topic } from '../../ports/log.ts'
import type { Database } from './database.ts'
import { batchOf, openRun, type StoredRun } from './record-batches.ts'
import { type Row, runKey } from './rows.ts'

/** Records of one partition with from ≤ offset < to, where `to` is at most its end. */
export interface Range {
  readonly topic: Topic
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** Reads the runs that hold the range and refuses any that do not join (CorruptState). */
export async function* readRecords(database: Database, range: Range): AsyncGenerator<RecordBatch> {
  const { topic, partition, from, to } = range
  if (from >= to) return
  const first = await rowAt(database, range)
  let next = from
  for await (const rows of database.parts(first, runKey(topic, partition, to))) {
    for (const row of rows) {
      const run = openRun(row)
      assertJoins(run, next, range)
      const batch = batchOf(range, run, from, to)
      next = run.next
      if (batch.count > 0) yield batch
    }
  }
  if (next < to) throw missing(range, next, to)
}

/** The key of the run that the range begins in. */
async function rowAt(database: Database, range: Range): Promise<Uint8Array> {
  const { topic, partition, from, to } = range
  const row = await database.last(runKey(topic, partition, 0), runKey(topic, partition, from + 1))
  if (row === undefined) throw missing(range, from, to)
  return row[0]
}

/** The first run may begin before the range; every later one begins where the last one ended. */
function assertJoins(run: StoredRun, next: number, range: Range): void {
  const joins = next === range.from ? run.base <= next && run.next > next : run.base === next
  if (!joins) throw missing(range, next, Math.max(next + 1, run.base))
}

function missing({ topic, partition }: Range, from: number, to: number): CorruptState {
  return new CorruptState(
    `${topic}, partition ${partition}: the offsets from ${from} to ${to - 1} are missing ` +
      'in the stored log',
  )
}

/** The offset behind the last run of a partition, 0 where there is none. */
export async function storedEnd(
  database: Database,
  topic: Topic,
  partition: number,
): Promise<number> {
  const row: Row | undefined = await database.last(
    runKey(topic, partition, 0),
    runKey(topic, partition + 1, 0),
  )
  return row === undefined ? 0 : openRun(row).next
}
