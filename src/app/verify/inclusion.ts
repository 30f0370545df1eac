import { sha256 } from '../../adapters/hashing/sha256.ts'
import { hashNode } from '../../domain/statements/seal.ts'
import { rootOfLeaves } from './merkle.ts'

// Inclusion proofs of RFC 9162: the hashes that lead from one leaf to the root of its tree.

/** Section 2.1.3.1: the path of leaf `index` (from 0), nearest sibling first, in hexadecimal. */
export function inclusionPath(leaves: readonly Uint8Array[], index: number): string[] {
  if (leaves.length <= 1) return []
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split
    ? [...inclusionPath(left, index), rootOfLeaves(right)]
    : [...inclusionPath(right, index - split), rootOfLeaves(left)]
}

/**
 * Section 2.1.3.2: the root that a leaf at `index` of a tree of `size` leaves has by this path, in
 * hexadecimal; undefined where the path is no path of that leaf in such a tree.
 */
export function rootByPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): string | undefined {
  let place = index
  let last = size - 1
  let node = leaf
  for (const sibling of path) {
    if (last === 0) return undefined
    if (place % 2 === 1 || place === last) {
      node = hashNode(sibling, node, sha256)
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)]
    } else {
      node = hashNode(node, sibling, sha256)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? Buffer.from(node).toString('hex') : undefined
}
