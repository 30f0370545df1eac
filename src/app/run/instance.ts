import { createMeter } from '../../adapters/prometheus/prometheus-meter.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { FoldHalt } from '../../fold/halt.ts'
import { Fault, Halted, TransientFault } from '../../ports/faults.ts'
import type { Logger } from '../../ports/logger.ts'
import { processSchedule } from '../../runtime/schedule.ts'
import type { Supervisor } from '../../runtime/supervisor.ts'
import { startTicker, type Ticker } from '../../runtime/ticker.ts'
import { openSettlement, type Settlement, wallClock } from '../compose.ts'
import { EventChunk } from '../event-chunk.ts'
import type { Settings } from '../settings.ts'
import { lifecycle, metricCatalogue, type RunMeter } from './catalogue.ts'
import { Gauges } from './gauges.ts'
import {
  type CheckedRules,
  calendarsEnd,
  currentRules,
  dueMasterData,
  type MasterData,
} from './master-data.ts'
import { ObservedLog } from './observe-log.ts'
import { ObservedStore } from './observe-store.ts'
import { type OpenStores, RunQueries } from './run-queries.ts'
import type { PartitionStatus, Request, RunStatus } from './socket-protocol.ts'
import { Work } from './work.ts'

export interface InstanceParts {
  readonly settings: Settings
  readonly rules: CheckedRules | undefined
  readonly failpoint: string | undefined
  readonly logger: Logger
  readonly version: string
}

type State = (typeof lifecycle)[number]

/** Milliseconds between two looks at how far the calendars reach. */
const upkeepInterval = 3_600_000

/** The processor of one folder from its start to its end, without its servers. */
export class Instance {
  readonly settlement: Settlement
  readonly meter: RunMeter
  readonly gauges: Gauges
  /** Rejects with what must end the process. */
  readonly failed: Promise<never>
  private readonly parts: InstanceParts
  private readonly work: Work
  private readonly stores: OpenStores = new Map()
  private readonly queries: RunQueries
  private fail: (reason: unknown) => void = () => undefined
  private state: State = 'starting'
  private supervisor: Supervisor | undefined
  private ticker: Ticker | undefined
  private upkeep: Promise<void> = Promise.resolve()
  private cancelUpkeep: (() => void) | undefined
  private bookSeen = 0
  private book: RuleBook | undefined

  /** Opens the folder, or makes it; FatalFault where it cannot be had. */
  static async open(parts: InstanceParts): Promise<Instance> {
    const meter = createMeter(metricCatalogue)
    const work = new Work(meter, parts.logger, wallClock)
    const settlement = await openSettlement({
      folder: parts.settings.state,
      partitions: parts.settings.partitions,
      failpoint: parts.failpoint,
      clock: 'live',
      observeLog: (log) => new ObservedLog(log, work),
    })
    return new Instance(parts, settlement, { meter, work })
  }

  private constructor(
    parts: InstanceParts,
    settlement: Settlement,
    { meter, work }: { readonly meter: RunMeter; readonly work: Work },
  ) {
    this.parts = parts
    this.settlement = settlement
    this.meter = meter
    this.work = work
    this.queries = new RunQueries(settlement, this.stores, () => this.caughtUp())
    this.failed = new Promise((_, reject) => {
      this.fail = reject
    })
    // Before anyone waits for it, nobody must be killed by it.
    this.failed.catch(() => undefined)
    this.gauges = new Gauges({
      folder: parts.settings.state,
      meter,
      log: settlement.log,
      work,
      supervisor: () => this.supervisor,
      ruleBookVersion: () => this.ruleBookVersion,
      calendarsEnd: () => this.calendarsEnd(),
    })
    this.enter('starting')
  }

