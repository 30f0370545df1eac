import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'

// What verifying finds. Per statement the first break is told, and the checks run in this order:
//
//   field    a record holds what `settle` cannot have written
//   order    seq and entryNo have no gap, no repetition and stand in order
//   count    as many lines and entries as the statement says
//   root     the entries hash to the statement's root (RFC 9162)
//   seal     an entry or the statement is what its exported hash says
//   log      statement and entries are what the log and the store say
//   totals   the sums of the lines are the statement's
//   head     the statement's own fields agree with each other
//   number   numbers have no gap and no repetition
//   chain    previousRoot is the root of the statement before it, and carries arrive
//   missing  what belongs together is there

/** The check that failed. */
export type Check =
  | 'field'
  | 'order'
  | 'count'
  | 'root'
  | 'seal'
  | 'log'
  | 'totals'
  | 'head'
  | 'number'
  | 'chain'
  | 'missing'

/** The first thing of a statement that does not come out. */
export interface Break {
  readonly statementId: string
  /** The first entry that was touched, where it can be named. */
  readonly entryNo?: number | undefined
  readonly check: Check
  readonly message: string
}

/** A record of an export with where it stands, as `file:line`. */
export interface Placed {
  readonly json: JsonObject
  readonly place: string
}
