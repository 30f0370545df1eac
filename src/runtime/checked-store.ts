import { crc32 } from 'node:zlib'
import { CorruptState } from '../ports/faults.ts'
import type { Store, StoreRow, StoreWrite } from '../ports/store.ts'

const checksumLength = 4

/**
 * A store that ends every value in a CRC-32 over key and value together, so that a value under the
 * wrong key is seen as well. Every read verifies it and throws `CorruptState` naming the key.
 */
export class CheckedStore {
  private readonly store: Store
  private scratch = new Uint8Array(1024)

  constructor(store: Store) {
    this.store = store
  }

  get(key: string): Uint8Array | undefined {
    const stored = this.store.get(key)
    return stored === undefined ? undefined : this.verified(key, stored)
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const found = await this.store.getMany(keys)
    return found.map((stored, index) =>
      stored === undefined ? undefined : this.verified(keys[index] as string, stored),
    )
  }

  async range(from: string, to: string, limit: number): Promise<StoreRow[]> {
    const rows = await this.store.range(from, to, limit)
    return rows.map(([key, stored]) => [key, this.verified(key, stored)])
  }

  /** All rows with from ≤ key < to, rising, without holding them all. */
  async *scan(from: string, to: string): AsyncGenerator<StoreRow> {
    for await (const [key, stored] of this.store.scan(from, to)) {
      yield [key, this.verified(key, stored)]
    }
  }

  /** The first key of the store, whatever it is; undefined when the store is empty. */
  async firstKey(): Promise<string | undefined> {
    const rows = await this.store.range('', '\u00ff', 1)
    return rows[0]?.[0]
  }

  async write(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void> {
    let size = 0
    for (const [, value] of writes) if (value !== undefined) size += value.length + checksumLength
    const arena = new Uint8Array(size)
    let at = 0
    const sealed = writes.map(([key, value]): StoreWrite => {
      if (value === undefined) return [key, undefined]
      const start = at
      arena.set(value, start)
      at = this.appendChecksum(arena, start + value.length, this.checksum(key, value, value.length))
      return [key, arena.subarray(start, at)]
    })
    await this.store.write(sealed, options)
  }

  close(): Promise<void> {
    return this.store.close()
  }

  private appendChecksum(arena: Uint8Array, at: number, checksum: number): number {
    arena[at] = checksum >>> 24
    arena[at + 1] = checksum >>> 16
    arena[at + 2] = checksum >>> 8
    arena[at + 3] = checksum
    return at + checksumLength
  }

  private verified(key: string, stored: Uint8Array): Uint8Array {
    const length = stored.length - checksumLength
    if (length < 0) throw damaged(key, 'is shorter than its checksum')
    if (readChecksum(stored, length) !== this.checksum(key, stored, length)) {
      throw damaged(key, 'does not match its checksum')
    }
    return stored.subarray(0, length)
  }

  /** One call of `crc32` over both: a call costs more than the bytes of a row. */
  private checksum(key: string, value: Uint8Array, length: number): number {
    const total = key.length + length
    if (total > this.scratch.length) this.scratch = new Uint8Array(total * 2)
    const { scratch } = this
    for (let index = 0; index < key.length; index += 1) scratch[index] = key.charCodeAt(index)
    scratch.set(length === value.length ? value : value.subarray(0, length), key.length)
    return crc32(scratch.subarray(0, total))
  }
}

function readChecksum(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
  const low = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  return high * 0x10000 + low
}

function damaged(key: string, what: string): CorruptState {
  const hex = Buffer.from(key, 'latin1').toString('hex')
  return new CorruptState(`the value of key ${hex} in the store ${what}`)
}
