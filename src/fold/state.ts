import type { ByteReader, ByteWriter } from './bytes.ts'

// The state of one partition as the fold sees it: rows, and sets of keys in order. Everything is
// synchronous; the runtime loads ahead what `readsOf` and `rangesOf` name, and reads the store
// synchronously for what they did not.
//
// Keys are strings of characters ≤ 0xFF (one byte each), so their order is the order of their
// bytes.

/** A kind of row. `prefix` is the first character of its keys in the store and never reused. */
export interface Table<Row> {
  readonly name: string
  readonly prefix: string
  /**
   * Most rows are written once and seldom read again: between commits they are kept as bytes, for
   * a million live objects cost the garbage collector more than decoding the few that are asked
   * for.
   */
  readonly cold?: true
  readonly encode: (row: Row, writer: ByteWriter) => void
  readonly decode: (reader: ByteReader) => Row
}

/** A set of keys in order, with nothing behind them. */
export interface KeySet {
  readonly name: string
  readonly prefix: string
}

/** A part of a key set that must be loaded before `first` may ask for it. */
export interface KeyRange {
  readonly set: KeySet
  /** Inclusive, without the set's prefix. */
  readonly from: string
  /** Exclusive. */
  readonly to: string
  readonly limit: number
}

export interface State {
  /**
   * The live row; undefined where there is none. A handler may change it in place and must then
   * `put` it, else the change is lost.
   */
  get<Row>(table: Table<Row>, key: string): Row | undefined
  put<Row>(table: Table<Row>, key: string, row: Row): void
  delete<Row>(table: Table<Row>, key: string): void
  addKey(set: KeySet, key: string): void
  removeKey(set: KeySet, key: string): void
  /** The first keys of a range that was loaded, rising, at most its limit. */
  first(range: KeyRange): string[]
}
