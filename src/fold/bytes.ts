/**
 * Appends binary values to a growing buffer that is reused: unsigned varints, zig-zag, UTF-8. What
 * is to stay is written where it stays (`keep`): a buffer of its own for each byte string costs an
 * allocation outside the heap, some 0.5 µs to make and as much again for the garbage collector.
 */
export class ByteWriter {
  bytes: Uint8Array
  /** The end of what was written. */
  length = 0
  /** Where it begins: what stands below is kept. */
  private start = 0
  private readonly capacity: number

  constructor(capacity = 256) {
    this.capacity = capacity
    this.bytes = new Uint8Array(capacity)
  }

  reset(): void {
    this.length = this.start
  }

  /** A fresh copy of what was written. */
  copy(): Uint8Array {
    return this.bytes.slice(this.start, this.length)
  }

  /** A view of what was written, which is never written over; the next value follows it. */
  keep(): Uint8Array {
    const { start, length } = this
    this.start = length
    return this.bytes.subarray(start, length)
  }

  byte(value: number): void {
    if (this.length + 1 > this.bytes.length) this.grow(1)
    this.bytes[this.length++] = value
  }

  /** A safe integer ≥ 0. */
  unsigned(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8)
    const { bytes } = this
    let at = this.length
    let rest = value
    // Only instants and large sums need divisions; then 28 bits are left that need none.
    for (; rest >= 2 ** 28; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80
    for (; rest >= 0x80; rest >>= 7) bytes[at++] = rest | 0x80
    bytes[at++] = rest
    this.length = at
  }

  /** A safe integer, sign in the lowest bit; beyond ±2^52 as an escape and two words. */
  signed(value: number): void {
    if (value >= 0 && value <= 2 ** 51) this.unsigned(value * 2)
    else if (value < 0 && value >= -(2 ** 51)) this.unsigned(-value * 2 - 1)
    else this.wide(value)
  }

  private wide(value: number): void {
    // 2^52 + 1 cannot come out of the narrow form, so it announces the wide one.
    this.unsigned(2 ** 52 + 1)
    this.byte(value < 0 ? 1 : 0)
    this.unsigned(Math.abs(value))
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0)
  }

  /** UTF-8 with its length in front. */
  text(value: string): void {
    const { length } = value
    if (this.length + length * 3 + 8 > this.bytes.length) this.grow(length * 3 + 8)
    if (length < 0x80 && this.ascii(value)) return
    const encoded = encodeUtf8(value)
    this.unsigned(encoded.length)
    this.raw(encoded)
  }

  /** Writes a short text of ASCII only; false, and nothing written, when it is none. */
  private ascii(value: string): boolean {
    const { bytes } = this
    let at = this.length + 1
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[at++] = code
    }
    bytes[this.length] = value.length
    this.length = at
    return true
  }

  /** Null as an absent value, a text as a present one. */
  optionalText(value: string | null): void {
    this.flag(value !== null)
    if (value !== null) this.text(value)
  }

  optionalSigned(value: number | null): void {
    this.flag(value !== null)
    if (value !== null) this.signed(value)
  }

  /** Bytes with their length in front. */
  blob(value: Uint8Array): void {
    this.unsigned(value.length)
    this.raw(value)
  }

  raw(value: Uint8Array): void {
    const { length } = value
    if (this.length + length > this.bytes.length) this.grow(length)
    const { bytes } = this
    if (length > 32) bytes.set(value, this.length)
    // A hash is copied in less time than it takes to call `set`.
    else for (let at = 0; at < length; at += 1) bytes[this.length + at] = value[at] as number
    this.length += length
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.unsigned(values.length)
    for (let index = 0; index < values.length; index += 1) write(values[index] as T)
  }

  private grow(more: number): void {
    const size = this.length - this.start
    const larger = new Uint8Array(Math.max(this.capacity, (size + more) * 2))
    larger.set(this.bytes.subarray(this.start, this.length))
    this.bytes = larger
    this.start = 0
    this.length = size
  }
}

/** Reads what `ByteWriter` wrote, in the same order. */
export class ByteReader {
  private at: number
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = bytes
    this.at = start
  }

  byte(): number {
    return this.bytes[this.at++] as number
  }

  unsigned(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const next = this.bytes[this.at++] as number
      value += (next & 0x7f) * factor
      if (next < 0x80) return value
      if (!(next >= 0x80)) throw new RangeError('the bytes end within a number')
      factor *= 0x80
    }
  }

  signed(): number {
    const value = this.unsigned()
    if (value === 2 ** 52 + 1) return this.byte() === 1 ? -this.unsigned() : this.unsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  flag(): boolean {
    return this.byte() === 1
  }

  text(): string {
    const length = this.unsigned()
    const start = this.at
    this.at += length
    return decodeUtf8(this.bytes, start, this.at)
  }

  optionalText(): string | null {
    return this.flag() ? this.text() : null
  }

  optionalSigned(): number | null {
    return this.flag() ? this.signed() : null
  }

  /** A copy. */
  blob(): Uint8Array {
    const length = this.unsigned()
    const start = this.at
    this.at += length
    return this.bytes.slice(start, this.at)
  }

  /** A copy of the next `length` bytes. */
  take(length: number): Uint8Array {
    const start = this.at
    this.at += length
    return this.bytes.slice(start, this.at)
  }

  list<T>(read: () => T): T[] {
    const values: T[] = []
    for (let left = this.unsigned(); left > 0; left -= 1) values.push(read())
    return values
  }
}

/** UTF-8 of well-formed text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const raw = character.codePointAt(0) as number
    pushUtf8(bytes, raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw)
  }
  return Uint8Array.from(bytes)
}

function pushUtf8(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code)
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f))
  else if (code < 0x10000) {
    bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
  } else {
    bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f))
    bytes.push(0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
  }
}

/** Only for bytes that `encodeUtf8` wrote. */
function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (isAscii(bytes, start, end)) {
    // One string; adding character by character makes one of each.
    return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[])
  }
  let text = ''
  let at = start
  while (at < end) {
    const first = bytes[at] as number
    if (first < 0x80) {
      text += String.fromCharCode(first)
      at += 1
    } else if (first < 0xe0) {
      text += String.fromCharCode(((first & 0x1f) << 6) | tail(bytes, at + 1))
      at += 2
    } else if (first < 0xf0) {
      text += String.fromCharCode(
        ((first & 0x0f) << 12) | (tail(bytes, at + 1) << 6) | tail(bytes, at + 2),
      )
      at += 3
    } else {
      const high = ((first & 0x07) << 18) | (tail(bytes, at + 1) << 12)
      text += String.fromCodePoint(high | (tail(bytes, at + 2) << 6) | tail(bytes, at + 3))
      at += 4
    }
  }
  return text
}

/** Whether the bytes are a short text of ASCII only. */
function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 0x80) return false
  for (let at = start; at < end; at += 1) if ((bytes[at] as number) >= 0x80) return false
  return true
}

function tail(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) & 0x3f
}
