import { crc32 } from 'node:zlib'

/** What every emission of a partition so far comes to: 64 bits, as 16 hex digits. */
export const emptyDigest = '0000000000000000'

/** Written into every digest, so a number is never reused and never changes its meaning. */
export const emissionKinds = {
  entry: 1,
  statement: 2,
  notice: 3,
  rejection: 4,
  instruction: 5,
  forward: 9,
} as const

/**
 * Two chains over emissions in order: a CRC-32, and a multiplicative hash of words that shares no
 * algebra with it. They see kind, bytes and where an emission ends; never packs or commits.
 */
export class DigestChain {
  private checksum: number
  private words: number

  constructor(from: string) {
    this.checksum = Number.parseInt(from.slice(0, 8), 16)
    this.words = Number.parseInt(from.slice(8), 16)
  }

  add(kind: number, bytes: Uint8Array): void {
    this.checksum = crc32(bytes, (this.checksum ^ kind) >>> 0)
    this.words = mixWords(this.words ^ kind, bytes)
  }

  value(): string {
    return hex(this.checksum) + hex(this.words)
  }
}

function mixWords(from: number, bytes: Uint8Array): number {
  let hash = from
  const { length } = bytes
  let at = 0
  for (; at + 4 <= length; at += 4) {
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
    const word = low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
    hash = mixWord(hash, word)
  }
  let rest = 0
  for (let shift = 0; at < length; at += 1, shift += 8) rest |= (bytes[at] as number) << shift
  return mixWord(mixWord(hash, rest), length) >>> 0
}

/** The body of MurmurHash3 (32 bits). */
function mixWord(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51)
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
  const next = hash ^ mixed
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
