import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  copyStore,
  type Generation,
  generationsOf,
  markDamaged,
  markVerified,
  prune,
  restoreStore,
} from '../../adapters/snapshots/snapshots.ts'
import { CorruptState, FatalFault } from '../../ports/faults.ts'
import { openSettlement, readStore, type Settlement, wallClock } from '../compose.ts'
import { refuseKafkaFolder } from '../kafka/kafka-folder.ts'
import { print } from '../queries/print-statements.ts'
import { table } from '../statement-table.ts'
import { snapshotsIn } from './cold-start.ts'

const wrongUsage = 2
const foundSomething = 4
const notFound = 6

export interface SnapshotOptions {
  readonly state: string
  readonly partition?: number | undefined
}

/** Copies the stores, opens the copies, and keeps the last two that came to the same digests. */
export async function createSnapshots(options: SnapshotOptions): Promise<void> {
  await withPartitions(options, async (settlement, partition) => {
    const store = settlement.storeFolder(partition)
    if (!existsSync(store)) return say(`partition ${partition} has no store yet`)
    const { meta, rows, rowsDigest } = await readStore(store)
    if (meta === undefined) return say(`partition ${partition} has an empty store`)
    const { identity, position, digest, nextOutSeq, foldVersion } = meta
    const root = snapshotsIn(options.state)
    const made = copyStore(root, partition, store, {
      identity: { ...identity },
      position,
      digest,
      nextOutSeq,
      foldVersion,
      rows,
      rowsDigest,
      takenAt: now(),
    })
    await verify(made, root)
    prune(root, partition)
    say(`${made.folder}: partition ${partition} at ${position.offset}, ${rows} rows, verified`)
  })
}

export interface ListOptions {
  readonly state: string
  readonly output: 'table' | 'json'
}

/** Prints all snapshots of a folder, the newest of each partition first. */
export async function listSnapshots({ state, output }: ListOptions): Promise<void> {
  refuseOther(state)
  const all = await snapshotsOf({ state })
  await print([output === 'json' ? JSON.stringify(all.map(recordOf), undefined, 2) : tableOf(all)])
}

/** Opens a copy of every snapshot; gives exit code 4 where one does not come out. */
export async function verifySnapshots(options: SnapshotOptions): Promise<number> {
  const root = snapshotsIn(options.state)
  let count = 0
  let broken = 0
  await withPartitions(options, async (_settlement, partition) => {
    for (const generation of generationsOf(root, partition)) {
      count += 1
      const complaint = await complaintOf(generation, root)
      if (complaint !== undefined) broken += 1
      await print([complaint ?? `${generation.folder}: comes out`])
    }
  })
  if (count === 0) throw noSnapshot(options.state)
  await print([`${count} snapshots, ${broken} do not come out`])
  return broken === 0 ? 0 : foundSomething
}

/** What does not come out; such a snapshot counts as verified no more. */
async function complaintOf(generation: Generation, root: string): Promise<string | undefined> {
  try {
    await verify(generation, root)
    return undefined
  } catch (error) {
    if (!(error instanceof CorruptState)) throw error
    markDamaged(generation)
    return error.message
  }
}

export interface RestoreOptions {
  readonly state: string
  readonly partition: number
  readonly generation?: number | undefined
}

/** Puts a snapshot in the place of a store, which is renamed and stays. */
export async function restoreSnapshot(options: RestoreOptions): Promise<void> {
  const { state, partition } = options
  await withPartitions(options, async (settlement) => {
    const generation = chosen(options)
    const store = settlement.storeFolder(partition)
    const fresh = `${store}.restored`
    rmSync(fresh, { recursive: true, force: true })
    restoreStore(generation, fresh)
    const aside = existsSync(store) ? freeName(`${store}.replaced`) : undefined
    if (aside !== undefined) renameSync(store, aside)
    renameSync(fresh, store)
    const stays = aside === undefined ? '' : `; the store before stays as ${aside}`
    say(`partition ${partition} of ${state} is now ${generation.folder}${stays}`)
  })
}

function chosen({ state, partition, generation }: RestoreOptions): Generation {
  const all = generationsOf(snapshotsIn(state), partition)
  const found =
    generation === undefined
      ? all.find(({ isVerified }) => isVerified)
      : all.find(({ number }) => number === generation)
  if (found === undefined) throw noSnapshot(state)
  return found
}

