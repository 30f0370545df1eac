import type { Reversal } from './policy.ts'

/** Stays with whoever has it, whatever is refunded. */
export const none: Reversal = { policy: 'NONE', target: (_forward, reversed) => reversed }
