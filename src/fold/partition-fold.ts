import type { FoldDependencies, FoldRecord } from './context.ts'
import type { KeyRange } from './state.ts'

/**
 * The fold of one partition. Holds caches only: everything that decides is in the state. Whoever
 * drives it loads `readsOf` (an optimisation) and `rangesOf` (a must) before `fold`.
 */
export interface PartitionFold {
  /** Full store keys (table prefix included) that folding the record will read. */
  readsOf(record: FoldRecord): string[]
  /** Ranges that step `step` of the record needs loaded. Empty for most records. */
  rangesOf(record: FoldRecord, step: number): KeyRange[]
  /** Folds one step; true when the record is done, false when step + 1 must follow. */
  fold(record: FoldRecord, step: number): boolean
}

export type CreateFold = (dependencies: FoldDependencies) => PartitionFold