/** Restores into a scratch folder and compares; CorruptState says what is not as it was. */
async function verify(generation: Generation, root: string): Promise<void> {
  const { manifest } = generation
  if (manifest instanceof CorruptState) throw manifest
  // Whoever verifies holds the folder, so nobody else uses this place.
  const copy = join(root, 'scratch')
  rmSync(copy, { recursive: true, force: true })
  restoreStore(generation, copy)
  try {
    const { meta, rows, rowsDigest } = await readStore(copy)
    const { digest, nextOutSeq, position } = manifest
    const due = { rows: manifest.rows, rowsDigest: manifest.rowsDigest, digest, nextOutSeq }
    const found = { rows, rowsDigest, digest: meta?.digest, nextOutSeq: meta?.nextOutSeq }
    compare(
      generation.folder,
      { ...due, offset: position.offset, step: position.step },
      {
        ...found,
        offset: meta?.position.offset,
        step: meta?.position.step,
      },
    )
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  if (!generation.isVerified) markVerified(generation, now())
}

function compare(folder: string, due: object, found: object): void {
  const actual = new Map<string, unknown>(Object.entries(found))
  for (const [name, value] of Object.entries(due)) {
    if (actual.get(name) === value) continue
    throw new CorruptState(`${folder}: ${name} is ${actual.get(name)}, the manifest says ${value}`)
  }
}

/** Holds the folder, so that nobody writes, and goes through its partitions. */
async function withPartitions(
  { state, partition }: SnapshotOptions,
  work: (settlement: Settlement, partition: number) => Promise<void>,
): Promise<void> {
  refuseOther(state)
  const settlement = await openSettlement({
    folder: state,
    partitions: undefined,
    failpoint: undefined,
  })
  try {
    const { partitions } = settlement
    if (partition !== undefined && partition >= partitions) {
      const last = partitions - 1
      throw new FatalFault(wrongUsage, `--partition ${partition}: the log has 0 to ${last}`)
    }
    const all = partition === undefined ? [...Array(partitions).keys()] : [partition]
    for (const each of all) await work(settlement, each)
  } finally {
    await settlement.close()
  }
}

async function snapshotsOf({ state, partition }: SnapshotOptions): Promise<Generation[]> {
  const settlement = await openSettlement({
    folder: state,
    partitions: undefined,
    failpoint: undefined,
  })
  await settlement.close()
  const all = partition === undefined ? [...Array(settlement.partitions).keys()] : [partition]
  return all.flatMap((each) => generationsOf(snapshotsIn(state), each))
}

/** Opening would make a new settlement of any folder. */
function refuseOther(state: string): void {
  refuseKafkaFolder(state)
  if (existsSync(join(state, 'log', 'CURRENT'))) return
  throw new FatalFault(notFound, `${state}: holds no settlement; name the folder of --state`)
}

function noSnapshot(state: string): FatalFault {
  const remedy = 'settle snapshot list shows what there is'
  return new FatalFault(notFound, `${state}: there is no such snapshot; ${remedy}`)
}

function recordOf({ partition, number, folder, isVerified, manifest }: Generation): object {
  const place = { partition, generation: number, folder, verified: isVerified }
  if (manifest instanceof CorruptState) return { ...place, damaged: manifest.message }
  const { position, takenAt, rows, digest, rowsDigest } = manifest
  return { ...place, position, takenAt, rows, bytes: sizeOf(manifest), digest, rowsDigest }
}

function tableOf(all: readonly Generation[]): string {
  if (all.length === 0) return 'no snapshots'
  const head = ['partition', 'generation', 'position', 'rows', 'bytes', 'taken', 'verified']
  const rows = all.map(({ partition, number, isVerified, manifest }) => {
    const place = [String(partition), String(number)]
    if (manifest instanceof CorruptState) return [...place, '', '', '', '', 'damaged']
    const { position, takenAt, rows: count } = manifest
    const sizes = [String(position.offset), String(count), String(sizeOf(manifest))]
    return [...place, ...sizes, takenAt, isVerified ? 'yes' : 'no']
  })
  return table(head, rows, [0, 1, 2, 3, 4]).trimEnd()
}

function sizeOf({ files }: { readonly files: readonly { readonly bytes: number }[] }): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

function freeName(path: string): string {
  let number = 1
  while (existsSync(`${path}-${number}`)) number += 1
  return `${path}-${number}`
}

function now(): string {
  return new Date(wallClock.now()).toISOString()
}

function say(message: string): void {
  process.stderr.write(`${message}\n`)
}
