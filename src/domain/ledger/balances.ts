import type { Booking } from './journal.ts'

/** What stands on one account, in minor units that may leave the safe integers. */
export interface Balance {
  readonly entity: string
  readonly currency: string
  readonly account: string
  readonly debit: bigint
  readonly credit: bigint
  /** Debit − credit. */
  readonly balance: bigint
}

/** The books of all entities: bookings in, balances out. */
export class Balances {
  readonly #accounts = new Map<string, { debit: bigint; credit: bigint }>()

  add({ entity, currency, postings }: Booking): void {
    for (const { account, amount } of postings) {
      const sides = this.#sidesOf(`${entity}\0${currency}\0${account}`)
      if (amount > 0) sides.debit += BigInt(amount)
      else sides.credit -= BigInt(amount)
    }
  }

  /** By entity, currency and account. */
  rows(): Balance[] {
    const keys = [...this.#accounts.keys()].sort()
    return keys.map((key) => {
      const [entity, currency, account] = key.split('\0') as [string, string, string]
      const { debit, credit } = this.#sidesOf(key)
      return { entity, currency, account, debit, credit, balance: debit - credit }
    })
  }

  /** The sum of all balances by currency: zero for each, or the books are wrong. */
  sums(): Map<string, bigint> {
    const sums = new Map<string, bigint>()
    for (const { currency, balance } of this.rows()) {
      sums.set(currency, (sums.get(currency) ?? 0n) + balance)
    }
    return sums
  }

  #sidesOf(key: string): { debit: bigint; credit: bigint } {
    let sides = this.#accounts.get(key)
    if (sides === undefined) {
      sides = { debit: 0n, credit: 0n }
      this.#accounts.set(key, sides)
    }
    return sides
  }
}
