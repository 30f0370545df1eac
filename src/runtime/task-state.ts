import { strict as assert } from 'node:assert'
import { ByteReader, ByteWriter } from '../fold/bytes.ts'
import type { KeyRange, KeySet, State, Table } from '../fold/state.ts'
import type { StoreWrite } from '../ports/store.ts'
import type { CheckedStore } from './checked-store.ts'
import { KeyOverlay, unread } from './key-overlay.ts'

// The state of one partition while it is folded. Rows are looked up in memory (live or as bytes,
// clean, dirty or on their way to the store), then in the store.
//
//   T1. What is read never depends on what was evicted, loaded ahead or written meanwhile.
//   T2. Live rows are evicted only in `freeze`, where none is dirty: within a step, two reads of a
//       key give the same object.
//   T3. What is on its way to the store is not evicted, and has arrived only once no load is under
//       way: a load that read the store before a write must still find the written rows here.
//   T4. Changed rows of a cold table become bytes in `settle`, between two steps, before they are
//       old enough to be moved by the garbage collector: left as objects until `freeze` they made
//       16 KB an event survive, and that was a third of the fold's time.

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
  /** Changed, of a cold table, and not turned into bytes since. */
  loose: boolean
  /** The last one that the row went into; 0: none. */
  generation: number
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
  /** The young one asked for last: a record asks for its party, say, several times. */
  last: Slot | undefined
}

const noValue = new Uint8Array(0)

/** Some 2 MB of objects: an eighth of what the young generation holds. */
const looseRows = 64

/** Reads through to the store, keeps changes, and hands them out as generations. */
export class TaskState implements State {
  private readonly store: CheckedStore
  private readonly cacheRows: number
  /** By the code of the prefix. */
  private readonly shelves: (Shelf | undefined)[] = []
  private readonly sets = new Map<string, SetState>()
  private readonly writer = new ByteWriter(1 << 18)
  private dirty: Slot[] = []
  private loose: Slot[] = []
  private young = 0
  private generation = 1
  private loading = 0
  private ranged: KeyOverlay[] = []
  private landed: Generation[] = []
  /** Every generation up to this one is in the store. */
  private arrived = 0

  constructor(store: CheckedStore, options: { readonly cacheRows: number }) {
    this.store = store
    this.cacheRows = options.cacheRows
  }

  get<Row>(table: Table<Row>, key: string): Row | undefined {
    const shelf = this.shelf(table.prefix)
    let slot = youngOf(shelf, key)
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

  /** To be called between two steps, never within one (T4). */
  settle(): void {
    if (this.loose.length >= looseRows) this.settleAll()
  }

  /** Encodes everything that changed since the last call; it stays in memory until `written`. */
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
    let slot = youngOf(shelf, key)
    if (slot === undefined) {
      slot = shelf.old.get(key) ?? emptySlot(key)
      this.keep(shelf, slot)
    }
    slot.row = row
    slot.bytes = undefined
    slot.table = table
    if (table.cold === true && !slot.loose) {
      slot.loose = true
      this.loose.push(slot)
    }
    if (slot.dirty) return
    slot.dirty = true
    this.dirty.push(slot)
  }

  private settleAll(): void {
    for (const slot of this.loose) {
      slot.loose = false
      slot.bytes ??= this.encoded(slot)
      slot.row = undefined
    }
    this.loose = []
  }

  /** The row's bytes, to be kept; undefined for one that was deleted. */
  private encoded({ table, row }: Slot): Uint8Array | undefined {
    assert(table !== undefined, 'a changed row without a table')
    if (row === undefined) return undefined
    const { writer } = this
    writer.reset()
    table.encode(row, writer)
    return writer.keep()
  }

  private frozenRows(number: number): StoreWrite[] {
    const { dirty } = this
    this.settleAll()
    this.dirty = []
    return dirty.map((slot) => {
      slot.dirty = false
      slot.generation = number
      const value = slot.bytes ?? this.encoded(slot)
      if (slot.table?.cold === true) {
        slot.row = undefined
        slot.bytes = value
      }
      return [`${slot.table?.prefix}${slot.key}`, value]
    })
  }

  private dropLanded(): void {
    if (this.loading > 0 || this.landed.length === 0) return
    for (const { number, keys } of this.landed) {
      this.arrived = Math.max(this.arrived, number)
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
    slot.bytes = this.store.get(prefix + key)
    return slot
  }

  private isInMemory(key: string): boolean {
    const shelf = this.shelves[key.charCodeAt(0)]
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
    shelf.last = slot
    this.young += 1
  }

  private evict(): void {
    if (this.young * 2 < this.cacheRows) return
    this.young = 0
    for (const shelf of this.shelves) {
      if (shelf === undefined) continue
      const { young, old } = shelf
      shelf.last = undefined
      // Half a cache of nothing keeps nothing.
      shelf.old = this.cacheRows === 0 ? new Map() : young
      shelf.young = new Map()
      this.keepUnwritten(shelf, old)
      if (this.cacheRows === 0) this.keepUnwritten(shelf, young)
    }
  }

  /** T3. */
  private keepUnwritten(shelf: Shelf, slots: ReadonlyMap<string, Slot>): void {
    for (const slot of slots.values()) if (slot.generation > this.arrived) this.keep(shelf, slot)
  }

  private shelf(prefix: string): Shelf {
    const place = prefix.charCodeAt(0)
    let shelf = this.shelves[place]
    if (shelf === undefined) {
      shelf = { young: new Map(), old: new Map(), last: undefined }
      this.shelves[place] = shelf
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

function youngOf(shelf: Shelf, key: string): Slot | undefined {
  if (shelf.last?.key === key) return shelf.last
  const slot = shelf.young.get(key)
  if (slot !== undefined) shelf.last = slot
  return slot
}

function emptySlot(key: string): Slot {
  return {
    key,
    table: undefined,
    row: undefined,
    bytes: undefined,
    dirty: false,
    loose: false,
    generation: 0,
  }
}