  /** Starts folding; ticks and the upkeep of calendars follow when the partitions are recovered. */
  start(): void {
    const { work, parts, settlement } = this
    const { commitRecords, storeInterval, cacheRows } = parts.settings
    this.enter('recovering')
    work.onAssigned = (partition) => this.onAssigned(partition)
    work.onFolded = (partition) => this.onFolded(partition)
    this.supervisor = settlement.run({
      settings: { commitRecords, storeInterval, cacheRows },
      observeStore: (partition, store) => {
        const observed = new ObservedStore(store, work)
        this.stores.set(partition, observed)
        return observed
      },
      observeFold: (createFold) => (dependencies) => {
        work.foldOver(dependencies.partition, dependencies.state)
        return createFold(dependencies)
      },
      onFault: (partition, fault) => this.onFault(partition, fault),
    })
    this.supervisor.done.catch((fault) => this.fail(fault))
  }

  /** Why the instance is not ready; none: it is. */
  whyNotReady(): string[] {
    if (this.state === 'draining') return ['the instance is stopping']
    return this.positions([])
      .filter(({ state }) => state !== 'running')
      .map(({ partition, state, reason }) => `partition ${partition}: ${reason ?? state}`)
  }

  async status(): Promise<RunStatus> {
    const { clusterId, events } = await this.settlement.log.describe()
    const { partitions, clock } = this.settlement
    const book = this.bookInForce()
    return {
      version: this.parts.version,
      pid: process.pid,
      state: this.state,
      clusterId,
      clock,
      partitions,
      positions: this.positions(events.map(({ end }) => end)),
      ruleBook:
        book === undefined
          ? null
          : { ruleBookId: book.ruleBookId, version: book.version, zone: book.zone },
      calendarsEnd: this.calendarsEnd() ?? null,
    }
  }

  /** The items that answer a query. */
  answer(request: Request): AsyncIterable<unknown> {
    return this.queries.answer(request)
  }

  /** Stops ticking and folding, flushes, and closes the folder. */
  async stop(): Promise<void> {
    this.enter('draining')
    this.cancelUpkeep?.()
    await this.ticker?.stop()
    await this.upkeep
    const positions = this.positions([])
    await this.supervisor?.stop()
    await this.settlement.close()
    for (const { partition, offset } of positions) {
      this.parts.logger.info('partition given back', { partition, offset })
    }
  }

  private onAssigned(partition: number): void {
    const task = this.supervisor?.tasks.get(partition)
    if (task !== undefined) {
      const { offset } = task.position
      this.parts.logger.info('partition recovered', { partition, offset })
    }
    if (this.state === 'recovering' && this.isRecovered()) this.begin()
  }

  private isRecovered(): boolean {
    return this.positions([]).every(({ state }) => state !== 'recovering')
  }

  private begin(): void {
    const { parts, settlement } = this
    this.enter('running')
    this.keepUp(parts.rules)
    this.ticker = startTicker({
      log: settlement.log,
      codec: settlement.codec,
      clock: wallClock,
      schedule: processSchedule,
      interval: parts.settings.tickInterval,
      partitions: () => this.supervisor?.tasks.keys() ?? [],
      onTicks: (count) => this.meter.add('settlement_ticks_total', {}, count),
      onFault: (fault) =>
        parts.logger.warn('a tick could not be appended', { fault: messageOf(fault) }),
    })
  }

  /** A rule book that came through the log needs calendars as one of a file does. */
  private onFolded(partition: number): void {
    if (partition !== 0 || this.state !== 'running') return
    const version = this.ruleBookVersion
    if (version === this.bookSeen) return
    this.bookSeen = version
    const { ruleBookId = '' } = this.bookInForce() ?? {}
    this.parts.logger.info('rule book in force', { ruleBookId, ruleBookVersion: version })
    this.keepUp(undefined)
  }

  /** Publishes what is due, one look after another, and looks again after an hour. */
  private keepUp(rules: CheckedRules | undefined): void {
    this.cancelUpkeep?.()
    this.cancelUpkeep = processSchedule.after(upkeepInterval, () => this.keepUp(undefined))
    this.upkeep = this.upkeep
      .then(() => this.publish(rules))
      .catch((fault) => {
        this.parts.logger.error('master data could not be published', { fault: messageOf(fault) })
        // A book that was asked for and cannot come is a fault of the settings.
        if (rules !== undefined && !(fault instanceof Halted)) this.fail(fault)
      })
  }

