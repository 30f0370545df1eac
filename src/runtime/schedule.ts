/** When things run: timers, and letting others run. Tests put virtual time behind it. */
export interface Schedule {
  /** Runs once after so many milliseconds; the result cancels it. */
  after(milliseconds: number, run: () => void): () => void
  /** Resolves when input and output that is due had its turn. */
  breathe(): Promise<void>
}

/** Timers of the process; they do not keep it alive. */
export const processSchedule: Schedule = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    timer.unref()
    return () => clearTimeout(timer)
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
}
