import { graduated } from './graduated.ts'
import type { Method } from './method.ts'
import type { RebateMethod } from './rebate.ts'
import { volume } from './volume.ts'

/** The methods that tiers can be read by. */
export const methods: Readonly<Record<RebateMethod, Method>> = {
  VOLUME: volume,
  GRADUATED: graduated,
}
