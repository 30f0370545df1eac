import { strict as assert } from 'node:assert'
import { ByteReader, ByteWriter } from '../fold/bytes.ts'
import type { KeyRange, KeySet, State, Table } from '../fold/state.ts'
import type { StoreWrite } from '../ports/store.ts'
import type { CheckedStore } from './checked-store.ts'
import { KeyOverlay, unread } from './key-overlay.ts'

// The state of one partition while it is folded. Rows live in four layers, looked up from the top:
// live rows (clean or dirty), generations on their way to the store, rows loaded ahead, the store.
//
//   T1. What is read never depends on what was evicted, loaded ahead or written meanwhile.
//   T2. Live rows are evicted only in `freeze`, where none is dirty: within a step, two reads of a
//       key give the same object.
//   T3. A generation leaves the overlay only while no load is under way: a load that read the store
//       before a write must still find the written rows in the overlay.

/** Rows and keys that changed between two positions, in bytes and in the order of their change. */
export interface Generation {
  readonly number: number
  readonly writes: readonly StoreWrite[]
  readonly bytes: number
  readonly keys: readonly ChangedKeys[]
}

interface ChangedKeys {
  readonly set: KeySet
  readonly keys: readonly string[]
}

interface Slot {
  readonly key: string
  table: Table<unknown> | undefined
  row: unknown
  /** Not decoded yet; undefined once it is, or where the store has no row. */
  bytes: Uint8Array | undefined
  dirty: boolean
}

interface SetState {
  readonly set: KeySet
  readonly overlay: KeyOverlay
  changed: Set<string>
}

/** Live rows of one prefix: the younger half, and the half that goes at the next rotation. */
interface Shelf {
  young: Map<string, Slot>
  old: Map<string, Slot>
}

interface Pending {
  /** Undefined for a row that was deleted. */
  readonly value: Uint8Array | undefined
  readonly generation: number
}

const noValue = new Uint8Array(0)

/** Reads through to the store, keeps changes, and hands them out as generations. */
export class TaskState implements State {
  private readonly store: CheckedStore
  private readonly cacheRows: number
  private readonly shelves = new Map<string, Shelf>()
  private readonly sets = new Map<string, SetState>()
  private readonly overlay = new Map<string, Pending>()
  private readonly writer = new ByteWriter(1 << 16)
  private dirty: Slot[] = []
  private young = 0
  private generation = 1
  private loading = 0
  private ranged: KeyOverlay[] = []
  private landed: Generation[] = []

  constructor(store: CheckedStore, options: { readonly cacheRows: number }) {
    this.store = store
    this.cacheRows = options.cacheRows
  }

  get<Row>(table: Table<Row>, key: string): Row | undefined {
    const shelf = this.shelf(table.prefix)
    let slot = shelf.young.get(key)
    if (slot === undefined) {
      slot = shelf.old.get(key) ?? this.fetched(table.prefix, key)
      this.keep(shelf, slot)
    }
    if (slot.bytes !== undefined) {
      slot.row = table.decode(new ByteReader(slot.bytes))
      slot.bytes = undefined
    }
    return slot.row as Row | undefined
  }

  put<Row>(table: Table<Row>, key: string, row: Row): void {
    this.set(table as Table<unknown>, key, row)
  }

  delete<Row>(table: Table<Row>, key: string): void {
    this.set(table as Table<unknown>, key, undefined)
  }

  addKey(set: KeySet, key: string): void {
    this.change(set, key, true)
  }

  removeKey(set: KeySet, key: string): void {
    this.change(set, key, false)
  }

  first(range: KeyRange): string[] {
    const overlay = this.setState(range.set).overlay
    const view = overlay.view(range)
    assert(view !== undefined, `range of ${range.set.name} was not loaded for this record`)
    const keys = overlay.first(view, range.limit)
    assert(
      view.exhausted || keys.length === range.limit,
      `${range.set.name}: the step removed keys of the range before asking for its first`,
    )
    return keys
  }

  /** Fetches rows (full store keys) that are not in memory, with one read of the store. */
  async load(keys: readonly string[]): Promise<void> {
    this.dropLanded()
    const wanted = new Set<string>()
    for (const key of keys) if (!this.isInMemory(key)) wanted.add(key)
    if (wanted.size === 0) return
    const asked = [...wanted]
    this.loading += 1
    const values = await this.store.getMany(asked)
    this.loading -= 1
    for (const [index, key] of asked.entries()) {
      // What came into being meanwhile is newer than what was read.
      if (this.isInMemory(key)) continue
      const slot = emptySlot(key.slice(1))
      slot.bytes = values[index]
      this.keep(this.shelf(key.charAt(0)), slot)
    }
  }

  /** Reads key sets ahead, so that `first` can give `limit` keys of each of these ranges. */
  async loadRanges(ranges: readonly KeyRange[]): Promise<void> {
    this.dropLanded()
    for (const range of ranges) {
      const { overlay } = this.setState(range.set)
      let view = overlay.view(range)
      if (view === undefined) {
        view = unread(range)
        overlay.views.push(view)
        if (!this.ranged.includes(overlay)) this.ranged.push(overlay)
      }
      const count = overlay.missing(view, range.limit)
      if (count === 0) continue
      const { prefix } = range.set
      this.loading += 1
      const rows = await this.store.range(prefix + view.horizon, prefix + range.to, count)
      this.loading -= 1
      for (const [key] of rows) view.keys.push(key.slice(1))
      const last = rows[rows.length - 1]
      if (last !== undefined) view.horizon = `${last[0].slice(1)}\u0000`
      view.exhausted = rows.length < count
    }
  }

