import type { Xorshift } from './xorshift.ts'

const count = 100_000
const scale = 300_000_000

/** Merchants by Zipf's law with exponent 1: the first has 8.3 % of all orders. */
export class ZipfMerchants {
  /** Sums of the weights up to each rank. */
  readonly #upTo = new Float64Array(count)
  readonly #total: number

  constructor() {
    let sum = 0
    for (let rank = 1; rank <= count; rank += 1) {
      sum += Math.floor(scale / rank)
      this.#upTo[rank - 1] = sum
    }
    this.#total = sum
  }

  /** The number of a merchant; ranks are spread over the numbers. */
  draw(chance: Xorshift): number {
    let drawn = chance.next()
    while (drawn >= this.#total) drawn = chance.next()
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#upTo[middle] as number) > drawn) high = middle
      else low = middle + 1
    }
    return (low * 7_919 + 13) % count
  }
}
