import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAvroCodec } from '../adapters/avro/avro-codec.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { killAt } from '../adapters/failpoints/kill-at.ts'
import { sha256 } from '../adapters/hashing/sha256.ts'
import type { KafkaLogOptions } from '../adapters/kafka/kafka-log.ts'
import { openLevelDbStore } from '../adapters/leveldb/leveldb-store.ts'
import { foldVersion } from '../fold/behaviours.ts'
import type { LedgerSettings } from '../fold/context.ts'
import { createFold } from '../fold/create-fold.ts'
import type { CreateFold } from '../fold/partition-fold.ts'
import type { Clock } from '../ports/clock.ts'
import type { Codec } from '../ports/codec.ts'
import { CorruptState, type Failpoints, FatalFault } from '../ports/faults.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import { CheckedStore } from '../runtime/checked-store.ts'
import { decodeMeta, type Meta, metaKey, readMeta } from '../runtime/meta.ts'
import { processSchedule } from '../runtime/schedule.ts'
import { defaultTaskSettings, type FoldSetup, type TaskSettings } from '../runtime/settings.ts'
import { type Supervisor, type SupervisorParts, startSupervisor } from '../runtime/supervisor.ts'
import { openLogOf, refuseKafkaFolder } from './kafka/kafka-folder.ts'
import { createColdStart, ledgersOfSnapshots } from './snapshot/cold-start.ts'

// The one place that names adapters for the processor: a log, LevelDB, Avro.

/** The folder of the schemas, beside the code in the checkout and in the package. */
export const schemasFolder = fileURLToPath(new URL('../../schemas', import.meta.url))

/** The clock on the wall. */
export const wallClock: Clock = { now: () => Date.now() }

/** A log with the stores of its partitions in a folder. */
export interface Settlement {
  readonly log: Log
  readonly codec: Codec
  readonly failpoints: Failpoints
  readonly partitions: number
  /** Fixed with the log. */
  readonly clock: ClockMode
  /** Starts folding all partitions. */
  run(options?: RunningOptions): Supervisor
  /** What partitions are folded with, for a fold beside the running one. */
  readonly setup: FoldSetup
  /** Where the store of a partition stands. */
  storeFolder(partition: number): string
  /** Opens the store of a partition, which must not be running. */
  openStore(partition: number): ReturnType<typeof openLevelDbStore>
  close(): Promise<void>
}

export interface SettlementOptions {
  readonly folder: string
  /** For a log that is not there yet; undefined takes what is stored, or 1. */
  readonly partitions: number | undefined
  readonly failpoint: string | undefined
  /** Undefined: the embedded log, in the folder. */
  readonly kafka?: KafkaLogOptions | undefined
  /** Undefined takes what the log was folded with so far, or `replay`. */
  readonly clock?: ClockMode | undefined
  /** Stands between the log and everything that uses it. */
  readonly observeLog?: ((log: Log) => Log) | undefined
}

/** `live`: ticks from the future are refused. */
export type ClockMode = LedgerSettings['clock']

/** What may watch the fold, and limits that change no result. */
export interface RunningOptions {
  readonly observeStore?: ((partition: number, store: Store) => Store) | undefined
  readonly observeFold?: ((createFold: CreateFold) => CreateFold) | undefined
  readonly onFault?: SupervisorParts['onFault'] | undefined
  readonly settings?: Partial<TaskSettings> | undefined
}

/** A state folder is nobody else's business. FatalFault 2 where a file stands in its place. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new FatalFault(2, `${folder}: is a file; name a folder for the state`)
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

async function openLog(options: SettlementOptions, failpoints: Failpoints): Promise<Log> {
  const { folder, partitions: wanted, kafka } = options
  if (kafka !== undefined) {
    const log = await openLogOf(folder, kafka)
    const { partitions } = await log.describe()
    if (wanted === undefined || wanted === partitions) return log
    await log.close()
    throw new FatalFault(3, `partitions: the topics have ${partitions}, not ${wanted}`)
  }
  refuseKafkaFolder(folder)
  return openEmbeddedLog({
    folder: join(folder, 'log'),
    partitions: wanted ?? (existsSync(join(folder, 'log')) ? undefined : 1),
    clock: wallClock,
    failpoints,
  })
}

/**
 * Opens the settlement in a folder, or creates it. FatalFault: locked (9), another partition
 * count or clock mode (3).
 */
