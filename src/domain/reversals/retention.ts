import type { Reversal } from './policy.ts'
import { proportional } from './proportional.ts'

/** Money held back: released in proportion, from what is held. */
export const retention: Reversal = { policy: 'RETENTION', target: proportional.target }
