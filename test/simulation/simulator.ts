import { Fault } from '../../src/ports/faults.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Supervisor, startSupervisor } from '../../src/runtime/supervisor.ts'
import { Chance } from '../support/chance.ts'
import { Disk, FaultyStore, type WriteFate } from '../support/faulty-store.ts'
import { SimulatedBroker, SimulatedLog, SimulatedPartition } from '../support/simulated-log.ts'
import { type Mortal, VirtualTime } from '../support/virtual-time.ts'
import { CrashPlan } from './crash-plan.ts'
import { type InputRecord, Judge } from './judge.ts'
import { settlement } from './settlement.ts'
import { counting, type Workload } from './workload.ts'

// The production code of the runtime on a simulated log and faulty stores: one thread, virtual
// time, and a seed that decides what happens next. After every commit and every write the judge
// is asked; a run that breaks an invariant, halts or does not finish throws with its seed.

/** A way to build the world wrongly, for the test that the simulator notices. */
export interface PlantedBug {
  readonly wrapLog?: (log: SimulatedLog) => Log
  readonly wrapStore?: (store: Store) => Store
  /** Replaces code while the run lasts; the result puts it back. */
  readonly patch?: () => () => void
}

interface SimulatedProcess extends Mortal {
  readonly host: number
  readonly log: SimulatedLog
  /** How far the clock of its machine is off, in milliseconds. */
  readonly skew: number
  supervisor: Supervisor | undefined
}

const steps = { chaos: 420, calm: 6_000 }
const hosts = 3
const day = 86_400_000

/** What happened in a run, to see that the seeds reach what they are for. */
export interface RunCounts {
  commits: number
  /** Commits between two steps of a record. */
  cuts: number
  crashes: number
  /** Processes that were stopped for a while, and then went on. */
  zombies: number
  torn: number
  faults: Record<string, number>
}

/** Runs one seed to its end. */
export async function simulate(seed: number, bug: PlantedBug = {}): Promise<RunCounts> {
  const restore = bug.patch?.()
  try {
    return await new Simulation(seed, bug).run()
  } finally {
    restore?.()
  }
}

/** The real fold takes a share of the seeds. */
export function workloadOf(seed: number): Workload {
  return seed % 20 === 7 ? settlement() : counting
}

class Crash extends Error {}

class Simulation {
  private readonly seed: number
  private readonly bug: PlantedBug
  private readonly chance: Chance
  private readonly time: VirtualTime
  private readonly workload: Workload
  private readonly crashes: CrashPlan
  private readonly broker: SimulatedBroker
  private readonly partitions: readonly SimulatedPartition[]
  private readonly inputs: readonly (readonly InputRecord[])[]
  private readonly judge: Judge
  private readonly disks = new Map<string, Disk>()
  private readonly counts = { crashes: 0, zombies: 0, torn: 0 }
  private readonly faults: Record<string, number> = {}
  private processes: SimulatedProcess[] = []
  private isFaulty = true

  constructor(seed: number, bug: PlantedBug) {
    this.seed = seed
    this.bug = bug
    this.chance = new Chance(seed)
    this.time = new VirtualTime(this.chance)
    this.workload = workloadOf(seed)
    this.crashes = new CrashPlan(seed, this.chance)
    this.inputs = Array.from({ length: 1 + this.chance.below(2) }, () => this.input())
    this.partitions = this.inputs.map(() => new SimulatedPartition())
    this.judge = new Judge(this.workload, this.inputs, this.partitions)
    this.broker = new SimulatedBroker({
      partitions: this.partitions,
      time: this.time,
      chance: this.chance,
      onCommit: (partition) => this.judge.committed(partition),
      onViolation: (what) => this.judge.violate(what),
    })
  }

  async run(): Promise<RunCounts> {
    for (let step = 0; step < steps.chaos; step += 1) {
      this.disturb()
      await this.time.step()
      this.judge.pronounce(this.seed)
    }
    await this.calmDown()
    const { commits, cuts } = this.judge
    return { commits, cuts, ...this.counts, faults: this.faults }
  }

