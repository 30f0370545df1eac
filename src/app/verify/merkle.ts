import { sha256 } from '../../adapters/hashing/sha256.ts'
import { hashNode } from '../../domain/statements/seal.ts'

/**
 * The Merkle tree hash of RFC 9162, section 2.1.1, over leaves that are hashed already, in
 * hexadecimal. Written from the definition, not from the frontier that the fold keeps: two ways
 * must come to one root.
 */
export function rootOfLeaves(leaves: readonly Uint8Array[]): string {
  const root = leaves.length === 0 ? sha256(new Uint8Array(0)) : treeHash(leaves)
  return Buffer.from(root).toString('hex')
}

function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only !== undefined && leaves.length === 1) return only
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return hashNode(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)), sha256)
}
