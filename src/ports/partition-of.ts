import { encodeUtf8 } from '../fold/bytes.ts'

/** The partition of a key, the same that Kafka's own clients choose for its UTF-8 bytes. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(encodeUtf8(key)) & 0x7fff_ffff) % partitions
}

const seed = 0x9747_b28c
const factor = 0x5bd1_e995

/** MurmurHash2 as Kafka's Java client has it, a signed 32-bit number. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes
  const wholeWords = length - (length % 4)
  let hash = seed ^ length
  for (let at = 0; at < wholeWords; at += 4) {
    let word = Math.imul(wordAt(bytes, at), factor)
    word = Math.imul(word ^ (word >>> 24), factor)
    hash = Math.imul(hash, factor) ^ word
  }
  if (wholeWords < length) hash = Math.imul(hash ^ wordAt(bytes, wholeWords), factor)
  hash = Math.imul(hash ^ (hash >>> 13), factor)
  return hash ^ (hash >>> 15)
}

/** Four bytes, lowest first; what lies behind the end counts as zero. */
function wordAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
  return low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}
