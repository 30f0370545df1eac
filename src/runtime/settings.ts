import type { LedgerSettings, Tools } from '../fold/context.ts'
import type { CreateFold } from '../fold/partition-fold.ts'
import type { Clock } from '../ports/clock.ts'
import type { Codec } from '../ports/codec.ts'
import type { Failpoints } from '../ports/faults.ts'
import type { Log } from '../ports/log.ts'
import type { Schedule } from './schedule.ts'

/** Limits of a task; none of them changes a result. */
export interface TaskSettings {
  /** Records and steps after which a draft is committed. */
  readonly commitRecords: number
  /** Bytes of output to one topic after which a draft is committed. */
  readonly commitBytes: number
  /** Milliseconds after which a draft is committed; the longer, the longer commits take. */
  readonly commitInterval: { readonly least: number; readonly most: number }
  /** Committed bytes, and milliseconds, after which the store is written. */
  readonly storeBytes: number
  readonly storeInterval: number
  /** Records decoded and fetched ahead together. */
  readonly sliceRecords: number
  /** Rows kept in memory besides those of the draft. */
  readonly cacheRows: number
}

export const defaultTaskSettings: TaskSettings = {
  commitRecords: 10_000,
  commitBytes: 900 * 1024,
  commitInterval: { least: 100, most: 250 },
  storeBytes: 8 * 1024 * 1024,
  storeInterval: 1_000,
  sliceRecords: 1_000,
  cacheRows: 200_000,
}

/** What a partition is folded with; the same for all partitions of a process. */
export interface FoldSetup {
  readonly log: Log
  readonly codec: Codec
  readonly tools: Tools
  readonly createFold: CreateFold
  /** Names what the fold does to the same records; kept with every commit. */
  readonly foldVersion: number
  readonly ledger: LedgerSettings
  /** Digest of all settings that change results, as the identity keeps it. */
  readonly ledgerDigest: string
  readonly settings: TaskSettings
  readonly clock: Clock
  readonly schedule: Schedule
  readonly failpoints: Failpoints
}
