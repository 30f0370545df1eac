import { FatalFault } from '../../src/ports/faults.ts'
import type { Store, StoreRow, StoreWrite } from '../../src/ports/store.ts'
import type { Chance } from './chance.ts'
import type { Mortal, VirtualTime } from './virtual-time.ts'

interface Written {
  readonly writes: readonly StoreWrite[]
  readonly sync: boolean
}

/** A folder that outlives processes. It can lose what was not synced, and rot. */
export class Disk {
  rows = new Map<string, Uint8Array>()
  /** Damaged since it was last empty: what it holds proves nothing. */
  isDamaged = false
  owner: Mortal | undefined
  private history: Written[] = []

  apply(writes: readonly StoreWrite[], sync: boolean): void {
    const copied = writes.map(([key, value]): StoreWrite => [key, value?.slice()])
    this.history.push({ writes: copied, sync })
    this.put(copied)
  }

  /** What is left after a loss of power: everything up to the last synced batch. */
  losePower(): void {
    const synced = this.history.findLastIndex(({ sync }) => sync)
    this.rebuild(this.history.slice(0, synced + 1))
  }

  /** One batch is gone, as after a flipped byte in LevelDB's log. */
  loseBatch(chance: Chance): void {
    const recent = Math.min(10, this.history.length)
    if (recent === 0) return
    const lost = this.history.length - 1 - chance.below(recent)
    this.isDamaged = true
    this.rebuild(this.history.filter((_, index) => index !== lost))
  }

  flipBit(chance: Chance): void {
    const keys = [...this.rows.keys()]
    if (keys.length === 0) return
    const key = chance.pick(keys)
    const value = (this.rows.get(key) as Uint8Array).slice()
    const at = chance.below(value.length)
    value[at] = (value[at] as number) ^ (1 << chance.below(8))
    this.isDamaged = true
    this.rows.set(key, value)
  }

  /** One value of the last batch reached the disk in part. */
  tear(chance: Chance): void {
    const torn = this.history.at(-1)?.writes.filter(([, value]) => value !== undefined) ?? []
    if (torn.length === 0) return
    const [key, value] = chance.pick(torn)
    this.isDamaged = true
    this.rows.set(key, (value as Uint8Array).slice(0, chance.below(value?.length ?? 0)))
  }

  setAside(): void {
    this.isDamaged = false
    this.rebuild([])
  }

  /** Somebody put a copy of another folder here, of another time. */
  replaceBy(other: Disk): void {
    this.isDamaged = other.isDamaged
    this.history = [...other.history]
    this.rows = new Map(other.rows)
  }

  private rebuild(history: Written[]): void {
    this.history = history
    this.rows = new Map()
    for (const { writes } of history) this.put(writes)
  }

  private put(writes: readonly StoreWrite[]): void {
    for (const [key, value] of writes) {
      if (value === undefined) this.rows.delete(key)
      else this.rows.set(key, value)
    }
  }
}

/** What becomes of a write; after `torn` and `killed` its process lives no more. */
export type WriteFate = 'written' | 'refused' | 'killed' | 'torn'

export interface FaultyStoreParts {
  readonly disk: Disk
  readonly owner: Mortal
  readonly time: VirtualTime
  /** Called where a batch reaches the disk. */
  readonly onWrite: (writes: readonly StoreWrite[]) => void
  readonly onMisuse: (what: string) => void
  /** Asked where a batch reaches the disk; ends the process where the answer says so. */
  readonly fate?: () => WriteFate
  readonly chance?: Chance
}

/** A store on a `Disk` whose answers take their time, and never come once its process is dead. */
export class FaultyStore implements Store {
  private readonly parts: FaultyStoreParts
  private isClosed = false

  constructor(parts: FaultyStoreParts) {
    const { disk, owner } = parts
    if (disk.owner?.alive === true) throw new FatalFault(9, 'the store is open elsewhere')
    disk.owner = owner
    this.parts = parts
  }

  get(key: string): Uint8Array | undefined {
    this.use()
    return this.parts.disk.rows.get(key)?.slice()
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.use()
    const { disk, owner, time } = this.parts
    await time.pause(owner)
    const values = keys.map((key) => disk.rows.get(key)?.slice())
    await time.pause(owner)
    return values
  }

  async range(from: string, to: string, limit: number): Promise<StoreRow[]> {
    this.use()
    const { disk, owner, time } = this.parts
    await time.pause(owner)
    const rows = [...disk.rows]
      .filter(([key]) => key >= from && key < to)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, limit)
    await time.pause(owner)
    return rows
  }

  async *scan(from: string, to: string): AsyncGenerator<StoreRow> {
    yield* await this.range(from, to, Number.POSITIVE_INFINITY)
  }

  async write(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void> {
    this.use()
    const { disk, owner, time, onWrite, fate, chance } = this.parts
    await time.pause(owner)
    this.use()
    const became = fate?.() ?? 'written'
    if (became === 'refused') throw new FatalFault(9, 'the disk is full')
    if (became === 'killed') await time.pause(owner)
    disk.apply(writes, options.sync)
    if (became === 'torn' && chance !== undefined) disk.tear(chance)
    onWrite(writes)
    await time.pause(owner)
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.parts.disk.owner = undefined
  }

  private use(): void {
    if (this.isClosed) this.parts.onMisuse('a store was used after it was closed')
  }
}
