import type { Store, StoreRow, StoreWrite } from '../../ports/store.ts'

/** Told of calls to a store that take time; of single rows nothing is told. */
export interface StoreObserver {
  did(operation: 'read' | 'range' | 'write', seconds: number): void
  wrote(bytes: number): void
}

/** A store that behaves as the one inside, and tells what its calls took. */
export class ObservedStore implements Store {
  readonly #inner: Store
  readonly #observer: StoreObserver

  constructor(inner: Store, observer: StoreObserver) {
    this.#inner = inner
    this.#observer = observer
  }

  get(key: string): Uint8Array | undefined {
    return this.#inner.get(key)
  }

  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#timed('read', () => this.#inner.getMany(keys))
  }

  range(from: string, to: string, limit: number): Promise<StoreRow[]> {
    return this.#timed('range', () => this.#inner.range(from, to, limit))
  }

  scan(from: string, to: string): AsyncIterable<StoreRow> {
    return this.#inner.scan(from, to)
  }

  async write(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void> {
    await this.#timed('write', () => this.#inner.write(writes, options))
    let bytes = 0
    for (const [key, value] of writes) bytes += key.length + (value?.length ?? 0)
    this.#observer.wrote(bytes)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  async #timed<Result>(
    operation: 'read' | 'range' | 'write',
    call: () => Promise<Result>,
  ): Promise<Result> {
    const began = performance.now()
    const result = await call()
    this.#observer.did(operation, (performance.now() - began) / 1_000)
    return result
  }
}
