import type { Method } from './method.ts'
import { scaledDecimal, scaledRate } from './scaled.ts'

/** 达到返: the rate of the tier reached, on the whole base. */
export const volume: Method = {
  rebate({ tiers }, base) {
    const reached = tiers.findLast(({ from }) => base >= scaledDecimal(from))
    if (reached === undefined) return { value: 0n, rateText: '0' }
    return { value: base * scaledRate(reached.rate), rateText: reached.rateText }
  },
}
