import { progress } from '@clack/prompts'
import { readEnvironment } from './read-settings.ts'

/** How far a long piece of work is. */
export interface ProgressBar {
  /** Work done since the last call, in the units of the total. */
  advance(steps: number): void
  /** Takes the bar away and leaves one line about what was done. */
  done(message: string): void
  /** Takes the bar away where the work failed. */
  fail(): void
}

/** A bar on standard error where people watch; elsewhere nothing moves and only the end is told. */
export function startProgress(title: string, total: number): ProgressBar {
  if (!readEnvironment().isWatched) return quietBar
  const bar = progress({ style: 'heavy', max: Math.max(total, 1), output: process.stderr })
  bar.start(title)
  let pending = 0
  return {
    advance(steps) {
      // Drawing costs more than the work of a step: a hundred moves are enough.
      pending += steps
      if (pending < total / 100) return
      bar.advance(pending)
      pending = 0
    },
    done: (message) => bar.stop(message),
    fail: () => bar.error('stopped'),
  }
}

const quietBar: ProgressBar = {
  advance: () => undefined,
  done: (message) => process.stderr.write(`${message}\n`),
  fail: () => undefined,
}
