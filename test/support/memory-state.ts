import { ByteReader, ByteWriter } from '../../src/fold/bytes.ts'
import type { KeyRange, KeySet, State, Table } from '../../src/fold/state.ts'

const empty = new Uint8Array(0)

/** State without any cache: every read decodes, every put encodes. What the runtime must equal. */
export class MemoryState implements State {
  /** By store key; key sets with empty values. */
  readonly rows = new Map<string, Uint8Array>()

  get<Row>(table: Table<Row>, key: string): Row | undefined {
    const bytes = this.rows.get(table.prefix + key)
    return bytes === undefined ? undefined : table.decode(new ByteReader(bytes))
  }

  put<Row>(table: Table<Row>, key: string, row: Row): void {
    const writer = new ByteWriter()
    table.encode(row, writer)
    this.rows.set(table.prefix + key, writer.copy())
  }

  delete<Row>(table: Table<Row>, key: string): void {
    this.rows.delete(table.prefix + key)
  }

  addKey(set: KeySet, key: string): void {
    this.rows.set(set.prefix + key, empty)
  }

  removeKey(set: KeySet, key: string): void {
    this.rows.delete(set.prefix + key)
  }

  first({ set, from, to, limit }: KeyRange): string[] {
    return [...this.rows.keys()]
      .filter((key) => key.startsWith(set.prefix))
      .map((key) => key.slice(1))
      .filter((key) => key >= from && key < to)
      .sort()
      .slice(0, limit)
  }
}
