import { FatalFault } from '../../ports/faults.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports/store.ts'
import { OrderedKeys } from './ordered-keys.ts'

/** A store that lives as long as the process: for runs that keep nothing, and for tests. */
export function createMemoryStore(): Store {
  return new MemoryStore()
}

class MemoryStore implements Store {
  readonly #values = new Map<string, Uint8Array>()
  readonly #keys = new OrderedKeys()
  #closed = false

  get(key: string): Uint8Array | undefined {
    this.#assertOpen()
    return this.#values.get(key)
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.#assertOpen()
    return keys.map((key) => this.#values.get(key))
  }

  async range(from: string, to: string, limit: number): Promise<StoreRow[]> {
    this.#assertOpen()
    return this.#keys.range(from, to, limit).map((key) => this.#row(key))
  }

  /** Like an iterator of LevelDB it shows the rows as they were when it began. */
  async *scan(from: string, to: string): AsyncGenerator<StoreRow> {
    this.#assertOpen()
    const rows = this.#keys.range(from, to, Number.POSITIVE_INFINITY).map((key) => this.#row(key))
    yield* rows
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    this.#assertOpen()
    for (const [key, value] of writes) {
      if (value === undefined) this.#delete(key)
      else this.#put(key, value)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #put(key: string, value: Uint8Array): void {
    if (!this.#values.has(key)) this.#keys.add(key)
    // A plain array even of a Buffer, whose slice would share the caller's bytes.
    this.#values.set(key, new Uint8Array(value))
  }

  #delete(key: string): void {
    if (this.#values.delete(key)) this.#keys.remove(key)
  }

  #row(key: string): StoreRow {
    return [key, this.#values.get(key) as Uint8Array]
  }

  #assertOpen(): void {
    if (this.#closed) throw new FatalFault(1, 'the store is closed')
  }
}