  private async publish(rules: CheckedRules | undefined): Promise<void> {
    // Only what is folded can be compared with what is wanted.
    await this.folded()
    const known = this.masterData()
    if (known === undefined || this.state === 'draining') return
    const events = dueMasterData(known, rules, wallClock.now())
    if (events.length === 0) return
    const chunk = new EventChunk(this.settlement)
    for (const event of events) chunk.add(event)
    await chunk.append({})
    await this.folded()
    for (const event of events) {
      this.parts.logger.info('published', { reason: event.eventId })
    }
  }

  /** Everything that partition 0 has now: each partition has all of the master data. */
  private async folded(): Promise<void> {
    const end = await this.settlement.log.end('events', 0)
    await this.supervisor?.reached([end])
  }

  /** All that the log has now is folded, committed and stored. */
  private async caughtUp(): Promise<void> {
    if (this.state === 'draining') throw new TransientFault('settle run is stopping')
    const { events } = await this.settlement.log.describe()
    await this.supervisor?.reached(events.map(({ end }) => end))
    await this.supervisor?.flush()
  }

  private onFault(partition: number, fault: unknown): void {
    const { logger } = this.parts
    const kind =
      fault instanceof Fault ? fault.kind : fault instanceof FoldHalt ? 'halted' : 'fatal'
    this.meter.add('settlement_faults_total', { kind }, 1)
    logger.warn('a partition met a fault', { partition, fault: messageOf(fault), reason: kind })
    // The supervisor halts the partition right after it has told of the fault.
    setImmediate(() => this.onHalted(partition))
  }

  private onHalted(partition: number): void {
    const halted = this.supervisor?.halted.get(partition)
    if (halted === undefined) return
    const { message, reason } = halted
    this.parts.logger.error('partition halted', { partition, fault: message, reason })
    if (this.supervisor?.halted.size === this.settlement.partitions) this.fail(halted)
  }

  private positions(ends: readonly number[]): PartitionStatus[] {
    return Array.from({ length: this.settlement.partitions }, (_, partition) => {
      const task = this.supervisor?.tasks.get(partition)
      const halted = this.supervisor?.halted.get(partition)
      const state = halted !== undefined ? 'halted' : task === undefined ? 'recovering' : 'running'
      return {
        partition,
        state,
        reason: halted?.message ?? null,
        offset: task?.position.offset ?? 0,
        committed: task?.committed.offset ?? 0,
        stored: task?.stored.offset ?? 0,
        end: ends[partition] ?? 0,
      }
    })
  }

  private get ruleBookVersion(): number {
    return this.work.rowOf(0)?.ruleBookVersion ?? 0
  }

  private masterData(): MasterData | undefined {
    const state = this.work.stateOf(0)
    return state === undefined ? undefined : { state, ruleBookVersion: this.ruleBookVersion }
  }

  /** Compiled once for each version. */
  private bookInForce(): RuleBook | undefined {
    const known = this.masterData()
    if (known === undefined || known.ruleBookVersion === 0) return undefined
    if (this.book?.version !== known.ruleBookVersion) this.book = currentRules(known)?.ruleBook
    return this.book
  }

  private calendarsEnd(): number | undefined {
    const [state, book] = [this.work.stateOf(0), this.bookInForce()]
    return state === undefined || book === undefined ? undefined : calendarsEnd(state, book)
  }

  private enter(state: State): void {
    this.state = state
    for (const each of lifecycle) {
      this.meter.set('settlement_state', { state: each }, each === state ? 1 : 0)
    }
    this.parts.logger.info('state', { state })
  }
}

/** What went wrong, in its own words; the stack of what nobody has expected. */
export function messageOf(fault: unknown): string {
  if (fault instanceof Fault || fault instanceof FoldHalt) return fault.message
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
}
