const chunkBytes = 256 * 1024

/**
 * Writes Avro binary where it is to stay, into chunks that many records share. Exact for every safe
 * integer, where the avsc library turns longs beyond ±2^52 into others.
 */
export class AvroWriter {
  private bytes = new Uint8Array(chunkBytes)
  /** Where the record begins: what stands below is kept. */
  private start = 0
  private length = 0

  reset(): void {
    this.length = this.start
  }

  /** A view of what was written, which is never written over; the next record follows it. */
  keep(): Uint8Array {
    const { start, length } = this
    this.start = length
    return this.bytes.subarray(start, length)
  }

  /** Confluent framing: a zero and the schema id in 4 bytes, big-endian. */
  frame(id: number): void {
    this.reserve(5)
    const { bytes, length } = this
    bytes[length] = 0
    bytes[length + 1] = id >>> 24
    bytes[length + 2] = id >>> 16
    bytes[length + 3] = id >>> 8
    bytes[length + 4] = id
    this.length = length + 5
  }

  /** An int or a long. */
  long(value: number): void {
    this.reserve(10)
    if (value >= -(2 ** 30) && value < 2 ** 30) this.narrow(value)
    else this.wide(value)
  }

  private narrow(value: number): void {
    const { bytes } = this
    let at = this.length
    let rest = (value << 1) ^ (value >> 31)
    while (rest >= 0x80) {
      bytes[at++] = rest | 0x80
      rest >>>= 7
    }
    bytes[at++] = rest
    this.length = at
  }

  private wide(value: number): void {
    const { bytes } = this
    // Zig-zag without doubling the magnitude, which would leave the safe range. The lowest 28 bits
    // first: bit operations are cheap, and what is left has at most 26.
    const magnitude = value < 0 ? -value - 1 : value
    const low = (magnitude % 2 ** 27) * 2 + (value < 0 ? 1 : 0)
    let at = this.length
    bytes[at++] = low | 0x80
    bytes[at++] = (low >>> 7) | 0x80
    bytes[at++] = (low >>> 14) | 0x80
    bytes[at++] = (low >>> 21) | 0x80
    let rest = Math.floor(magnitude / 2 ** 27)
    while (rest >= 0x80) {
      bytes[at++] = rest | 0x80
      rest >>>= 7
    }
    bytes[at++] = rest
    this.length = at
  }

  boolean(value: boolean): void {
    this.reserve(1)
    this.bytes[this.length++] = value ? 1 : 0
  }

  text(value: string): void {
    const { length } = value
    this.reserve(length * 3 + 10)
    if (length < 64 && this.ascii(value)) return
    const encoded = Buffer.from(value, 'utf8')
    this.long(encoded.length)
    this.raw(encoded)
  }

  /** A text of ASCII whose length fits one byte; false, and nothing written, when it is none. */
  private ascii(value: string): boolean {
    const { bytes } = this
    let at = this.length + 1
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[at++] = code
    }
    bytes[this.length] = value.length * 2
    this.length = at
    return true
  }

  blob(value: Uint8Array): void {
    this.long(value.length)
    this.raw(value)
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const size = this.length - this.start
    const larger = new Uint8Array(Math.max(chunkBytes, (size + more) * 2))
    larger.set(this.bytes.subarray(this.start, this.length))
    this.bytes = larger
    this.start = 0
    this.length = size
  }
}
