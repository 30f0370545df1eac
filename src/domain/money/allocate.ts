import { type Minor, shareOf } from './money.ts'

/**
 * Splits `total` over `weights` without residue: largest remainder, ties to the lowest index. For
 * splits that are made once. Weights are non-negative integers; all zero: everything on the first.
 */
export function largestRemainder(total: Minor, weights: readonly number[]): Minor[] {
  let sum = 0
  for (const weight of weights) sum += weight
  if (sum === 0) return weights.map((_, index) => (index === 0 ? total : 0))
  const shares: Minor[] = []
  const remainders: number[] = []
  let left = total
  for (const weight of weights) {
    const share = shareOf(total, weight, sum, 'DOWN')
    shares.push(share)
    left -= share
    remainders.push(remainderOf(total, weight, sum))
  }
  const unit = left < 0 ? -1 : 1
  while (left !== 0) {
    const at = largest(remainders, unit)
    shares[at] = (shares[at] as number) + unit
    remainders[at] = 0
    left -= unit
  }
  return shares
}

function remainderOf(total: Minor, weight: number, sum: number): number {
  const product = total * weight
  if (Number.isSafeInteger(product)) return (product % sum) + 0
  return Number((BigInt(total) * BigInt(weight)) % BigInt(sum))
}

function largest(remainders: readonly number[], sign: number): number {
  let best = 0
  for (let index = 1; index < remainders.length; index += 1) {
    if (sign * (remainders[index] as number) > sign * (remainders[best] as number)) best = index
  }
  return best
}

/**
 * What each weight has received once `total` units are given by Sainte-Laguë (Webster): the next
 * unit goes to the largest weight ÷ (2 × received + 1), ties to the lowest index. Monotone in
 * `total`, and equal to the weights at their sum: the split for refunds that come in parts.
 * Shape: 0 ≤ total ≤ sum of weights.
 */
export function sainteLague(total: Minor, weights: readonly number[]): Minor[] {
  let sum = 0
  for (const weight of weights) sum += weight
  if (sum === 0) return weights.map(() => 0)
  // Below the rounded share less one unit a weight can never end, so only the rest is handed out.
  const shares = weights.map((weight) => startingShare(total, weight, sum))
  let left = total
  for (const share of shares) left -= share
  for (; left > 0; left -= 1) {
    const next = mostOwed(shares, weights)
    shares[next] = (shares[next] as number) + 1
  }
  for (; left < 0; left += 1) {
    const last = leastOwed(shares, weights)
    shares[last] = (shares[last] as number) - 1
  }
  return settle(shares, weights)
}

function startingShare(total: Minor, weight: number, sum: number): number {
  return shareOf(total, weight, sum)
}

/** Index of the weight that receives the next unit. */
function mostOwed(shares: readonly number[], weights: readonly number[]): number {
  let best = 0
  for (let index = 1; index < weights.length; index += 1) {
    if (compareClaims(weights, shares, index, best, 1) > 0) best = index
  }
  return best
}

/** Index of the weight that received its last unit on the weakest claim. */
function leastOwed(shares: readonly number[], weights: readonly number[]): number {
  let worst = -1
  for (let index = 0; index < weights.length; index += 1) {
    if ((shares[index] as number) === 0) continue
    if (worst < 0 || compareClaims(weights, shares, index, worst, -1) <= 0) worst = index
  }
  return worst
}

/**
 * Compares weight ÷ (2 × share + offset) of two indexes by cross-multiplying; > 0: `a` has more.
 */
function compareClaims(
  weights: readonly number[],
  shares: readonly number[],
  a: number,
  b: number,
  offset: 1 | -1,
): number {
  const left = (weights[a] as number) * (2 * (shares[b] as number) + offset)
  const right = (weights[b] as number) * (2 * (shares[a] as number) + offset)
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left - right
  const exactLeft = BigInt(weights[a] as number) * BigInt(2 * (shares[b] as number) + offset)
  const exactRight = BigInt(weights[b] as number) * BigInt(2 * (shares[a] as number) + offset)
  return exactLeft > exactRight ? 1 : exactLeft < exactRight ? -1 : 0
}

/**
 * Moves single units from the weakest to the strongest claim until the assignment is
 * Sainte-Laguë's.
 */
function settle(shares: Minor[], weights: readonly number[]): Minor[] {
  for (;;) {
    const strongest = mostOwed(shares, weights)
    const weakest = leastOwed(shares, weights)
    if (weakest < 0 || strongest === weakest || !outbids(shares, weights, strongest, weakest)) {
      return shares
    }
    shares[strongest] = (shares[strongest] as number) + 1
    shares[weakest] = (shares[weakest] as number) - 1
  }
}

/**
 * Whether `taker`'s next unit has a better claim than `giver`'s last one (or an equal one, lower
 * index).
 */
function outbids(
  shares: readonly number[],
  weights: readonly number[],
  taker: number,
  giver: number,
): boolean {
  const left = BigInt(weights[taker] as number) * BigInt(2 * (shares[giver] as number) - 1)
  const right = BigInt(weights[giver] as number) * BigInt(2 * (shares[taker] as number) + 1)
  return left > right || (left === right && taker < giver)
}
