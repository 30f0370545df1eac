// The seal of a statement: the Merkle tree hash of RFC 9162 over its entries, kept as the roots of
// the complete subtrees so far (the frontier), so that adding an entry costs O(log n) and the root
// is there when the statement closes.

export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** Adds entry number `count` (from 0) to the frontier, in place. */
export function addLeaf(
  frontier: Uint8Array[],
  count: number,
  entry: Uint8Array,
  sha256: Sha256,
): void {
  let node = hashLeaf(entry, sha256)
  // Each trailing one bit of the count is a complete subtree of the size that `node` has now.
  for (let rest = count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    node = hashNode(frontier.pop() as Uint8Array, node, sha256)
  }
  frontier.push(node)
}

/** The Merkle tree hash over all entries added so far; of none, SHA-256 of nothing. */
export function rootOf(frontier: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  let root = frontier.at(-1)
  if (root === undefined) return sha256(new Uint8Array(0))
  for (let index = frontier.length - 2; index >= 0; index -= 1) {
    root = hashNode(frontier[index] as Uint8Array, root, sha256)
  }
  return root
}

/** What is hashed is put together here: buffers outside the heap cost more than the hashing. */
let leaf = new Uint8Array(4096)
const node = new Uint8Array(65)

/** SHA-256(0x00 ‖ entry). */
export function hashLeaf(entry: Uint8Array, sha256: Sha256): Uint8Array {
  if (entry.length >= leaf.length) leaf = new Uint8Array(entry.length * 2)
  leaf[0] = 0
  leaf.set(entry, 1)
  return sha256(leaf.subarray(0, entry.length + 1))
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  node[0] = 1
  node.set(left, 1)
  node.set(right, 33)
  return sha256(node)
}
