// The state of one partition: ordered rows. One contract suite (test/contract/store-port.ts).
//
//   S1. `write` is atomic; when it resolves with `sync`, the rows survive the loss of power.
//   S2. Keys are strings of characters ≤ 0xFF, one byte each; their order is the order of the
//       bytes.
//   S3. `get` is synchronous and sees every write that has resolved.
//   S4. One process at a time: opening a store that is open is a FatalFault, exit code 9.

/** A row to be put, or with `undefined` to be deleted. */
export type StoreWrite = readonly [key: string, value: Uint8Array | undefined]

export type StoreRow = readonly [key: string, value: Uint8Array]

export interface Store {
  /** The row's value, which the caller may keep and must not change. */
  get(key: string): Uint8Array | undefined
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>
  /** At most `limit` rows with from ≤ key < to, rising. */
  range(from: string, to: string, limit: number): Promise<StoreRow[]>
  /** All rows with from ≤ key < to, rising, without holding them all. */
  scan(from: string, to: string): AsyncIterable<StoreRow>
  write(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void>
  /** Every later call is a FatalFault. */
  close(): Promise<void>
}
