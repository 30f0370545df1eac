import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAvroCodec } from '../adapters/avro/avro-codec.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { killAt } from '../adapters/failpoints/kill-at.ts'
import { sha256 } from '../adapters/hashing/sha256.ts'
import { openLevelDbStore } from '../adapters/leveldb/leveldb-store.ts'
import { foldVersion } from '../fold/behaviours.ts'
import type { LedgerSettings } from '../fold/context.ts'
import { createFold } from '../fold/create-fold.ts'
import type { Clock } from '../ports/clock.ts'
import type { Codec } from '../ports/codec.ts'
import { FatalFault, type Failpoints } from '../ports/faults.ts'
import type { Log } from '../ports/log.ts'
import { processSchedule } from '../runtime/schedule.ts'
import { defaultTaskSettings } from '../runtime/settings.ts'
import { startSupervisor, type Supervisor } from '../runtime/supervisor.ts'

// The one place that names adapters for the processor: an embedded log, LevelDB, Avro.

/** The folder of the schemas, beside the code in the checkout and in the package. */
export const schemasFolder = fileURLToPath(new URL('../../schemas', import.meta.url))

/** The clock on the wall. */
export const wallClock: Clock = { now: () => Date.now() }

/** An embedded log with the stores of its partitions, in one folder. */
export interface Settlement {
  readonly log: Log
  readonly codec: Codec
  readonly failpoints: Failpoints
  readonly partitions: number
  /** Starts folding all partitions. */
  run(): Supervisor
  /** Opens the store of a partition, which must not be running. */
  openStore(partition: number): ReturnType<typeof openLevelDbStore>
  close(): Promise<void>
}

export interface SettlementOptions {
  readonly folder: string
  /** For a log that is not there yet; undefined takes what is stored, or 1. */
  readonly partitions: number | undefined
  readonly failpoint: string | undefined
}

/**
 * Opens the settlement in a folder, or creates it. FatalFault: locked, or another partition count.
 */
export async function openSettlement(options: SettlementOptions): Promise<Settlement> {
  const { folder } = options
  const failpoints = readFailpoints(options.failpoint)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const log = await openEmbeddedLog({
    folder: join(folder, 'log'),
    partitions: options.partitions ?? (existsSync(join(folder, 'log')) ? undefined : 1),
    clock: wallClock,
    failpoints,
  })
  const codec = createAvroCodec(schemasFolder)
  const { partitions } = await log.describe()
  const storeFolder = (partition: number): string => join(folder, `store-${partition}`)
  const openStore = (partition: number): ReturnType<typeof openLevelDbStore> =>
    openLevelDbStore(storeFolder(partition))
  return {
    log,
    codec,
    failpoints,
    partitions,
    openStore,
    run: () => startSupervisor({ ...foldSetup(log, codec, failpoints), openStore, setAside }),
    close: () => log.close(),
  }

  async function setAside(partition: number): Promise<void> {
    const path = storeFolder(partition)
    let number = 1
    while (existsSync(`${path}.corrupt-${number}`)) number += 1
    renameSync(path, `${path}.corrupt-${number}`)
    process.stderr.write(
      `settle: ${path} is damaged and was set aside as ${path}.corrupt-${number}; ` +
        'the partition is folded anew from the log\n',
    )
  }
}

function readFailpoints(setting: string | undefined): Failpoints {
  try {
    return killAt(setting)
  } catch (error) {
    throw new FatalFault(2, `SETTLE_FAILPOINT: ${(error as Error).message}`, { cause: error })
  }
}

/** The clock mode is fixed with the log, since it decides what is rejected. */
const ledger: LedgerSettings = { clock: 'replay' }

function foldSetup(log: Log, codec: Codec, failpoints: Failpoints) {
  return {
    log,
    codec,
    tools: {
      decodeEvent: (bytes: Uint8Array) => codec.decodeEvent(bytes),
      encodeEntry: codec.encodeEntry.bind(codec),
      sha256,
    },
    createFold,
    foldVersion,
    ledger,
    ledgerDigest: `clock=${ledger.clock}`,
    settings: defaultTaskSettings,
    clock: wallClock,
    schedule: processSchedule,
    failpoints,
    retries: 3,
    retryDelay: 100,
  }
}
