import { FoldHalt } from '../fold/halt.ts'
import { CorruptState, FatalFault, Fault, Halted, OwnershipLost } from '../ports/faults.ts'
import type { Consumer, Position, RecordBatch, Subscription } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import { OutcomeUnknown, PartitionTask } from './partition-task.ts'
import { Progress } from './progress.ts'
import type { FoldSetup } from './settings.ts'

// Runs the tasks of all assigned partitions, and is the only file of the runtime that catches.
//
//   V1. What happens to one partition happens one after another: assignment, batches, repairs,
//       flushes, revocation.
//   V2. A task that met a fault is never used again. The next one acquires the partition anew.
//   V3. A batch that was delivered before the present task asked for its position is dropped.

export interface SupervisorParts extends FoldSetup {
  openStore(partition: number): Promise<Store>
  /** Renames the store's folder to `<folder>.corrupt-<n>`; the store is closed. */
  setAside(partition: number): Promise<void>
  /** Repairs in a row, without a commit between them, after which a partition or process stops. */
  readonly retries: number
  /** Milliseconds before the first retry; doubled from retry to retry. */
  readonly retryDelay: number
  /** Told of every fault that was met, for the log of the process. */
  readonly onFault?: (partition: number, fault: unknown) => void
}

/** What others may see of a running task. */
export interface TaskView {
  readonly partition: number
  readonly position: Position
  readonly committed: Position
  readonly stored: Position
  readonly emitted: { readonly nextOutSeq: number; readonly digest: string }
  readonly records: number
  readonly commits: number
  /** Whether loopback records of what is folded are not yet in the log. */
  readonly owes: boolean
}

export interface Supervisor {
  /** Resolves when partition p is folded up to offsets[p]; rejects when one of them stops. */
  reached(offsets: readonly number[]): Promise<void>
  /** Resolves when all that is folded now is committed and stored. */
  flush(): Promise<void>
  /** The running tasks by partition. */
  readonly tasks: ReadonlyMap<number, TaskView>
  /** Why partitions stopped. */
  readonly halted: ReadonlyMap<number, Halted>
  /** Flushes and gives everything back. */
  stop(): Promise<void>
  /** Resolves after `stop`; rejects when something fatal happened, or at the end if one halted. */
  readonly done: Promise<void>
}

/** Subscribes to the log and folds what it delivers. */
export function startSupervisor(parts: SupervisorParts): Supervisor {
  return new Supervising(parts)
}

interface Seat {
  readonly partition: number
  readonly progress: Progress
  /** The end of the queue of V1. */
  last: Promise<void>
  isAssigned: boolean
  task: PartitionTask | undefined
  store: Store | undefined
  /** Counts openings: what belongs to an older one is void. */
  opening: number
  /** Repairs since the last commit. */
  repairs: number
}

class Supervising implements Supervisor {
  readonly tasks = new Map<number, PartitionTask>()
  readonly halted = new Map<number, Halted>()
  readonly done: Promise<void>
  private readonly parts: SupervisorParts
  private readonly seats = new Map<number, Seat>()
  private readonly subscription: Subscription
  private fatal: { readonly fault: unknown } | undefined
  private isStopping = false
  private end: { resolve: () => void; reject: (reason: unknown) => void } | undefined

  constructor(parts: SupervisorParts) {
    this.parts = parts
    this.done = new Promise((resolve, reject) => {
      this.end = { resolve, reject }
    })
    // Whoever never asks for `done` must not be killed by it.
    this.done.catch(() => undefined)
    this.subscription = parts.log.subscribe(this.consumer())
    this.subscription.done.catch((fault) => this.stopFor(fault))
  }

  async reached(offsets: readonly number[]): Promise<void> {
    await Promise.all(
      offsets.map((offset, partition) => this.seat(partition).progress.reached(offset)),
    )
  }

  async flush(): Promise<void> {
    await Promise.all([...this.seats.values()].map((seat) => this.flushSeat(seat)))
  }

  async stop(): Promise<void> {
    this.isStopping = true
    try {
      await this.subscription.stop()
    } catch (fault) {
      this.stopFor(fault)
    }
    const [halted] = this.halted.values()
    const failure = this.fatal ?? (halted === undefined ? undefined : { fault: halted })
    if (failure === undefined) this.end?.resolve()
    else this.end?.reject(failure.fault)
  }

  private consumer(): Consumer {
    return {
      onAssigned: (partition) => {
        const seat = this.seat(partition)
        seat.isAssigned = true
        return this.queue(seat, () => this.open(seat))
      },
      onRevoked: (partition) => {
        const seat = this.seat(partition)
        seat.isAssigned = false
        return this.queue(seat, () => this.close(seat))
      },
      onBatch: (batch) => {
        const seat = this.seat(batch.partition)
        const { task } = seat
        return this.queue(seat, () => this.fold(seat, batch, task))
      },
    }
  }

  /** `task` is the one that the batch was delivered for; another one asked for other offsets. */
  private async fold(
    seat: Seat,
    batch: RecordBatch,
    task: PartitionTask | undefined,
  ): Promise<void> {
    if (task === undefined || seat.task !== task) return
    try {
      await task.onBatch(batch)
    } catch (fault) {
      await this.repair(seat, fault)
    }
  }

