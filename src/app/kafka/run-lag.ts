import { Connection } from '../../adapters/kafka/connection.ts'
import { openKafkaLog } from '../../adapters/kafka/kafka-log.ts'
import { fetchCommitted } from '../../adapters/kafka/offsets.ts'
import { nameOf } from '../../adapters/kafka/topics.ts'
import type { Log } from '../../ports/log.ts'
import type { Flags } from '../read-settings.ts'
import { requiredKafka } from './kafka-settings.ts'

/** How far the group is with one partition of `events`. */
export interface PartitionLag {
  readonly partition: number
  /** Null before the first commit. */
  readonly committed: number | null
  /** Behind the last record that is decided. */
  readonly end: number
  /** Offsets to be folded; 0 where only control records are left. */
  readonly behind: number
}

/** Prints how far behind the committed positions are. */
export async function runLag(options: Flags & { readonly json?: boolean }): Promise<void> {
  const kafka = requiredKafka(options, 'lag')
  const log = await openKafkaLog(kafka)
  const connection = new Connection(kafka.connecting)
  try {
    const topic = nameOf(kafka.prefix, 'events')
    await connection.open([topic])
    const { events } = await log.describe()
    const lags = await Promise.all(
      events.map(async ({ start, end }, partition): Promise<PartitionLag> => {
        const place = { groupId: kafka.group, topic, partition }
        const committed = (await fetchCommitted(connection, place))?.offset ?? null
        const behind = await behindOf(log, partition, { from: committed ?? start, end })
        return { partition, committed, end, behind }
      }),
    )
    process.stdout.write(options.json === true ? jsonOf(lags) : tableOf(lags))
  } finally {
    await connection.close()
    await log.close()
  }
}

/** The end of a transaction takes an offset, which nobody folds. */
async function behindOf(
  log: Log,
  partition: number,
  { from, end }: { readonly from: number; readonly end: number },
): Promise<number> {
  for await (const batch of log.read('events', partition, from, end)) {
    return end - (batch.offsets[0] ?? end)
  }
  return 0
}

function jsonOf(lags: readonly PartitionLag[]): string {
  return `${JSON.stringify({ lag: 1, partitions: lags }, undefined, 2)}\n`
}

function tableOf(lags: readonly PartitionLag[]): string {
  const rows = lags.map(({ partition, committed, end, behind }) => [
    String(partition),
    committed === null ? '–' : String(committed),
    String(end),
    String(behind),
  ])
  const head = ['partition', 'committed', 'end', 'behind']
  return [head, ...rows].map((row) => `${row.map((cell) => cell.padStart(12)).join('')}\n`).join('')
}
