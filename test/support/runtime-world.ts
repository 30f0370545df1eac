import type { Store } from '../../src/ports/store.ts'
import { PartitionTask, type TaskParts } from '../../src/runtime/partition-task.ts'
import { Progress } from '../../src/runtime/progress.ts'
import {
  defaultTaskSettings,
  type FoldSetup,
  type TaskSettings,
} from '../../src/runtime/settings.ts'
import { Chance } from './chance.ts'
import { createCountingFold, fakeTools } from './counting-fold.ts'
import { emissionsIn, fakeCodec } from './fake-codec.ts'
import { Disk, FaultyStore } from './faulty-store.ts'
import { Oracle } from './oracle.ts'
import { recordBatch } from './record-batch.ts'
import { SimulatedBroker, SimulatedLog, SimulatedPartition } from './simulated-log.ts'
import { type Mortal, settled, VirtualTime } from './virtual-time.ts'

const ledger = { clock: 'replay' } as const

/** One process, a log without faults and disks, for tests that choose their own faults. */
export class RuntimeWorld {
  readonly time = new VirtualTime(new Chance(7))
  readonly owner: Mortal = { alive: true }
  readonly partitions: SimulatedPartition[]
  readonly broker: SimulatedBroker
  readonly log: SimulatedLog
  readonly disks: Disk[]
  /** Faults that tasks reported, in order. */
  readonly faults: unknown[] = []
  readonly violations: string[] = []
  readonly reached: string[] = []

  constructor(partitions = 1) {
    this.partitions = Array.from({ length: partitions }, () => new SimulatedPartition())
    this.disks = Array.from({ length: partitions }, () => new Disk())
    this.broker = new SimulatedBroker({
      partitions: this.partitions,
      time: this.time,
      chance: new Chance(3),
      onCommit: () => undefined,
      onViolation: (what) => this.violations.push(what),
    })
    this.broker.isFaulty = false
    this.log = new SimulatedLog(this.broker, this.owner)
  }

  append(values: readonly Uint8Array[], partition = 0): void {
    for (const value of values) this.partitions[partition]?.append(value, 0)
  }

  setup(settings: Partial<TaskSettings> = {}): FoldSetup {
    return {
      log: this.log,
      codec: fakeCodec,
      tools: fakeTools,
      createFold: createCountingFold,
      foldVersion: 1,
      ledger,
      ledgerDigest: 'ledger',
      settings: { ...defaultTaskSettings, ...settings },
      clock: { now: () => this.time.now },
      schedule: this.time.scheduleOf(this.owner),
      failpoints: { reach: (name) => this.reached.push(name) },
    }
  }

  store(partition = 0): Store {
    return new FaultyStore({
      disk: this.disks[partition] as Disk,
      owner: this.owner,
      time: this.time,
      onWrite: () => undefined,
      onMisuse: (what) => this.violations.push(what),
    })
  }

  /** Opens a task and leaves its store in `store`, to be closed by the test. */
  open(changes: Partial<TaskParts> = {}, settings: Partial<TaskSettings> = {}) {
    return this.drive(
      PartitionTask.open({
        ...this.setup(settings),
        partition: 0,
        store: changes.store ?? this.store(),
        progress: new Progress(),
        onFault: (fault) => this.faults.push(fault),
        ...changes,
      }),
    )
  }

  /** Opens a task, folds all records of the log, flushes and ends: what a good run leaves. */
  async settle(settings: Partial<TaskSettings> = {}): Promise<void> {
    const store = this.store()
    const task = await this.open({ store }, settings)
    await this.drive(task.onBatch(this.batch(task.position.offset)))
    await this.drive(task.close())
    await store.close()
  }

  /** The records from this offset on. */
  batch(from = 0, count = Number.POSITIVE_INFINITY, partition = 0) {
    const { records, end } = this.partitions[partition] as SimulatedPartition
    const left = records.filter(({ offset }) => offset >= from)
    const taken = left.slice(0, count)
    const nextOffset = left[taken.length]?.offset ?? end
    return recordBatch(taken, { topic: 'events', partition, nextOffset })
  }

  oracle(partition = 0): Oracle {
    const { records } = this.partitions[partition] as SimulatedPartition
    const setup = { codec: fakeCodec, tools: fakeTools, createFold: createCountingFold, ledger }
    return new Oracle(records, partition, setup)
  }

  /** Emissions that readers of the log see, in the order of outSeq. */
  visible(partition = 0): string[] {
    return (this.partitions[partition] as SimulatedPartition).visible
      .flatMap(({ records }) => records.flatMap(({ value }) => emissionsIn(value)))
      .sort(([left], [right]) => left - right)
      .map(([, text]) => text)
  }

  /** Lets virtual time pass until the promise is settled. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const done = (): void => {
      isSettled = true
    }
    promise.then(done, done)
    // What was begun must first come to where it waits for time.
    await settled()
    for (let left = 100_000; !isSettled && left > 0; left -= 1) {
      // A promise that needs nothing of the world is settled by the turn itself.
      if (!(await this.time.step())) await settled()
    }
    return promise
  }

  /** Lets so many milliseconds of virtual time pass. */
  async pass(milliseconds: number): Promise<void> {
    await this.drive(this.time.pause(this.owner, milliseconds))
  }
}
