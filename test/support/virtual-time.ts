import type { Schedule } from '../../src/runtime/schedule.ts'
import type { Chance } from './chance.ts'

/** Something that can be killed: what it waits for then never happens. */
export interface Mortal {
  alive: boolean
  /** Stopped as by SIGSTOP: what it waits for happens once it goes on. */
  isStopped?: boolean
}

interface Waiting {
  readonly at: number
  readonly owner: Mortal
  readonly run: () => void
}

/** A scheduler that decides, by chance, which of the things that are due happens next. */
export class VirtualTime {
  now = 1_700_000_000_000
  private readonly chance: Chance
  private waiting: Waiting[] = []

  constructor(chance: Chance) {
    this.chance = chance
  }

  /** Resolves at some time after so many milliseconds; never, when the owner dies before. */
  pause(owner: Mortal, milliseconds = 0): Promise<void> {
    return new Promise((resolve) => {
      if (owner.alive) this.waiting.push({ at: this.now + milliseconds, owner, run: resolve })
    })
  }

  /** A schedule for production code of this owner. */
  scheduleOf(owner: Mortal): Schedule {
    return {
      after: (milliseconds, run) => {
        const entry = { at: this.now + milliseconds, owner, run }
        if (owner.alive) this.waiting.push(entry)
        return () => {
          this.waiting = this.waiting.filter((other) => other !== entry)
        }
      },
      breathe: () => this.pause(owner),
    }
  }

  /** Lets one thing happen, and all that follows from it at once. False when all is still. */
  async step(): Promise<boolean> {
    this.waiting = this.waiting.filter(({ owner }) => owner.alive)
    const able = this.waiting.filter(({ owner }) => owner.isStopped !== true)
    if (able.length === 0) return false
    let due = able.filter(({ at }) => at <= this.now)
    if (due.length === 0) {
      this.now = Math.min(...able.map(({ at }) => at))
      due = able.filter(({ at }) => at <= this.now)
    }
    const chosen = this.chance.pick(due)
    this.waiting.splice(this.waiting.indexOf(chosen), 1)
    this.now += this.chance.below(3)
    chosen.run()
    await settled()
    return true
  }
}

/** Resolves when no promise is left that could go on by itself. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