  private async flushSeat(seat: Seat): Promise<void> {
    const target = seat.task?.position.offset ?? 0
    let isFlushed = false
    while (!isFlushed && this.fatal === undefined && !this.halted.has(seat.partition)) {
      await seat.progress.reached(target)
      await this.queue(seat, async () => {
        isFlushed = await this.tryFlush(seat)
      })
    }
  }

  /** False when a repair took the partition back, so that its records will come again. */
  private async tryFlush(seat: Seat): Promise<boolean> {
    if (seat.task === undefined) return true
    try {
      await seat.task.flush()
      return true
    } catch (fault) {
      await this.repair(seat, fault)
      return false
    }
  }

  /** Opens the seat's task, however many repairs that takes; without one where it must not be. */
  private async open(seat: Seat): Promise<void> {
    while (seat.task === undefined && seat.isAssigned && this.mayRun(seat)) {
      try {
        await this.openOnce(seat)
      } catch (fault) {
        await this.dropTask(seat)
        await this.settle(seat, fault)
      }
    }
  }

  private async openOnce(seat: Seat): Promise<void> {
    const { partition, progress } = seat
    seat.opening += 1
    const { opening } = seat
    seat.store = await this.parts.openStore(partition)
    const task = await PartitionTask.open({
      ...this.parts,
      partition,
      store: seat.store,
      progress,
      onFault: (fault) => this.repairLater(seat, opening, fault),
    })
    seat.task = task
    this.tasks.set(partition, task)
    this.subscription.seek(partition, task.position.offset)
  }

  private async close(seat: Seat): Promise<void> {
    try {
      await seat.task?.close()
    } catch (fault) {
      this.parts.onFault?.(seat.partition, fault)
    }
    await this.dropTask(seat)
  }

  /** A fault that arose outside of all handlers: by a timer or a write. */
  private repairLater(seat: Seat, opening: number, fault: unknown): void {
    const repaired = this.queue(seat, async () => {
      if (seat.opening === opening && seat.task !== undefined) await this.repair(seat, fault)
    })
    repaired.catch((reason) => this.stopFor(reason))
  }

  private async repair(seat: Seat, fault: unknown): Promise<void> {
    await this.dropTask(seat)
    await this.settle(seat, fault)
    await this.open(seat)
  }

  private async dropTask(seat: Seat): Promise<void> {
    const { task, store } = seat
    seat.task = undefined
    seat.store = undefined
    this.tasks.delete(seat.partition)
    if (task !== undefined && task.commits > 0) seat.repairs = 0
    await task?.drop()
    try {
      await store?.close()
    } catch (fault) {
      this.parts.onFault?.(seat.partition, fault)
    }
  }

  /** Does what the kind of the fault asks for, up to where the partition may be opened again. */
  private async settle(seat: Seat, fault: unknown): Promise<void> {
    this.parts.onFault?.(seat.partition, fault)
    if (fault instanceof FoldHalt) return this.halt(seat, new Halted(fault.reason, fault.message))
    const kind = fault instanceof Fault ? fault.kind : 'fatal'
    if (fault instanceof Halted) return this.halt(seat, fault)
    if (kind === 'fatal') return this.stopFor(fault)
    seat.repairs += 1
    if (seat.repairs > this.parts.retries) return this.giveUp(seat, fault)
    if (kind === 'corrupt-state') return this.setAside(seat)
    await this.wait(this.parts.retryDelay * 2 ** (seat.repairs - 1))
  }

  private async setAside(seat: Seat): Promise<void> {
    try {
      await this.parts.setAside(seat.partition)
    } catch (fault) {
      this.stopFor(fault)
    }
  }

  private giveUp(seat: Seat, fault: unknown): void {
    const what = `partition ${seat.partition} failed ${this.parts.retries + 1} times in a row`
    const message = `${what}: ${fault instanceof Error ? fault.message : String(fault)}`
    if (fault instanceof OutcomeUnknown) this.halt(seat, new Halted('OUTCOME_UNKNOWN', message))
    else this.stopFor(new FatalFault(exitCodeOf(fault), message))
  }

  private halt(seat: Seat, fault: Halted): void {
    this.halted.set(seat.partition, fault)
    seat.progress.fail(fault)
  }

  private stopFor(fault: unknown): void {
    if (this.fatal !== undefined) return
    this.fatal = { fault }
    for (const seat of this.seats.values()) seat.progress.fail(fault)
    this.end?.reject(fault)
  }

  private mayRun(seat: Seat): boolean {
    return this.fatal === undefined && !this.isStopping && !this.halted.has(seat.partition)
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.parts.schedule.after(milliseconds, resolve)
    })
  }

  private queue(seat: Seat, job: () => Promise<void>): Promise<void> {
    const next = seat.last.then(job)
    seat.last = next.then(undefined, () => undefined)
    return next
  }

  private seat(partition: number): Seat {
    let seat = this.seats.get(partition)
    if (seat === undefined) {
      seat = {
        partition,
        progress: new Progress(),
        last: Promise.resolve(),
        isAssigned: false,
        task: undefined,
        store: undefined,
        opening: 0,
        repairs: 0,
      }
      this.seats.set(partition, seat)
    }
    return seat
  }
}

/** A dependency is away, a newer instance is there, or the disk damages what it is given. */
function exitCodeOf(fault: unknown): number {
  if (fault instanceof OwnershipLost) return 8
  return fault instanceof CorruptState ? 9 : 5
}
