import { CorruptState, FatalFault } from '../../ports/faults.ts'
import { topics } from '../../ports/log.ts'
import type { Database, OpenedDatabase } from './database.ts'
import { storedEnd } from './read-records.ts'
import {
  decodeHeads,
  decodeIdentity,
  decodeMark,
  decodeOwner,
  type Heads,
  headIndex,
  headsKey,
  headsRow,
  type Identity,
  identityKey,
  identityRow,
  markKey,
  newHeads,
  type Owner,
  ownerKey,
  unseal,
} from './rows.ts'

/** What the log keeps in memory; records stay on disk. */
export interface LoadedLog {
  readonly identity: Identity
  readonly heads: Heads
  /** By partition. */
  readonly owners: Owner[]
}

const neverOwned: Owner = { epoch: 0, committed: undefined }

/** Reads and checks a log, or writes a new one with this id where there is none. */
export async function loadLog(
  { database, synced }: OpenedDatabase,
  wanted: { readonly partitions: number | undefined; readonly newClusterId: string },
): Promise<LoadedLog> {
  const stored = read(database, identityKey)
  if (stored === undefined) {
    if (synced !== undefined) throw lost(database, 'the identity of the log is gone')
    return createLog(database, { clusterId: wanted.newClusterId, partitions: wanted.partitions })
  }
  const identity = decodeIdentity(stored)
  if (identity === undefined) {
    throw new FatalFault(3, `${database.folder}: a newer release wrote this log; start that one`)
  }
  assertPartitions(database, identity, wanted.partitions)
  const heads = loadHeads(database, identity, synced ?? 0)
  const owners = loadOwners(database, heads)
  checkMark(database, heads)
  await checkEnds(database, heads)
  return { identity, heads, owners }
}

async function createLog(
  database: Database,
  {
    clusterId,
    partitions,
  }: { readonly clusterId: string; readonly partitions: number | undefined },
): Promise<LoadedLog> {
  const { folder } = database
  if (partitions === undefined) {
    throw new FatalFault(3, `${folder}: there is no log yet; say how many partitions it shall have`)
  }
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 4_096) {
    throw new FatalFault(3, `${folder}: partitions is ${partitions}; it must be from 1 to 4096`)
  }
  const identity = { clusterId, partitions }
  const heads = newHeads(partitions)
  await database.write([identityRow(identity), headsRow(heads)], { sync: true, writeNo: 0 })
  return { identity, heads, owners: new Array<Owner>(partitions).fill(neverOwned) }
}

function assertPartitions(database: Database, identity: Identity, wanted: number | undefined) {
  if (wanted === undefined || wanted === identity.partitions) return
  throw new FatalFault(
    3,
    `${database.folder}: the log was created with ${identity.partitions} partitions and cannot be` +
      ` opened with ${wanted}; ask for ${identity.partitions}, or name another folder`,
  )
}

function loadHeads(database: Database, { partitions }: Identity, synced: number): Heads {
  const stored = read(database, headsKey)
  if (stored === undefined) throw lost(database, 'the heads are gone')
  const heads = decodeHeads(stored, partitions)
  if (heads.writeNo < synced) {
    throw lost(database, `the last ${synced - heads.writeNo} of ${synced} writes are gone`)
  }
  return heads
}

function loadOwners(database: Database, heads: Heads): Owner[] {
  return Array.from(heads.ownerRevisions, (expected, partition) => {
    const stored = read(database, ownerKey(partition))
    const owner = stored === undefined ? { ...neverOwned, revision: 0 } : decodeOwner(stored)
    if (owner.revision === expected) return owner
    throw lost(database, `the committed position of partition ${partition} is an old one`)
  })
}

function checkMark(database: Database, heads: Heads): void {
  const stored = read(database, markKey)
  const revision = stored === undefined ? 0 : decodeMark(stored).revision
  if (revision !== heads.markRevision) throw lost(database, 'the mark of the loader is an old one')
}

async function checkEnds(database: Database, heads: Heads): Promise<void> {
  for (const topic of topics) {
    for (let partition = 0; partition < heads.partitions; partition += 1) {
      const expected = heads.next[headIndex(heads, topic, partition)] as number
      const end = await storedEnd(database, topic, partition)
      if (end === expected) continue
      throw lost(
        database,
        `${topic}, partition ${partition}: the records end at offset ${end}, not at ${expected}`,
      )
    }
  }
}

function read(database: Database, key: Uint8Array): Buffer | undefined {
  const stored = database.get(key)
  return stored === undefined ? undefined : unseal([key, stored])
}

function lost({ folder }: Database, what: string): CorruptState {
  return new CorruptState(`${folder}: the log has lost synced data: ${what}`)
}
