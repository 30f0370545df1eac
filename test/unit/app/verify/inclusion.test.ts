import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../../../src/adapters/hashing/sha256.ts'
import { inclusionPath, rootByPath } from '../../../../src/app/verify/inclusion.ts'
import { rootOfLeaves } from '../../../../src/app/verify/merkle.ts'
import { hashLeaf } from '../../../../src/domain/statements/seal.ts'

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => hashLeaf(new Uint8Array([at, at >> 8]), sha256))
}

const bytes = (path: readonly string[]): Uint8Array[] =>
  path.map((hash) => Buffer.from(hash, 'hex'))

test('F57: the path of every leaf of every tree leads to its root', () => {
  for (let size = 1; size <= 40; size += 1) {
    const leaves = leavesOf(size)
    const root = rootOfLeaves(leaves)
    leaves.forEach((leaf, index) => {
      expect(rootByPath(leaf, index, size, bytes(inclusionPath(leaves, index)))).toBe(root)
    })
  }
})

test.each([
  // RFC 9162, section 2.1.5: the tree of seven leaves and its audit paths, by their lengths
  [0, 3],
  [3, 3],
  [4, 3],
  [6, 2],
] as const)('leaf %i of seven has a path of %i hashes', (index, length) => {
  expect(inclusionPath(leavesOf(7), index)).toHaveLength(length)
})

test('another leaf, place, size or hash does not lead there', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 2, max: 64 })
        .chain((size) =>
          fc.tuple(
            fc.constant(size),
            fc.integer({ min: 0, max: size - 1 }),
            fc.constantFrom('leaf', 'hash', 'longer', 'shorter'),
          ),
        ),
      ([size, index, change]) => {
        const leaves = leavesOf(size)
        const path = bytes(inclusionPath(leaves, index))
        const other = hashLeaf(new Uint8Array([1, 2, 3]), sha256)
        const leaf = change === 'leaf' ? other : (leaves[index] as Uint8Array)
        if (change === 'hash') path[path.length - 1] = other
        if (change === 'longer') path.push(other)
        if (change === 'shorter') path.pop()
        expect(rootByPath(leaf, index, size, path)).not.toBe(rootOfLeaves(leaves))
      },
    ),
  )
})
