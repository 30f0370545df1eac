const fullPart = 1_024

/** A set of strings in order, cut into parts so that an insertion moves few of them. */
export class OrderedKeys {
  /** No part is empty but a lone one. */
  readonly #parts: string[][] = [[]]

  /** Adds a key that is not in the set. */
  add(key: string): void {
    const at = this.#partOf(key)
    const part = this.#parts[at] as string[]
    part.splice(firstNotBelow(part, key), 0, key)
    if (part.length > fullPart) this.#parts.splice(at + 1, 0, part.splice(fullPart / 2))
  }

  /** Removes a key that is in the set. */
  remove(key: string): void {
    const at = this.#partOf(key)
    const part = this.#parts[at] as string[]
    part.splice(firstNotBelow(part, key), 1)
    if (part.length === 0 && this.#parts.length > 1) this.#parts.splice(at, 1)
  }

  /** At most `limit` keys with from ≤ key < to, rising. */
  range(from: string, to: string, limit: number): string[] {
    const found: string[] = []
    for (let at = this.#partOf(from); at < this.#parts.length; at += 1) {
      const part = this.#parts[at] as string[]
      for (let place = firstNotBelow(part, from); place < part.length; place += 1) {
        const key = part[place] as string
        if (key >= to || found.length >= limit) return found
        found.push(key)
      }
    }
    return found
  }

  /** The last part that begins at or below the key, else the first. */
  #partOf(key: string): number {
    let low = 0
    let high = this.#parts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (((this.#parts[middle] as string[])[0] as string) <= key) low = middle
      else high = middle
    }
    return low
  }
}

function firstNotBelow(part: readonly string[], key: string): number {
  let low = 0
  let high = part.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((part[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}
