import { lstatSync, readdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { haltReasons } from '../../ports/faults.ts'
import type { Log } from '../../ports/log.ts'
import type { Supervisor } from '../../runtime/supervisor.ts'
import { wallClock } from '../compose.ts'
import type { RunMeter } from './catalogue.ts'
import type { Work } from './work.ts'

export interface GaugeParts {
  readonly folder: string
  readonly meter: RunMeter
  readonly log: Log
  readonly work: Work
  readonly supervisor: () => Supervisor | undefined
  readonly ruleBookVersion: () => number
  /** Where the shortest calendar ends; undefined before there is one. */
  readonly calendarsEnd: () => number | undefined
}

const topic = 'events'
/** Milliseconds for which the size of the folder is believed. */
const sizeAge = 15_000

/** Brings everything up to date that is looked at when somebody asks, not counted as it happens. */
export class Gauges {
  private readonly parts: GaugeParts
  private loop = performance.eventLoopUtilization()
  private size = { bytes: 0, at: Number.NEGATIVE_INFINITY }

  constructor(parts: GaugeParts) {
    this.parts = parts
  }

  async refresh(): Promise<void> {
    this.refreshProcess()
    this.refreshDisk()
    this.refreshRules()
    await this.refreshPartitions()
  }

  private refreshProcess(): void {
    const { meter } = this.parts
    const loop = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(loop, this.loop)
    this.loop = loop
    meter.set('settlement_event_loop_utilization_ratio', { thread: 'main' }, utilization)
    meter.set('settlement_heap_limit_bytes', {}, getHeapStatistics().heap_size_limit)
  }

  private refreshDisk(): void {
    const { meter, folder } = this.parts
    const { bavail, blocks, bsize } = statfsSync(folder)
    meter.set('settlement_store_filesystem_available_bytes', {}, bavail * bsize)
    meter.set('settlement_store_filesystem_size_bytes', {}, blocks * bsize)
    const now = performance.now()
    if (now - this.size.at > sizeAge) this.size = { bytes: sizeOf(folder), at: now }
    meter.set('settlement_store_size_bytes', {}, this.size.bytes)
  }

  private refreshRules(): void {
    const { meter, ruleBookVersion, calendarsEnd } = this.parts
    meter.clear('settlement_rule_book_info')
    const version = ruleBookVersion()
    if (version > 0) meter.set('settlement_rule_book_info', { version: String(version) }, 1)
    meter.set('settlement_calendar_end_timestamp_seconds', {}, (calendarsEnd() ?? 0) / 1_000)
  }

  private async refreshPartitions(): Promise<void> {
    const { meter, log } = this.parts
    const supervisor = this.parts.supervisor()
    const { events } = await log.describe()
    const tasks = [...(supervisor?.tasks.values() ?? [])]
    for (const name of byPartition) meter.clear(name)
    meter.set('settlement_topic_partitions', { topic }, events.length)
    meter.set('settlement_consumer_assigned_partitions', { topic }, tasks.length)
    const halted = [...(supervisor?.halted.values() ?? [])]
    for (const reason of haltReasons) {
      const count = halted.filter((each) => each.reason === reason).length
      meter.set('settlement_halted_partitions', { reason }, count)
    }
    for (const { partition, position } of tasks) {
      const labels = { topic, partition } as const
      const end = events[partition]?.end ?? 0
      const clock = this.parts.work.rowOf(partition)?.clock ?? 0
      const age = await ageOfNext(log, partition, { from: position.offset, end })
      meter.set('settlement_consumer_position_offset', labels, position.offset)
      meter.set('settlement_consumer_lag_records', labels, Math.max(0, end - position.offset))
      meter.set('settlement_consumer_lag_seconds', labels, age)
      meter.set('settlement_clock_timestamp_seconds', labels, clock / 1_000)
    }
  }
}

/** Gauges that only partitions have that run here. */
const byPartition = [
  'settlement_consumer_position_offset',
  'settlement_consumer_lag_records',
  'settlement_consumer_lag_seconds',
  'settlement_clock_timestamp_seconds',
] as const

async function ageOfNext(
  log: Log,
  partition: number,
  { from, end }: { readonly from: number; readonly end: number },
): Promise<number> {
  if (from >= end) return 0
  for await (const batch of log.read(topic, partition, from, from + 1)) {
    return Math.max(0, wallClock.now() - (batch.appendTimes[0] as number)) / 1_000
  }
  return 0
}

/** Bytes of all files under a folder; files that go away meanwhile count nothing. */
export function sizeOf(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += sizeOf(path)
    else bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}
