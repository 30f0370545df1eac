import { Fault } from '../../src/ports/faults.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Store, StoreWrite } from '../../src/ports/store.ts'
import { decodeMeta, metaKey } from '../../src/runtime/meta.ts'
import { comparePositions, showPosition } from '../../src/runtime/position.ts'
import { type Supervisor, startSupervisor } from '../../src/runtime/supervisor.ts'
import { Chance } from '../support/chance.ts'
import { adjustment, createCountingFold, fakeTools, tick } from '../support/counting-fold.ts'
import { emissionsIn, fakeCodec } from '../support/fake-codec.ts'
import { Disk, FaultyStore } from '../support/faulty-store.ts'
import { Oracle } from '../support/oracle.ts'
import { SimulatedBroker, SimulatedLog, SimulatedPartition } from '../support/simulated-log.ts'
import { type Mortal, VirtualTime } from '../support/virtual-time.ts'

// The production code of the runtime on a simulated log and faulty stores: one thread, virtual
// time, and a seed that decides what happens next. After every commit and every write the oracle
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
  supervisor: Supervisor | undefined
}

const steps = { chaos: 700, calm: 6_000 }
const hosts = 2

/** What happened in a run, to see that the seeds reach what they are for. */
export interface RunCounts {
  commits: number
  /** Commits between two steps of a record. */
  cuts: number
  crashes: number
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

class Crash extends Error {}

class Simulation {
  private readonly seed: number
  private readonly bug: PlantedBug
  private readonly chance: Chance
  private readonly time: VirtualTime
  private readonly broker: SimulatedBroker
  private readonly partitions: readonly SimulatedPartition[]
  private readonly oracles: readonly Oracle[]
  private readonly inputs: readonly { readonly value: Uint8Array; readonly gap: number }[][]
  private readonly disks = new Map<string, Disk>()
  private readonly counts: RunCounts = { commits: 0, cuts: 0, crashes: 0, faults: {} }
  private processes: SimulatedProcess[] = []
  private violation: string | undefined
  private isFaulty = true

  constructor(seed: number, bug: PlantedBug) {
    this.seed = seed
    this.bug = bug
    this.chance = new Chance(seed)
    this.time = new VirtualTime(this.chance)
    this.inputs = Array.from({ length: 1 + this.chance.below(2) }, () => this.input())
    this.partitions = this.inputs.map(() => new SimulatedPartition())
    this.oracles = this.inputs.map((input, partition) => oracleOf(input, partition))
    this.broker = new SimulatedBroker({
      partitions: this.partitions,
      time: this.time,
      chance: this.chance,
      onCommit: (partition) => this.checkOutputs(partition),
      onViolation: (what) => this.violate(what),
    })
  }

  async run(): Promise<RunCounts> {
    for (let step = 0; step < steps.chaos; step += 1) {
      this.disturb()
      await this.time.step()
      this.judge()
    }
    await this.calmDown()
    return this.counts
  }

  /** No faults any more: now everything must come to its end. */
  private async calmDown(): Promise<void> {
    this.isFaulty = false
    this.broker.isFaulty = false
    for (let step = 0; step < steps.calm && !this.isDone(); step += 1) {
      for (const partition of this.partitions.keys()) this.append(partition, 5)
      if (this.processes.length === 0) this.start()
      for (const partition of this.unowned()) this.processes[0]?.log.assign(partition)
      await this.time.step()
      this.judge()
    }
    if (!this.isDone()) this.violate(`no end: ${this.describe()}`)
    this.judge()
    for (const [number, oracle] of this.oracles.entries()) {
      const count = this.visible(number).length
      if (count !== oracle.emissions.length) this.violate('R3: outputs are missing')
    }
    this.judge()
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
    return JSON.stringify({ at, faults: this.counts.faults, processes: this.processes.length })
  }

  private disturb(): void {
    const { chance } = this
    if (chance.oneIn(12)) this.append(chance.below(this.partitions.length), 1 + chance.below(12))
    if (chance.oneIn(60) || this.processes.length === 0) this.start()
    if (chance.oneIn(25)) this.rebalance()
    if (chance.oneIn(120)) this.kill(chance.pick(this.processes))
    if (chance.oneIn(40)) this.flush(chance.pick(this.processes))
    if (chance.oneIn(300)) this.stop(chance.pick(this.processes))
  }

  private start(): void {
    const host = this.chance.below(hosts)
    if (this.processes.some((process) => process.host === host)) return
    const owner: Mortal = { alive: true }
    const log = new SimulatedLog(this.broker, owner)
    const process: SimulatedProcess = Object.assign(owner, { host, log, supervisor: undefined })
    process.supervisor = this.supervise(process)
    this.processes.push(process)
    process.supervisor.done.then(
      () => this.remove(process),
      (fault) => this.ended(process, fault),
    )
  }

  private supervise(process: SimulatedProcess): Supervisor {
    const { bug, time } = this
    return startSupervisor({
      log: bug.wrapLog?.(process.log) ?? process.log,
      codec: fakeCodec,
      tools: fakeTools,
      createFold: createCountingFold,
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
      clock: { now: () => time.now },
      schedule: time.scheduleOf(process),
      failpoints: { reach: () => this.failpoint(process) },
      openStore: async (partition) => this.openStore(process, partition),
      setAside: async (partition) => this.disk(process.host, partition).setAside(),
      retries: 60,
      retryDelay: 1,
      onFault: (_, fault) => this.note(process, fault),
    })
  }

