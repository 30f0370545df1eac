import type { Reversal } from './policy.ts'

/** Only what a refund names comes back (`reverse.ts` adds it); its goods decide nothing. */
export const upstream: Reversal = { policy: 'UPSTREAM', target: (_forward, reversed) => reversed }
