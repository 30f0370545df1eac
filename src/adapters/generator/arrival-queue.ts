import type { JsonEvent } from './json-event.ts'

/** An event and the instant at which it reaches the log. */
export interface Arrival {
  readonly at: number
  readonly event: JsonEvent
}

interface Entry extends Arrival {
  readonly order: number
}

/** Events by arrival, equal arrivals in the order of `push`: a binary heap. */
export class ArrivalQueue {
  readonly #heap: Entry[] = []
  #pushed = 0

  /** Arrival of the next event; undefined when none is left. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at
  }

  push({ at, event }: Arrival): void {
    const entry = { at, event, order: this.#pushed }
    this.#pushed += 1
    this.#heap.push(entry)
    rise(this.#heap, entry)
  }

  pop(): JsonEvent | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return undefined
    if (this.#heap.length > 0) sink(this.#heap, last)
    return first.event
  }
}

/** Moves the entry, which stands last, up to its place. */
function rise(heap: Entry[], entry: Entry): void {
  let index = heap.length - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent] as Entry
    if (!before(entry, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = entry
}

/** Puts the entry into the free first place and down to where it belongs. */
function sink(heap: Entry[], entry: Entry): void {
  const { length } = heap
  let index = 0
  for (let child = 1; child < length; child = 2 * index + 1) {
    const right = child + 1
    if (right < length && before(heap[right] as Entry, heap[child] as Entry)) child = right
    const below = heap[child] as Entry
    if (!before(below, entry)) break
    heap[index] = below
    index = child
  }
  heap[index] = entry
}

function before(a: Entry, b: Entry): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at
}