  private openStore(process: SimulatedProcess, partition: number): Store {
    const disk = this.disk(process.host, partition)
    if (this.isFaulty && this.chance.oneIn(30)) disk.loseBatch(this.chance)
    if (this.isFaulty && this.chance.oneIn(30)) disk.flipBit(this.chance)
    const store = new FaultyStore({
      disk,
      owner: process,
      time: this.time,
      onWrite: (writes) => this.checkStore(disk, partition, writes),
      onMisuse: (what) => this.violate(what),
    })
    return this.bug.wrapStore?.(store) ?? store
  }

  private failpoint(process: SimulatedProcess): void {
    if (!process.alive || !this.isFaulty || !this.chance.oneIn(250)) return
    this.kill(process)
    throw new Crash('killed')
  }

  private kill(process: SimulatedProcess | undefined): void {
    if (process === undefined) return
    this.counts.crashes += 1
    this.remove(process)
    for (const partition of this.partitions.keys()) {
      const disk = this.disk(process.host, partition)
      if (this.chance.oneIn(2)) disk.losePower()
    }
  }

  private remove(process: SimulatedProcess): void {
    process.alive = false
    this.processes = this.processes.filter((other) => other !== process)
    for (const partition of this.partitions) {
      if (partition.owner === process.log) partition.owner = undefined
    }
  }

  private stop(process: SimulatedProcess | undefined): void {
    process?.supervisor?.stop()
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
    this.counts.faults[kind] = (this.counts.faults[kind] ?? 0) + 1
    if (kind === 'halted' || kind === 'defect') this.violate(`a partition stopped: ${fault}`)
  }

  private append(partition: number, count: number): void {
    const { records } = this.partitions[partition] as SimulatedPartition
    const left = this.inputs[partition]?.slice(records.length, records.length + count) ?? []
    for (const { value, gap } of left) this.partitions[partition]?.append(value, gap)
  }

  private input() {
    const { chance } = this
    return Array.from({ length: 40 + chance.below(60) }, (_, at) => ({
      value: this.event(`E${at}`),
      gap: chance.oneIn(5) ? 1 + chance.below(2) : 0,
    }))
  }

  private event(eventId: string): Uint8Array {
    const { chance } = this
    if (chance.oneIn(25)) return new Uint8Array([1, 2, 3, chance.below(250)])
    if (chance.oneIn(10)) return tick(eventId, chance.below(120))
    return adjustment(eventId, `M-${chance.below(12)}`, chance.below(105) - 4)
  }

  /** R3: what is visible is the oracle's prefix, each emission once. */
  private checkOutputs(number: number): void {
    this.counts.commits += 1
    const partition = this.partitions[number] as SimulatedPartition
    const oracle = this.oracles[number] as Oracle
    const emissions = this.visible(number)
    const wrong = emissions.findIndex(
      ([outSeq, text], at) => outSeq !== at || oracle.emissions[at] !== text,
    )
    if (wrong >= 0) this.violate(`R3: emission ${wrong} is wrong, missing or doubled`)
    const position = partition.committed?.position ?? { offset: 0, step: 0 }
    if (position.step > 0) this.counts.cuts += 1
    const due = oracle.at(position)?.outSeq
    if (emissions.length !== due) this.violate(`R4: ${emissions.length} emissions of ${due} at C`)
  }

  /** Emissions that readers of the log see, in the order of outSeq. */
  private visible(number: number): (readonly [number, string])[] {
    return (this.partitions[number] as SimulatedPartition).visible
      .flatMap(({ records }) => records.flatMap(({ value }) => emissionsIn(value)))
      .sort(([left], [right]) => left - right)
  }

  /** R1, R2 and R5: the rows are the fold at S, and S is at or before C. */
  private checkStore(disk: Disk, number: number, writes: readonly StoreWrite[]): void {
    const meta = decodeMeta(writes.find(([key]) => key === metaKey)?.[1] as Uint8Array)
    const committed = this.partitions[number]?.committed?.position ?? { offset: 0, step: 0 }
    if (comparePositions(meta.position, committed) > 0) {
      this.violate(`R5: store at ${showPosition(meta.position)}, C ${showPosition(committed)}`)
    }
    if (disk.isDamaged) return
    const expected = this.oracles[number]?.at(meta.position)?.rows ?? new Map()
    const rows = [...disk.rows].filter(([key]) => !key.startsWith('\u0000'))
    const isEqual = ([key, value]: readonly [string, Uint8Array]): boolean =>
      expected.has(key) && Buffer.compare(value.subarray(0, -4), expected.get(key)) === 0
    if (rows.length !== expected.size || !rows.every(isEqual)) {
      this.violate(`R1: the store is not the fold at ${showPosition(meta.position)}`)
    }
  }

  private disk(host: number, partition: number): Disk {
    const name = `${host}/${partition}`
    const disk = this.disks.get(name) ?? new Disk()
    this.disks.set(name, disk)
    return disk
  }

  private violate(what: string): void {
    this.violation ??= what
  }

  private judge(): void {
    if (this.violation !== undefined) throw new Error(`seed ${this.seed}: ${this.violation}`)
  }
}

function oracleOf(
  input: readonly { readonly value: Uint8Array; readonly gap: number }[],
  partition: number,
): Oracle {
  const log = new SimulatedPartition()
  for (const { value, gap } of input) log.append(value, gap)
  return new Oracle(log.records, partition, {
    codec: fakeCodec,
    tools: fakeTools,
    createFold: createCountingFold,
    ledger: { clock: 'replay' },
  })
}
