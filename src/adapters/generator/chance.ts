/** Seeded chance: the same seed gives the same draws on every machine. Integers only. */
export interface Chance {
  /** A whole number from 0 to `bound` − 1; 1 ≤ bound ≤ 2^32. */
  below(bound: number): number
  /** A whole number from `first` to `last`, both included. */
  between(first: number, last: number): number
  /** True `parts` times in 10,000. */
  hit(parts: number): boolean
  /** One of the list, all alike; the list is not empty. */
  pick<T>(list: readonly T[]): T
  /** One of the weighted entries; the weights are whole numbers with a sum above 0. */
  weighted<T>(entries: readonly (readonly [weight: number, value: T])[]): T
}

/** Marsaglia's xorshift128, seeded through splitmix32. `seed` is a safe integer from 0 on. */
export function chanceOf(seed: number): Chance {
  const next = xorshift128(seed)
  const below = (bound: number) => next() % bound
  return {
    below,
    between: (first, last) => first + below(last - first + 1),
    hit: (parts) => below(10_000) < parts,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    weighted: (entries) => {
      let sum = 0
      for (const [weight] of entries) sum += weight
      let left = below(sum)
      for (const [weight, value] of entries) {
        if (left < weight) return value
        left -= weight
      }
      throw new RangeError('the weights have no sum')
    },
  }
}

function xorshift128(seed: number): () => number {
  const mixed = splitmix32(seed)
  let x = mixed()
  let y = mixed()
  let z = mixed()
  // The state must not be all zero, which splitmix gives for no seed in all four words at once.
  let w = mixed() | 1
  return () => {
    const t = x ^ (x << 11)
    x = y
    y = z
    z = w
    w = w ^ (w >>> 19) ^ (t ^ (t >>> 8))
    return w >>> 0
  }
}

function splitmix32(seed: number): () => number {
  // Both halves of a seed beyond 32 bits count.
  let state = (seed ^ Math.imul(Math.trunc(seed / 2 ** 32), 0x9e3779b9)) | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    return scramble(state)
  }
}

/** A fixed 32-bit scramble of a whole number, for facts that hang on a place and not on a draw. */
export function scramble(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) | 0
}
