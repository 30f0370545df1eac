import { isUtf8 } from 'node:buffer'
import { maxAmount } from '../../domain/money/money.ts'

/** Why bytes are no record of their schema; the message begins with the path of the field. */
export class Malformed extends Error {
  readonly code: 'SCHEMA_INVALID' | 'OUT_OF_RANGE'

  constructor(code: 'SCHEMA_INVALID' | 'OUT_OF_RANGE', message: string) {
    super(message)
    this.code = code
  }
}

const none: Buffer = Buffer.alloc(0)

/**
 * Reads Avro binary that nobody vouches for: every read is held to the end of the bytes, numbers
 * are exact, text is UTF-8, and a count never promises more items than bytes are left. Any breach
 * throws `Malformed`. Fields are named by the caller; `enter` and `leave` keep the path above them.
 */
export class AvroCursor {
  private bytes = none
  private at = 0
  private path: (string | number)[] = []

  open(bytes: Uint8Array, start: number): void {
    this.bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = start
    if (this.path.length > 0) this.path = []
  }

  /** Drops the bytes, so that a batch is not kept in memory by its last record. */
  close(): void {
    this.bytes = none
  }

  /** Where the next read starts. */
  get position(): number {
    return this.at
  }

  end(): void {
    if (this.at !== this.bytes.length) throw this.malformed('', 'bytes are left over at the end')
  }

  enter(place: string | number): void {
    this.path.push(place)
  }

  leave(): void {
    this.path.pop()
  }

  /** For a check of the caller's. */
  malformed(field: string, problem: string): Malformed {
    return new Malformed('SCHEMA_INVALID', `${this.pathOf(field)}: ${problem}`)
  }

  private pathOf(field: string): string {
    let text = ''
    for (const place of field === '' ? this.path : [...this.path, field]) {
      if (typeof place === 'number') text += `[${place}]`
      else text += text === '' ? place : `.${place}`
    }
    return text === '' ? 'record' : text
  }

  /** A long within ±2^52. */
  long(field: string): number {
    const value = this.wideLong(field)
    if (value > maxAmount || value < -maxAmount) {
      throw new Malformed('OUT_OF_RANGE', `${this.pathOf(field)}: is beyond ±2^52`)
    }
    return value
  }

  /** A long that is exact within the safe range, and only known to be large outside. */
  wideLong(field: string): number {
    let next = this.byte(field)
    // Most numbers are lengths and counts of one byte.
    if (next < 0x80) return (next >> 1) ^ -(next & 1)
    const { bytes } = this
    const negative = (next & 1) === 1
    let magnitude = (next & 0x7f) >> 1
    let factor = 64
    for (let count = 1; next >= 0x80; count += 1) {
      if (count === 10) throw this.malformed(field, 'is a number of more than 10 bytes')
      if (this.at >= bytes.length) throw this.truncated(field)
      next = bytes[this.at++] as number
      magnitude += (next & 0x7f) * factor
      factor *= 128
    }
    return negative ? -magnitude - 1 : magnitude
  }

  /** An integer of 32 bits. */
  int(field: string): number {
    const value = this.long(field)
    if (value !== (value | 0)) throw this.malformed(field, 'is beyond 32 bits')
    return value
  }

  boolean(field: string): boolean {
    const value = this.byte(field)
    if (value > 1) throw this.malformed(field, 'is neither true nor false')
    return value === 1
  }

  /** The branch of a union [null, T]: whether T follows. */
  present(field: string): boolean {
    const branch = this.byte(field)
    if (branch !== 0 && branch !== 2) throw this.malformed(field, 'has an unknown union branch')
    return branch === 2
  }

  /** One of the symbols, by its place. */
  symbol<T extends string>(field: string, symbols: readonly T[]): T {
    const symbol = symbols[this.wideLong(field)]
    if (symbol === undefined) throw this.malformed(field, 'is none of the symbols')
    return symbol
  }

  text(field: string): string {
    const start = this.span(field)
    const { bytes, at } = this
    for (let index = start; index < at; index += 1) {
      if ((bytes[index] as number) >= 0x80) return this.unicode(field, start)
    }
    return bytes.toString('latin1', start, at)
  }

  /** Text of at least one character. */
  name(field: string): string {
    const text = this.text(field)
    if (text === '') throw this.malformed(field, 'is empty')
    return text
  }

  private unicode(field: string, start: number): string {
    if (!isUtf8(this.bytes.subarray(start, this.at))) throw this.malformed(field, 'is not UTF-8')
    return this.bytes.toString('utf8', start, this.at)
  }

  /** 1–64 characters that ids may have. */
  id(field: string): string {
    const start = this.span(field)
    const { bytes, at } = this
    if (at === start || at - start > 64) {
      throw this.malformed(field, 'is no id: ids have 1 to 64 characters')
    }
    for (let index = start; index < at; index += 1) {
      const character = bytes[index] as number
      // Event ids are often made of an instant with its offset.
      if (idCharacters[character] === 0 && !(character === plus && field === 'eventId')) {
        throw this.malformed(field, 'is no id: allowed are A-Z a-z 0-9 . _ : ? -')
      }
    }
    return bytes.toString('latin1', start, at)
  }

  /** A copy. */
  blob(field: string): Uint8Array {
    const start = this.span(field)
    return Uint8Array.from(this.bytes.subarray(start, this.at))
  }

  /** All items of an array, read by `item` with the path set to each. */
  list<T>(field: string, item: (cursor: this) => T): T[] {
    const items: T[] = []
    for (let left = this.blockCount(field); left > 0; left = this.blockCount(field)) {
      this.enter(field)
      for (; left > 0; left -= 1) {
        this.enter(items.length)
        items.push(item(this))
        this.leave()
      }
      this.leave()
    }
    return items
  }

  private blockCount(field: string): number {
    let count = this.long(field)
    if (count < 0) {
      count = -count
      this.long(field)
    }
    // Every item of ours takes a byte at least.
    if (count > this.bytes.length - this.at) throw this.truncated(field)
    return count
  }

  /** Takes a length and that many bytes; returns where they start. */
  private span(field: string): number {
    const length = this.wideLong(field)
    const start = this.at
    if (length < 0 || length > this.bytes.length - start) throw this.truncated(field)
    this.at = start + length
    return start
  }

  private byte(field: string): number {
    if (this.at >= this.bytes.length) throw this.truncated(field)
    return this.bytes[this.at++] as number
  }

  private truncated(field: string): Malformed {
    return this.malformed(field, 'the record ends too early')
  }
}

const plus = 0x2b
const idCharacters = new Uint8Array(256)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:?-') {
  idCharacters[character.charCodeAt(0)] = 1
}