  /** No faults any more: now everything must come to its end. */
  private async calmDown(): Promise<void> {
    this.isFaulty = false
    this.broker.isFaulty = false
    for (const process of this.processes) process.isStopped = false
    for (let step = 0; step < steps.calm && !this.isDone(); step += 1) {
      for (const partition of this.partitions.keys()) this.append(partition, 5)
      if (this.processes.length === 0) this.start(this.chance.below(hosts))
      for (const partition of this.unowned()) this.processes[0]?.log.assign(partition)
      await this.time.step()
      this.judge.pronounce(this.seed)
    }
    if (!this.isDone()) this.judge.violate(`no end: ${this.describe()}`)
    this.judge.pronounce(this.seed)
    this.judge.ended()
    this.judge.pronounce(this.seed)
  }

  private isDone(): boolean {
    return this.partitions.every(({ committed, records, end }, number) => {
      const isAppended = records.length === this.inputs[number]?.length
      const last = records[records.length - 1]?.offset ?? 0
      const offset = committed?.position.offset ?? 0
      return isAppended && offset > last && offset <= end
    })
  }

  private describe(): string {
    const at = this.partitions.map(({ committed, end }) => [committed?.position, end])
    return JSON.stringify({ at, faults: this.faults, processes: this.processes.length })
  }

  private disturb(): void {
    const { chance } = this
    if (chance.oneIn(8)) this.append(chance.below(this.partitions.length), 1 + chance.below(12))
    if (chance.oneIn(40) || this.processes.length === 0) this.startAnywhere()
    if (chance.oneIn(25)) this.rebalance()
    if (chance.oneIn(200)) for (let times = chance.below(8); times > 0; times -= 1) this.rebalance()
    if (chance.oneIn(40)) this.flush(chance.pick(this.processes))
    if (chance.oneIn(20)) this.harm()
  }

  /** What happens seldom. */
  private harm(): void {
    const { chance, processes } = this
    const process = chance.pick(processes)
    const what = chance.below(10)
    if (what < 2) this.kill(process)
    else if (what === 2) this.cutPower(chance.below(hosts))
    else if (what === 3) process?.supervisor?.stop().then(undefined, () => undefined)
    else if (what < 7) this.freeze(process)
    else if (what === 7) this.exchangeDisk()
    else for (const stopped of processes) stopped.isStopped = false
  }

  private startAnywhere(): void {
    const host = this.chance.below(hosts)
    const isTaken = this.processes.some((process) => process.host === host)
    // Two instances with one folder: the second must stop.
    if (!isTaken || this.chance.oneIn(12)) this.start(host)
  }

  private start(host: number): void {
    const owner: Mortal = { alive: true, isStopped: false }
    const log = new SimulatedLog(this.broker, owner)
    const skew = this.chance.below(2 * day) - day
    const parts = { host, log, skew, supervisor: undefined }
    const process: SimulatedProcess = Object.assign(owner, parts)
    process.supervisor = this.supervise(process)
    this.processes.push(process)
    process.supervisor.done.then(
      () => this.remove(process),
      (fault) => this.ended(process, fault),
    )
  }

  private supervise(process: SimulatedProcess): Supervisor {
    const { bug, time, workload } = this
    return startSupervisor({
      log: bug.wrapLog?.(process.log) ?? process.log,
      codec: workload.codec,
      tools: workload.tools,
      createFold: workload.createFold,
      foldVersion: 1,
      ledger: { clock: 'replay' },
      ledgerDigest: 'ledger',
      settings: {
        commitRecords: 1 + this.chance.below(9),
        commitBytes: 300 + this.chance.below(3_000),
        commitInterval: { least: 50, most: 100 },
        storeBytes: this.chance.pick([50, 2_000, 1_000_000]),
        storeInterval: 200,
        sliceRecords: 1 + this.chance.below(6),
        cacheRows: this.chance.pick([0, 4, 1_000]),
      },
      clock: { now: () => time.now + process.skew },
      schedule: time.scheduleOf(process),
      failpoints: {
        reach: (name) => {
          if (!process.alive || !this.isFaulty || !this.crashes.isDue(name)) return
          this.kill(process)
          throw new Crash('killed')
        },
      },
      openStore: async (partition) => this.openStore(process, partition),
      setAside: async (partition) => this.disk(process.host, partition).setAside(),
      retries: 60,
      retryDelay: 1,
      onFault: (_, fault) => this.note(process, fault),
    })
  }

