import { ClassicLevel } from 'classic-level'
import type { Store, StoreRow, StoreWrite } from '../../ports/store.ts'
import { classifyError } from './classify-error.ts'

type Database = ClassicLevel<Uint8Array, Uint8Array>

const MB = 1024 * 1024

// Measured: the defaults stall writers for seconds at ten million rows.
const settings = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  writeBufferSize: 32 * MB,
  maxFileSize: 32 * MB,
  cacheSize: 256 * MB,
  compression: true,
} as const

const rowsARead = 1_000

/**
 * Opens the store in a folder and makes it where there is none. A folder in use is a FatalFault
 * (exit code 9), a damaged one CorruptState.
 */
export async function openLevelDbStore(folder: string): Promise<Store> {
  const database: Database = new ClassicLevel(folder, settings)
  try {
    await database.open()
  } catch (error) {
    throw classifyError(error, folder)
  }
  return new LevelDbStore(database)
}

class LevelDbStore implements Store {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  get(key: string): Uint8Array | undefined {
    try {
      return this.#database.getSync(bytesOf(key))
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    try {
      return await this.#database.getMany(keys.map(bytesOf))
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async range(from: string, to: string, limit: number): Promise<StoreRow[]> {
    const rows: StoreRow[] = []
    for await (const part of this.#parts(from, to, limit)) {
      for (const [key, value] of part) rows.push([textOf(key), value])
    }
    return rows
  }

  async *scan(from: string, to: string): AsyncGenerator<StoreRow> {
    for await (const part of this.#parts(from, to, Number.POSITIVE_INFINITY)) {
      for (const [key, value] of part) yield [textOf(key), value]
    }
  }

  async write(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void> {
    try {
      // A chained batch: an array batch with options costs twelve times as much.
      const batch = this.#database.batch()
      for (const [key, value] of writes) {
        if (value === undefined) batch.del(bytesOf(key))
        else batch.put(bytesOf(key), value)
      }
      await batch.write({ sync: options.sync })
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async close(): Promise<void> {
    try {
      await this.#database.close()
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async *#parts(from: string, to: string, limit: number) {
    try {
      const iterator = this.#database.iterator({
        gte: bytesOf(from),
        lt: bytesOf(to),
        highWaterMarkBytes: MB,
        // The library takes a negative limit for none.
        limit: Number.isFinite(limit) ? limit : -1,
      })
      try {
        let part = await iterator.nextv(rowsARead)
        while (part.length > 0) {
          yield part
          part = await iterator.nextv(rowsARead)
        }
      } finally {
        await iterator.close()
      }
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  #faultOf(error: unknown) {
    return classifyError(error, this.#database.location)
  }
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'latin1')
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')
}
