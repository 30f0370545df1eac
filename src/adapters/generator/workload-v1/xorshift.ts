/** xorshift128 of Marsaglia (2003): unsigned 32-bit integers, the same for a seed everywhere. */
export class Xorshift {
  #x: number
  #y = 362_436_069
  #z = 521_288_629
  #w = 88_675_123

  constructor(seed: number) {
    this.#x = seed ^ 123_456_789
    for (let discarded = 0; discarded < 16; discarded += 1) this.next()
  }

  next(): number {
    const t = this.#x ^ (this.#x << 11)
    this.#x = this.#y
    this.#y = this.#z
    this.#z = this.#w
    this.#w = this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8)
    return this.#w >>> 0
  }
}
