/** Runs tasks one after another, in the order in which they came. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** The task's own result; a task that fails does not stop the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task)
    this.#last = result
    return result
  }

  /** Resolves when all tasks are done. */
  idle(): Promise<unknown> {
    return this.#last.then(ignore, ignore)
  }
}

function ignore(): void {}
