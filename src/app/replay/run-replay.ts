import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Generation, generationsOf, restoreStore } from '../../adapters/snapshots/snapshots.ts'
import { FatalFault, Halted } from '../../ports/faults.ts'
import type { Log, Position } from '../../ports/log.ts'
import { encodeMetadata, type Meta } from '../../runtime/meta.ts'
import { PartitionTask } from '../../runtime/partition-task.ts'
import { Progress } from '../../runtime/progress.ts'
import { openSettlement, openSideStore, readStore, type Settlement } from '../compose.ts'
import { refuseKafkaFolder } from '../kafka/kafka-folder.ts'
import { print } from '../queries/print-statements.ts'
import { snapshotsIn } from '../snapshot/cold-start.ts'

// Folds a range again beside the store, by the code that recovers a partition, and compares. The
// log is only read: nobody is fenced, nothing is committed.

const wrongUsage = 2
const foundSomething = 4
const notFound = 6

export interface ReplayOptions {
  readonly state: string
  readonly partition?: number | undefined
  /** The snapshot to begin at, by its number; undefined begins at the start of the log. */
  readonly generation?: number | undefined
}

/** Compares every partition; gives exit code 4 where one differs. */
export async function compareByReplay(options: ReplayOptions): Promise<number> {
  const { state } = options
  refuseKafkaFolder(state)
  if (!existsSync(join(state, 'log', 'CURRENT'))) {
    throw new FatalFault(notFound, `${state}: holds no settlement; name the folder of --state`)
  }
  const settlement = await openSettlement({
    folder: state,
    partitions: undefined,
    failpoint: undefined,
  })
  try {
    let differing = 0
    for (const partition of partitionsOf(options, settlement.partitions)) {
      const difference = await compare(settlement, options, partition)
      if (difference !== undefined) differing += 1
      await print([`partition ${partition}: ${difference ?? 'comes to the same'}`])
    }
    return differing === 0 ? 0 : foundSomething
  } finally {
    await settlement.close()
  }
}

function partitionsOf({ partition }: ReplayOptions, count: number): number[] {
  if (partition === undefined) return [...Array(count).keys()]
  if (partition < count) return [partition]
  throw new FatalFault(wrongUsage, `--partition ${partition}: the log has 0 to ${count - 1}`)
}

/** What differs; undefined where nothing does. */
async function compare(
  settlement: Settlement,
  options: ReplayOptions,
  partition: number,
): Promise<string | undefined> {
  const path = settlement.storeFolder(partition)
  const live = existsSync(path) ? await readStore(path) : undefined
  if (live?.meta === undefined) {
    throw new FatalFault(notFound, `partition ${partition} has no store to compare with`)
  }
  const side = join(options.state, 'replay')
  rmSync(side, { recursive: true, force: true })
  try {
    const begin = beginningOf(options, partition)
    if (begin !== undefined) restoreStore(begin, side)
    await foldBeside(settlement, { partition, side, until: live.meta })
    const { rows, rowsDigest } = await readStore(side)
    if (rowsDigest === live.rowsDigest) return undefined
    return (
      `the store has ${live.rows} rows of digest ${live.rowsDigest}, ` +
      `the replay ${rows} rows of ${rowsDigest}`
    )
  } catch (error) {
    if (error instanceof Halted && error.reason === 'DIVERGED') return error.message
    throw error
  } finally {
    rmSync(side, { recursive: true, force: true })
  }
}

function beginningOf(
  { state, generation }: ReplayOptions,
  partition: number,
): Generation | undefined {
  if (generation === undefined) return undefined
  const found = generationsOf(snapshotsIn(state), partition).find(
    ({ number }) => number === generation,
  )
  if (found !== undefined) return found
  const remedy = 'settle snapshot list shows what there is'
  throw new FatalFault(notFound, `partition ${partition} has no snapshot ${generation}; ${remedy}`)
}

interface Beside {
  readonly partition: number
  readonly side: string
  /** Where the live store stands, which the fold must come to. */
  readonly until: Meta
}

async function foldBeside(settlement: Settlement, beside: Beside): Promise<void> {
  const { partition, side, until } = beside
  const store = await openSideStore(side)
  let fault: unknown
  try {
    const task = await PartitionTask.open({
      ...settlement.setup,
      log: onlyRead(settlement.log, until),
      partition,
      store,
      progress: new Progress(),
      onFault: (first) => {
        fault = first
      },
    })
    await task.flush()
    await task.drop()
    if (fault !== undefined) throw fault
  } finally {
    await store.close()
  }
}

/** The log as one whose position is where the live store stands. */
function onlyRead(log: Log, until: Meta): Log {
  const refuse = (): never => {
    throw new Error('a replay commits nothing')
  }
  const position: Position = until.position
  const committed = { position, metadata: encodeMetadata(until) }
  return {
    describe: () => log.describe(),
    append: refuse,
    readMark: () => log.readMark(),
    read: (...request) => log.read(...request),
    end: (...request) => log.end(...request),
    acquire: async (partition) => ({ lease: { partition, epoch: 0 }, committed }),
    commit: refuse,
    release: async () => undefined,
    subscribe: refuse,
    close: async () => undefined,
  }
}