  private openStore(process: SimulatedProcess, partition: number): Store {
    const { chance } = this
    const disk = this.disk(process.host, partition)
    if (this.isFaulty && disk.owner?.alive !== true) {
      if (chance.oneIn(15)) disk.loseBatch(chance)
      if (chance.oneIn(15)) disk.flipBit(chance)
    }
    const store = new FaultyStore({
      disk,
      owner: process,
      time: this.time,
      onWrite: (writes) => this.judge.written(disk, partition, writes),
      onMisuse: (what) => this.judge.violate(what),
      fate: () => this.fateOfWrite(process),
      chance,
    })
    return this.bug.wrapStore?.(store) ?? store
  }

  private fateOfWrite(process: SimulatedProcess): WriteFate {
    const fate = this.isFaulty ? this.chance.below(45) : 9
    if (fate > 2) return 'written'
    if (fate === 0) return 'refused'
    this.kill(process)
    if (fate === 1) return 'killed'
    this.counts.torn += 1
    return 'torn'
  }

  private kill(process: SimulatedProcess | undefined): void {
    if (process === undefined) return
    this.counts.crashes += 1
    this.remove(process)
  }

  /** All processes of the machine die, and what was not synced is gone. */
  private cutPower(host: number): void {
    for (const process of this.processes) if (process.host === host) this.kill(process)
    for (const number of this.partitions.keys()) this.disk(host, number).losePower()
  }

  private freeze(process: SimulatedProcess | undefined): void {
    if (process === undefined) return
    this.counts.zombies += 1
    process.isStopped = true
  }

  /** A folder is lost, or an old copy of another machine's is put in its place. */
  private exchangeDisk(): void {
    const number = this.chance.below(this.partitions.length)
    const disk = this.disk(this.chance.below(hosts), number)
    const other = this.disk(this.chance.below(hosts), number)
    if (disk.owner?.alive === true) return
    if (this.chance.oneIn(2) || disk === other) disk.setAside()
    else disk.replaceBy(other)
  }

  private remove(process: SimulatedProcess): void {
    process.alive = false
    this.processes = this.processes.filter((other) => other !== process)
  }

  private flush(process: SimulatedProcess | undefined): void {
    process?.supervisor?.flush().then(undefined, () => undefined)
  }

  private rebalance(): void {
    const process = this.chance.pick(this.processes)
    process?.log.assign(this.chance.below(this.partitions.length))
  }

  private unowned(): number[] {
    return [...this.partitions.keys()].filter((number) => {
      const owner = this.partitions[number]?.owner
      return owner === undefined || !owner.owner.alive
    })
  }

  private ended(process: SimulatedProcess, fault: unknown): void {
    if (!process.alive) return
    this.remove(process)
    this.note(process, fault)
  }

  private note(process: SimulatedProcess, fault: unknown): void {
    if (!process.alive || fault instanceof Crash) return
    const kind = fault instanceof Fault ? fault.kind : 'defect'
    this.faults[kind] = (this.faults[kind] ?? 0) + 1
    if (kind === 'halted' || kind === 'defect') {
      this.judge.violate(`a partition stopped: ${fault}`)
    }
  }

  private append(partition: number, count: number): void {
    const { records } = this.partitions[partition] as SimulatedPartition
    const left = this.inputs[partition]?.slice(records.length, records.length + count) ?? []
    for (const { value, gap } of left) this.partitions[partition]?.append(value, gap)
  }

  private input(): InputRecord[] {
    const { chance } = this
    return this.workload
      .input(chance)
      .map((value) => ({ value, gap: chance.oneIn(5) ? 1 + chance.below(2) : 0 }))
  }

  private disk(host: number, partition: number): Disk {
    const name = `${host}/${partition}`
    const disk = this.disks.get(name) ?? new Disk()
    this.disks.set(name, disk)
    return disk
  }
}
