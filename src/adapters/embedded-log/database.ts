import { ClassicLevel } from 'classic-level'
import { classifyError } from './classify-error.ts'
import type { Row } from './rows.ts'
import { openWatermark, readWatermark, type Watermark } from './watermark.ts'

/** The rows of the log on disk. Everything it throws is a fault. */
export interface Database {
  readonly folder: string
  get(key: Uint8Array): Uint8Array | undefined
  /** The last row with from ≤ key < to. */
  last(from: Uint8Array, to: Uint8Array): Promise<Row | undefined>
  /** Rows with from ≤ key < to as they are now, rising, some at a time. */
  parts(from: Uint8Array, to: Uint8Array): AsyncIterable<readonly Row[]>
  /** Atomic; with `sync` it survives a loss of power. `writeNo` rises with every call. */
  write(
    rows: readonly Row[],
    options: { readonly sync: boolean; readonly writeNo: number },
  ): Promise<void>
  close(): Promise<void>
}

export interface OpenedDatabase {
  readonly database: Database
  /** The number of the last write known to be synced; undefined for a new log. */
  readonly synced: number | undefined
}

const MB = 1024 * 1024

// Values are up to 1 MB: a large block cache or small tables would only cost.
const settings = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  writeBufferSize: 32 * MB,
  maxFileSize: 32 * MB,
  cacheSize: 16 * MB,
  compression: true,
} as const

const readAhead = { highWaterMarkBytes: MB, rows: 1_000 }

export async function openDatabase(folder: string): Promise<OpenedDatabase> {
  try {
    const synced = readWatermark(folder)
    const level: Level = new ClassicLevel(folder, settings)
    // A log whose files vanished is damaged, not new.
    await level.open({ createIfMissing: synced === undefined })
    return { database: new LevelDatabase(level), synced }
  } catch (error) {
    throw classifyError(error, folder)
  }
}

type Level = ClassicLevel<Uint8Array, Uint8Array>

class LevelDatabase implements Database {
  readonly #level: Level
  #watermark: Watermark | undefined

  constructor(level: Level) {
    this.#level = level
  }

  get folder(): string {
    return this.#level.location
  }

  get(key: Uint8Array): Uint8Array | undefined {
    try {
      return this.#level.getSync(key)
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async last(from: Uint8Array, to: Uint8Array): Promise<Row | undefined> {
    try {
      return (await this.#level.iterator({ gte: from, lt: to, reverse: true, limit: 1 }).all())[0]
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async *parts(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly Row[]> {
    try {
      const { highWaterMarkBytes, rows } = readAhead
      const iterator = this.#level.iterator({ gte: from, lt: to, highWaterMarkBytes })
      try {
        let part = await iterator.nextv(rows)
        while (part.length > 0) {
          yield part
          part = await iterator.nextv(rows)
        }
      } finally {
        await iterator.close()
      }
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async write(
    rows: readonly Row[],
    { sync, writeNo }: { readonly sync: boolean; readonly writeNo: number },
  ): Promise<void> {
    try {
      const batch = this.#level.batch()
      for (const [key, value] of rows) batch.put(key, value)
      await batch.write({ sync })
      if (!sync) return
      if (this.#watermark === undefined) this.#watermark = openWatermark(this.folder, writeNo)
      else this.#watermark.raise(writeNo)
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  async close(): Promise<void> {
    try {
      await this.#level.close()
      this.#watermark?.close()
      this.#watermark = undefined
    } catch (error) {
      throw this.#faultOf(error)
    }
  }

  #faultOf(error: unknown) {
    return classifyError(error, this.folder)
  }
}
