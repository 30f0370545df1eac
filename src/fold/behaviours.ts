/**
 * A change to what the fold does, switched on by a record; before that record the old path runs.
 */
export interface Behaviour {
  /** From 1, never reused. */
  readonly number: number
  readonly name: string
  readonly reason: string
}

/** All numbered changes. None yet: the fold does what its first version did. */
export const behaviours: readonly Behaviour[] = []

/**
 * Part of the identity of a commit: raised when the rows or emissions of old records change form.
 */
export const foldVersion = 1