export async function openSettlement(options: SettlementOptions): Promise<Settlement> {
  const { folder } = options
  const failpoints = readFailpoints(options.failpoint)
  makeFolder(folder)
  const opened = await openLog(options, failpoints)
  const log = options.observeLog?.(opened) ?? opened
  const codec = createAvroCodec(schemasFolder)
  const { partitions, clusterId } = await log.describe()
  const storeFolder = (partition: number): string => join(folder, `store-${partition}`)
  const openStore = (partition: number): ReturnType<typeof openLevelDbStore> =>
    openLevelDbStore(storeFolder(partition))
  const clock = await clockOf(options, partitions).catch(async (fault) => {
    await log.close()
    throw fault
  })
  const coldStart = createColdStart(folder, {
    clusterId,
    topic: 'events',
    partitionCount: partitions,
    ledger: digestOf(clock),
  })
  return {
    log,
    codec,
    failpoints,
    partitions,
    clock,
    setup: foldSetup({ log, codec, failpoints, clock, running: {} }),
    storeFolder,
    openStore,
    run: (running = {}) =>
      startSupervisor({
        ...foldSetup({ log, codec, failpoints, clock, running }),
        openStore: async (partition) => {
          coldStart(partition, storeFolder(partition))
          const store = await openStore(partition)
          return running.observeStore?.(partition, store) ?? store
        },
        setAside,
        ...(running.onFault === undefined ? {} : { onFault: running.onFault }),
      }),
    close: () => log.close(),
  }

  async function setAside(partition: number): Promise<void> {
    const path = storeFolder(partition)
    let number = 1
    while (existsSync(`${path}.corrupt-${number}`)) number += 1
    renameSync(path, `${path}.corrupt-${number}`)
    process.stderr.write(
      `settle: ${path} is damaged and was set aside as ${path}.corrupt-${number}; ` +
        'the partition starts again from a snapshot or from the log\n',
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
async function clockOf(
  { folder, clock }: SettlementOptions,
  partitions: number,
): Promise<ClockMode> {
  const known = await knownClock(folder, partitions)
  if (clock === undefined || known === undefined || known === clock) {
    return known ?? clock ?? 'replay'
  }
  throw new FatalFault(
    3,
    `${folder}: this log was folded with clock mode ${known} and cannot be with ${clock}; ` +
      (known === 'replay'
        ? 'go on with `settle process`, or name another folder'
        : 'go on with `settle run`, or name another folder'),
  )
}

/** What the first store that can be read, else a snapshot, says of what it was folded with. */
async function knownClock(folder: string, partitions: number): Promise<ClockMode | undefined> {
  const modeOf = (ledger: unknown): ClockMode | undefined =>
    clockModes.find((each) => ledger === digestOf(each))
  for (let partition = 0; partition < partitions; partition += 1) {
    const meta = await readStoreMeta(folder, partition)
    const mode = modeOf(meta?.identity.ledger)
    if (mode !== undefined) return mode
  }
  return ledgersOfSnapshots(folder, partitions).map(modeOf).find(Boolean)
}

/** What a store says about itself; undefined for one that is not there, is empty or is damaged. */
export async function readStoreMeta(folder: string, partition: number): Promise<Meta | undefined> {
  const path = join(folder, `store-${partition}`)
  if (!existsSync(path)) return undefined
  try {
    const store = await openLevelDbStore(path)
    try {
      const row = new CheckedStore(store).get(metaKey)
      return row === undefined ? undefined : decodeMeta(row)
    } finally {
      await store.close()
    }
  } catch (error) {
    // Whoever folds will set a damaged store aside, and say so.
    if (error instanceof CorruptState) return undefined
    throw error
  }
}

/** A store as a whole: what it says of itself, and what all its rows come to. */
export interface StoreContent {
  /** Undefined for an empty store. */
  readonly meta: Meta | undefined
  readonly rows: number
  /** SHA-256, hex, over lengths, keys and values in the order of keys. */
  readonly rowsDigest: string
}

/** Reads every row of a closed store and verifies it; CorruptState names what is wrong. */
export async function readStore(path: string): Promise<StoreContent> {
  const opened = await openLevelDbStore(path)
  try {
    return await contentOf(opened)
  } finally {
    await opened.close()
  }
}

/** The same of a store that is open. */
export async function contentOf(opened: Store): Promise<StoreContent> {
  const store = new CheckedStore(opened)
  const meta = await readMeta(store)
  const hash = createHash('sha256')
  let rows = 0
  // Rows that describe the store start with NUL, and tell how it was written, not what it holds.
  for await (const [key, value] of store.scan('\u0001', '\u00ff')) {
    hash.update(`${key.length} ${value.length} `).update(key, 'latin1').update(value)
    rows += 1
  }
  return { meta, rows, rowsDigest: hash.digest('hex') }
}

/** A store at a place of its own, for a fold beside the running one. */
export function openSideStore(path: string): Promise<Store> {
  return openLevelDbStore(path)
}

/** Makes a store in an empty folder, keeps a row there, reads it back; throws what goes wrong. */
export async function probeStore(folder: string): Promise<void> {
  const path = join(folder, 'store')
  const value = Buffer.from('row')
  const written = await openLevelDbStore(path)
  await written.write([['key', value]], { sync: true })
  await written.close()
  const read = await openLevelDbStore(path)
  const found = read.get('key')
  await read.close()
  if (found === undefined || !value.equals(found)) {
    throw new CorruptState(`${path}: a row that was written is not there`)
  }
}

const clockModes = ['live', 'replay'] as const satisfies readonly ClockMode[]

function digestOf(clock: ClockMode): string {
  return `clock=${clock}`
}

interface FoldParts {
  readonly log: Log
  readonly codec: Codec
  readonly failpoints: Failpoints
  readonly clock: ClockMode
  readonly running: RunningOptions
}

function foldSetup({ log, codec, failpoints, clock, running }: FoldParts) {
  return {
    log,
    codec,
    tools: {
      decodeEvent: (bytes: Uint8Array) => codec.decodeEvent(bytes),
      encodeEntry: codec.encodeEntry.bind(codec),
      sha256,
    },
    createFold: running.observeFold?.(createFold) ?? createFold,
    foldVersion,
    ledger: { clock },
    ledgerDigest: digestOf(clock),
    settings: { ...defaultTaskSettings, ...running.settings },
    clock: wallClock,
    schedule: processSchedule,
    failpoints,
    retries: 3,
    retryDelay: 100,
  }
}
