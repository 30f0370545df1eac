// The LZ4 frame format, as far as Kafka's producers write it: read only, without dictionaries.
// Checksums are not looked at: the broker checks every record batch by its own.
//
//   magic (4) | flags (1) | largest block (1) | content size (8, if flagged) | head checksum (1)
//   per block: length, highest bit for bytes as they are (4) | bytes | checksum (4, if flagged)
//   0 (4)
const magic = 0x184d_2204
const [contentSizeFlag, blockChecksumFlag] = [0x08, 0x10]
const plainBit = 0x8000_0000
const largestBlocks = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024]

/** The content of one frame. RangeError for bytes that are none. */
export function decompressLz4(frame: Buffer): Buffer {
  if (frame.length < 7 || frame.readUInt32LE(0) !== magic) {
    throw new RangeError('the bytes are no LZ4 frame')
  }
  const flags = frame.readUInt8(4)
  const largest = largestBlocks[(frame.readUInt8(5) >> 4) & 7] ?? 0
  const checksumLength = (flags & blockChecksumFlag) === 0 ? 0 : 4
  const output = new Output(largest)
  let at = (flags & contentSizeFlag) === 0 ? 7 : 15
  for (let length = frame.readUInt32LE(at); length !== 0; length = frame.readUInt32LE(at)) {
    const start = at + 4
    const end = start + (length & ~plainBit)
    if (end > frame.length) throw new RangeError('the LZ4 frame ends within a block')
    output.reserve(largest)
    if (length >= plainBit) output.copy(frame, start, end)
    else expand(frame, start, end, output)
    at = end + checksumLength
  }
  return output.content()
}

/** Bytes so far: blocks may refer to those before them. */
class Output {
  #bytes: Buffer
  #length = 0

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  copy(source: Buffer, start: number, end: number): void {
    this.#assertRoom(end - start)
    source.copy(this.#bytes, this.#length, start, end)
    this.#length += end - start
  }

  /** Repeats `length` bytes from `distance` bytes back; the copy may run into itself. */
  repeat(distance: number, length: number): void {
    this.#assertRoom(length)
    if (distance === 0 || distance > this.#length) throw new RangeError('an LZ4 match is too far')
    const bytes = this.#bytes
    let at = this.#length
    const end = at + length
    for (; at < end; at += 1) bytes[at] = bytes[at - distance] as number
    this.#length = end
  }

  content(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #assertRoom(more: number): void {
    if (this.#length + more > this.#bytes.length) throw new RangeError('an LZ4 block is too large')
  }
}

/** Sequences of literals and a match each; the last one has literals only. */
function expand(frame: Buffer, start: number, end: number, output: Output): void {
  let at = start
  const length = (nibble: number): number => {
    let sum = nibble
    if (nibble < 15) return sum
    for (;;) {
      const more = frame.readUInt8(at)
      at += 1
      sum += more
      if (more < 255) return sum
    }
  }
  while (at < end) {
    const token = frame.readUInt8(at)
    at += 1
    const literals = length(token >> 4)
    if (at + literals > end) throw new RangeError('an LZ4 block ends within its literals')
    output.copy(frame, at, at + literals)
    at += literals
    if (at >= end) return
    const distance = frame.readUInt16LE(at)
    at += 2
    output.repeat(distance, 4 + length(token & 15))
  }
}
