import type { Failpoint } from '../../src/ports/faults.ts'
import type { Chance } from '../support/chance.ts'

/** The failpoints of the protocol of one partition, in its order. */
export const protocolPoints = [
  'acquire:before',
  'acquire:after',
  'recover:before',
  'recover:after',
  'fold:before',
  'fold:after',
  'transaction:before',
  'transaction:after',
  'store:before',
  'store:after',
] as const satisfies readonly Failpoint[]

/**
 * Where processes die. Half of the seeds die at a pair of points one after the other, so that a
 * hundred such seeds in a row hold every pair; the others die anywhere.
 */
export class CrashPlan {
  private readonly pair: Failpoint[]
  private readonly chance: Chance
  private left: number

  constructor(seed: number, chance: Chance) {
    this.chance = chance
    this.pair = seed % 2 === 0 ? pairOf(seed / 2) : []
    this.left = 1 + chance.below(4)
  }

  /** Whether the process that has reached this point dies here. */
  isDue(point: Failpoint): boolean {
    const { pair, chance } = this
    if (pair.length === 0) return chance.oneIn(150)
    if (pair[0] !== point) return false
    this.left -= 1
    if (this.left > 0) return false
    pair.shift()
    // The second one is the first time that its point is reached after the first crash.
    this.left = 1
    return true
  }
}

/** Pair n of all ordered pairs, round and round. */
export function pairOf(number: number): Failpoint[] {
  const count = protocolPoints.length
  const first = protocolPoints[number % count] as Failpoint
  const second = protocolPoints[Math.floor(number / count) % count] as Failpoint
  return [first, second]
}
