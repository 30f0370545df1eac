import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Generation, generationsOf, restoreStore } from '../../adapters/snapshots/snapshots.ts'
import { CorruptState } from '../../ports/faults.ts'

/** What a snapshot must have been made of, besides its partition. */
export interface SnapshotIdentity {
  readonly clusterId: string
  readonly topic: string
  readonly partitionCount: number
  readonly ledger: string
}

/** Where the snapshots of a state folder stand. */
export function snapshotsIn(state: string): string {
  return join(state, 'snapshots')
}

/**
 * Before a store is opened that is not there: puts the newest verified snapshot in its place, else
 * the next, else nothing, which folds the log from its start. Says what it took and what not.
 */
export function createColdStart(
  state: string,
  identity: SnapshotIdentity,
): (partition: number, store: string) => void {
  // One that led to a damaged store is not taken twice, or a start might never end.
  const used = new Set<string>()
  return (partition, store) => {
    if (existsSync(store)) return
    for (const generation of generationsOf(snapshotsIn(state), partition)) {
      if (used.has(generation.folder)) continue
      used.add(generation.folder)
      if (tryRestore(generation, identity, store)) return
    }
  }
}

/** What verified snapshots were folded with, where no store is left to say it. */
export function ledgersOfSnapshots(state: string, partitions: number): unknown[] {
  return Array.from({ length: partitions }, (_, partition) => partition)
    .flatMap((partition) => generationsOf(snapshotsIn(state), partition))
    .filter(({ isVerified }) => isVerified)
    .map(({ manifest }) => !(manifest instanceof CorruptState) && manifest.identity.ledger)
}

function tryRestore(generation: Generation, identity: SnapshotIdentity, store: string): boolean {
  const { folder, partition } = generation
  const why = whyNot(generation, identity)
  if (why !== undefined) {
    say(`${folder} is not used: ${why}`)
    return false
  }
  try {
    restoreStore(generation, store)
  } catch (error) {
    if (!(error instanceof CorruptState)) throw error
    say(`${folder} is not used: it is damaged: ${error.message}`)
    return false
  }
  say(`partition ${partition} had no store and starts from the snapshot ${folder}`)
  return true
}

/** Why a snapshot cannot be the store of this log; undefined where it can. */
export function whyNot(
  { manifest, isVerified, partition }: Generation,
  identity: SnapshotIdentity,
): string | undefined {
  if (manifest instanceof CorruptState) return `it is damaged: ${manifest.message}`
  if (!isVerified) return 'it was never verified; `settle snapshot verify` does that'
  const due = { ...identity, partition }
  const names = Object.keys(due) as (keyof typeof due)[]
  const other = names.find((name) => manifest.identity[name] !== due[name])
  if (other === undefined) return undefined
  return `it was made with ${other} ${manifest.identity[other]}, and now it is ${due[other]}`
}

function say(message: string): void {
  process.stderr.write(`settle: ${message}\n`)
}
