import type { Terms } from './contract.ts'

/** What a party is settled by at one instant: its terms, with mode and entity as changed since. */
export interface Agreement {
  readonly terms: Terms
  readonly mode: string
  readonly entity: string
}
