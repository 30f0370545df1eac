import { createHash } from 'node:crypto'

/** SHA-256 as a fresh array of 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(bytes).digest()
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length)
}
