import { strict as assert } from 'node:assert'
import type { KeyRange } from '../fold/state.ts'

interface Change {
  present: boolean
  generation: number
}

/** What the store holds of a range, as far as it was read. Keys are without the set's prefix. */
export interface RangeView {
  readonly range: KeyRange
  keys: string[]
  /** Everything below it was read. */
  horizon: string
  /** Nothing of the range is left to read. */
  exhausted: boolean
}

/**
 * The changes of one key set that the store does not hold yet, over what was read of it.
 *
 *   K1. The latest change of a key wins over the store, whether or not the store has it by now.
 *   K2. A change leaves the overlay only by `drop`, which puts it into every view first; so views
 *       and overlay together are always the current set, as far as the views were read.
 */
export class KeyOverlay {
  private readonly changes = new Map<string, Change>()
  /** Every changed key, rising, once `sort` has run; may hold keys that were dropped since. */
  private sorted: string[] = []
  private fresh: string[] = []
  private stale = false
  views: RangeView[] = []

  set(key: string, present: boolean, generation: number): void {
    const change = this.changes.get(key)
    if (change === undefined) {
      this.changes.set(key, { present, generation })
      this.fresh.push(key)
    } else {
      change.present = present
      change.generation = generation
    }
  }

  isPresent(key: string): boolean | undefined {
    return this.changes.get(key)?.present
  }

  view(range: KeyRange): RangeView | undefined {
    return this.views.find((view) => view.range.from === range.from && view.range.to === range.to)
  }

  /** How many keys must be read past the view's horizon so that `first` can give the limit. */
  missing(view: RangeView, limit: number): number {
    view.keys = view.keys.filter((key) => this.changes.get(key)?.present !== false)
    if (view.exhausted) return 0
    const have = this.first(view, limit).length
    return have >= limit ? 0 : limit + this.removals(view.horizon, view.range.to)
  }

  /** The first keys of store and changes together, at most `limit`, up to the view's horizon. */
  first(view: RangeView, limit: number): string[] {
    this.sort()
    const result: string[] = []
    const { keys, range } = view
    const end = view.exhausted ? range.to : view.horizon
    let mine = lowerBound(this.sorted, range.from)
    let theirs = 0
    while (result.length < limit) {
      const stored = keys[theirs]
      const changed = below(end, this.sorted[mine])
      const next = lower(stored, changed)
      if (next === undefined) break
      if (next === stored) theirs += 1
      if (next === changed) mine += 1
      if (this.changes.get(next)?.present ?? true) result.push(next)
    }
    return result
  }

  /** Forgets changes of this generation: the store has them now. */
  drop(keys: readonly string[], generation: number): void {
    const added: string[] = []
    const removed = new Set<string>()
    for (const key of keys) {
      const change = this.changes.get(key)
      if (change === undefined || change.generation !== generation) continue
      if (change.present) added.push(key)
      else removed.add(key)
      this.changes.delete(key)
      this.stale = true
    }
    for (const view of this.views) absorb(view, added, removed)
  }

  private removals(from: string, to: string): number {
    this.sort()
    let count = 0
    for (let index = lowerBound(this.sorted, from); index < this.sorted.length; index += 1) {
      const key = this.sorted[index] as string
      if (key >= to) break
      if (this.changes.get(key)?.present === false) count += 1
    }
    return count
  }

  private sort(): void {
    if (this.stale) {
      // A key that was dropped and changed again stands in both lists.
      this.sorted = [...this.changes.keys()].sort(byBytes)
    } else if (this.fresh.length > 0) {
      this.sorted = merge(this.sorted, this.fresh.sort(byBytes))
    }
    this.fresh = []
    this.stale = false
  }
}

function absorb(view: RangeView, added: readonly string[], removed: ReadonlySet<string>): void {
  const end = view.exhausted ? view.range.to : view.horizon
  const known = new Set(view.keys)
  const more = added.filter((key) => key >= view.range.from && key < end && !known.has(key))
  const kept = removed.size === 0 ? view.keys : view.keys.filter((key) => !removed.has(key))
  view.keys = more.length === 0 ? kept : merge(kept, more.sort(byBytes))
}

function merge(left: readonly string[], right: readonly string[]): string[] {
  const result: string[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    if ((left[l] as string) < (right[r] as string)) result.push(left[l++] as string)
    else result.push(right[r++] as string)
  }
  while (l < left.length) result.push(left[l++] as string)
  while (r < right.length) result.push(right[r++] as string)
  return result
}

function below(end: string, key: string | undefined): string | undefined {
  return key !== undefined && key < end ? key : undefined
}

function lower(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return left < right ? left : right
}

/** The first index whose key is not below `key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** A view of a range of which nothing was read yet. */
export function unread(range: KeyRange): RangeView {
  assert(range.limit > 0, 'a range that may give no key')
  return { range, keys: [], horizon: range.from, exhausted: false }
}
