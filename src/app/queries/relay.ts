type Step<Item> = { readonly item: Item } | { readonly fault: unknown } | 'end'

/** Hands items from one loop to another, one at a time: whoever puts waits until it is used. */
export class Relay<Item> {
  /** Nothing more is taken. */
  isEnded = false
  private next: Step<Item> | undefined
  private wakeReader: () => void = () => undefined
  private wakeWriter: () => void = () => undefined

  /** Resolves when the item is used, or nobody takes items any more. */
  put(item: Item): Promise<void> {
    if (this.isEnded) return Promise.resolve()
    return new Promise((resolve) => {
      this.wakeWriter = resolve
      this.step({ item })
    })
  }

  /** No more items; also by the reader, who then frees whoever puts. */
  end(): void {
    this.isEnded = true
    this.step('end')
    this.wakeWriter()
  }

  /** The reader meets this instead of more items. */
  fail(fault: unknown): void {
    this.step({ fault })
  }

  /** To be read once. */
  async *items(): AsyncGenerator<Item> {
    for (;;) {
      const step = this.next ?? (await this.arrival())
      if (step === 'end') return
      if ('fault' in step) throw step.fault
      yield step.item
      this.next = undefined
      this.wakeWriter()
    }
  }

  private async arrival(): Promise<Step<Item>> {
    while (this.next === undefined) {
      await new Promise<void>((resolve) => {
        this.wakeReader = resolve
      })
    }
    return this.next
  }

  private step(step: Step<Item>): void {
    this.next = step
    this.wakeReader()
  }
}
