interface Waiter {
  readonly offset: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** How far a partition is folded, for those who wait for it. Outlives the partition's tasks. */
export class Progress {
  private offset = 0
  private failure: { readonly reason: unknown } | undefined
  private waiters: Waiter[] = []

  /** Resolves when everything below `offset` is folded; rejects when the partition stops. */
  reached(offset: number): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure.reason)
    if (this.offset >= offset) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.waiters.push({ offset, resolve, reject })
    })
  }

  /** Back as well as forth: a task that starts again starts from what was committed. */
  moveTo(offset: number): void {
    this.offset = offset
    if (this.waiters.length === 0) return
    const due = this.waiters.filter((waiter) => waiter.offset <= offset)
    this.waiters = this.waiters.filter((waiter) => waiter.offset > offset)
    for (const waiter of due) waiter.resolve()
  }

  /** The partition stops for good. */
  fail(reason: unknown): void {
    this.failure ??= { reason }
    const { waiters } = this
    this.waiters = []
    for (const waiter of waiters) waiter.reject(reason)
  }
}
