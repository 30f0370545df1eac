import type { Tick } from '../fold/events.ts'
import type { Clock } from '../ports/clock.ts'
import type { Codec } from '../ports/codec.ts'
import type { Log, OutgoingBatch } from '../ports/log.ts'
import type { Schedule } from './schedule.ts'

// Live ticks: whoever owns a partition moves its clock on.
//
//   K1. A tick goes to one partition only, when `interval` has passed since the last one that this
//       ticker appended there.
//   K2. Late, doubled and lost ticks are harmless: the clock of a partition is a maximum, and what
//       a tick causes carries the instant its condition became true, never the tick's.
//   K3. One append at a time: a log that is slow gets fewer ticks, never a queue of them.

export interface TickerParts {
  readonly log: Pick<Log, 'append'>
  readonly codec: Pick<Codec, 'encodeEvent'>
  readonly clock: Clock
  readonly schedule: Schedule
  /** The partitions that are owned and run at this moment. */
  readonly partitions: () => Iterable<number>
  /** Milliseconds between two ticks of a partition. */
  readonly interval: number
  /** Told how many ticks were appended. */
  readonly onTicks?: (count: number) => void
  /** Told of the fault of an append; the next one is tried all the same. */
  readonly onFault: (fault: unknown) => void
}

export interface Ticker {
  /** Appends no more, and resolves when the append under way has ended. */
  stop(): Promise<void>
}

/** Starts ticking at once. */
export function startTicker(parts: TickerParts): Ticker {
  return new Ticking(parts)
}

class Ticking implements Ticker {
  private readonly parts: TickerParts
  private readonly last = new Map<number, number>()
  private appending: Promise<void> | undefined
  private cancelTimer: (() => void) | undefined
  private isStopped = false

  constructor(parts: TickerParts) {
    this.parts = parts
    this.beat()
  }

  async stop(): Promise<void> {
    this.isStopped = true
    this.cancelTimer?.()
    await this.appending
  }

  private beat(): void {
    this.cancelTimer = undefined
    if (this.isStopped) return
    const now = this.parts.clock.now()
    const due = this.duePartitions(now)
    if (due.length === 0) return this.wait()
    this.appending = this.append(now, due).then(
      () => this.parts.onTicks?.(due.length),
      (fault) => this.parts.onFault(fault),
    )
    void this.appending.then(() => {
      this.appending = undefined
      this.wait()
    })
  }

  private duePartitions(now: number): number[] {
    const due: number[] = []
    for (const partition of this.parts.partitions()) {
      const since = now - (this.last.get(partition) ?? Number.NEGATIVE_INFINITY)
      // A clock that was set back gives ticks that change nothing until it has caught up.
      if (since >= this.parts.interval || since < 0) due.push(partition)
    }
    return due
  }

  private async append(now: number, due: readonly number[]): Promise<void> {
    for (const partition of due) this.last.set(partition, now)
    const record = { key: null, value: this.parts.codec.encodeEvent(tickAt(now)) }
    const batches: OutgoingBatch[] = due.map((partition) => ({
      topic: 'events',
      partition,
      records: [record],
    }))
    // Not synced: the commit that folds the tick is, and syncs what was written before it.
    await this.parts.log.append(batches, { durable: false })
  }

  private wait(): void {
    if (this.isStopped) return
    const { interval, schedule, clock } = this.parts
    const latest = Math.max(0, ...this.last.values())
    // Looks around four times an interval, for partitions that came meanwhile.
    const left = Math.min(interval / 4, Math.max(1, latest + interval - clock.now()))
    this.cancelTimer = schedule.after(left, () => this.beat())
  }
}

function tickAt(at: number): Tick {
  return { type: 'Tick', eventId: `tick:${at}`, occurredAt: at, source: null, at }
}