  /** Ends the record: ranges loaded for it are loaded no more. */
  forgetRanges(): void {
    for (const overlay of this.ranged) overlay.views = []
    this.ranged = []
  }

  /** Encodes everything that changed since the last call; reads see it until `written`. */
  freeze(): Generation {
    const number = this.generation
    const writes: StoreWrite[] = this.frozenRows(number)
    const keys: ChangedKeys[] = []
    let bytes = 0
    for (const state of this.sets.values()) {
      if (state.changed.size === 0) continue
      const changed = [...state.changed]
      state.changed = new Set()
      keys.push({ set: state.set, keys: changed })
      for (const key of changed) {
        const present = state.overlay.isPresent(key) === true
        writes.push([state.set.prefix + key, present ? noValue : undefined])
      }
    }
    for (const [key, value] of writes) bytes += key.length + (value?.length ?? 0)
    this.generation = number + 1
    this.evict()
    return { number, writes, bytes, keys }
  }

  /** The store holds this generation: reads need not see it here any more. */
  written(generation: Generation): void {
    this.landed.push(generation)
    this.dropLanded()
  }

  private set(table: Table<unknown>, key: string, row: unknown): void {
    const shelf = this.shelf(table.prefix)
    let slot = shelf.young.get(key)
    if (slot === undefined) {
      slot = shelf.old.get(key) ?? emptySlot(key)
      this.keep(shelf, slot)
    }
    slot.row = row
    slot.bytes = undefined
    slot.table = table
    if (slot.dirty) return
    slot.dirty = true
    this.dirty.push(slot)
  }

  private frozenRows(number: number): StoreWrite[] {
    const { writer, dirty } = this
    writer.reset()
    const ends = dirty.map((slot) => {
      assert(slot.table !== undefined, 'a dirty row without a table')
      if (slot.row !== undefined) slot.table.encode(slot.row, writer)
      slot.dirty = false
      return writer.length
    })
    const arena = writer.copy()
    this.dirty = []
    return dirty.map((slot, index) => {
      const bytes = arena.subarray(index === 0 ? 0 : ends[index - 1], ends[index])
      const value = slot.row === undefined ? undefined : bytes
      const key = `${slot.table?.prefix}${slot.key}`
      this.overlay.set(key, { value, generation: number })
      if (slot.table?.cold === true && value !== undefined) {
        slot.row = undefined
        slot.bytes = value
      }
      return [key, value]
    })
  }

  private dropLanded(): void {
    if (this.loading > 0 || this.landed.length === 0) return
    for (const { number, writes, keys } of this.landed) {
      for (const [key] of writes) {
        if (this.overlay.get(key)?.generation === number) this.overlay.delete(key)
      }
      for (const { set, keys: changed } of keys) this.setState(set).overlay.drop(changed, number)
    }
    this.landed = []
  }

  private change(set: KeySet, key: string, present: boolean): void {
    const state = this.setState(set)
    state.overlay.set(key, present, this.generation)
    state.changed.add(key)
  }

  private fetched(prefix: string, key: string): Slot {
    const slot = emptySlot(key)
    const pending = this.overlay.get(prefix + key)
    slot.bytes = pending === undefined ? this.store.get(prefix + key) : pending.value
    return slot
  }

  private isInMemory(key: string): boolean {
    if (this.overlay.has(key)) return true
    const shelf = this.shelves.get(key.charAt(0))
    if (shelf === undefined) return false
    const own = key.slice(1)
    return shelf.young.has(own) || this.stays(shelf, own)
  }

  /** Whether an old row is there; it then moves up, so that the next rotation leaves it. */
  private stays(shelf: Shelf, key: string): boolean {
    const slot = shelf.old.get(key)
    if (slot !== undefined) this.keep(shelf, slot)
    return slot !== undefined
  }

  private keep(shelf: Shelf, slot: Slot): void {
    shelf.young.set(slot.key, slot)
    this.young += 1
  }

  private evict(): void {
    if (this.young * 2 < this.cacheRows) return
    for (const shelf of this.shelves.values()) {
      // Half a cache of nothing keeps nothing.
      shelf.old = this.cacheRows === 0 ? new Map() : shelf.young
      shelf.young = new Map()
    }
    this.young = 0
  }

  private shelf(prefix: string): Shelf {
    let shelf = this.shelves.get(prefix)
    if (shelf === undefined) {
      shelf = { young: new Map(), old: new Map() }
      this.shelves.set(prefix, shelf)
    }
    return shelf
  }

  private setState(set: KeySet): SetState {
    let state = this.sets.get(set.prefix)
    if (state === undefined) {
      state = { set, overlay: new KeyOverlay(), changed: new Set() }
      this.sets.set(set.prefix, state)
    }
    return state
  }
}

function emptySlot(key: string): Slot {
  return { key, table: undefined, row: undefined, bytes: undefined, dirty: false }
}
