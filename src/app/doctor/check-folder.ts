import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ByteReader } from '../../fold/bytes.ts'
import { partitionKey } from '../../fold/create-fold.ts'
import type { Table } from '../../fold/state.ts'
import { partitions as partitionTable } from '../../fold/tables.ts'
import { FatalFault, Fault } from '../../ports/faults.ts'
import { CheckedStore } from '../../runtime/checked-store.ts'
import { openSettlement, readStoreMeta, type Settlement } from '../compose.ts'
import {
  calendarsEnd,
  currentRules,
  type MasterData,
  type ReadableState,
} from '../run/master-data.ts'
import { statusOf } from '../run/socket-client.ts'
import type { RunStatus } from '../run/socket-protocol.ts'
import { type Finding, fail, ok, showDay, warn } from './finding.ts'

const month = 30 * 86_400_000
const lockedExitCode = 9

/** Who holds the folder, what log it is, how far its stores are, and how far its rules reach. */
export async function checkFolder(folder: string, now: number): Promise<Finding[]> {
  const status = await statusOf(folder)
  if (status !== undefined) return findingsOf(status, now)
  if (!existsSync(join(folder, 'log', 'CURRENT'))) {
    return [ok('lock', 'free'), ok('log', 'none yet; settle run or settle load makes one')]
  }
  try {
    const settlement = await openSettlement({ folder, partitions: undefined, failpoint: undefined })
    try {
      return [ok('lock', 'free'), ...(await findingsIn(folder, settlement, now))]
    } finally {
      await settlement.close()
    }
  } catch (error) {
    return [faulty(error)]
  }
}

function faulty(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof FatalFault && error.exitCode === lockedExitCode) {
    return fail('lock', message, 'wait until that process has ended, or stop it')
  }
  if (error instanceof Fault && error.kind === 'corrupt-state') {
    return fail('log', message, 'restore the log folder from a copy, and examine the disk')
  }
  return fail('log', message, 'see docs/errors.md')
}

/** What the instance that holds the folder says. */
function findingsOf(status: RunStatus, now: number): Finding[] {
  const { pid, version, clusterId, partitions, clock, positions, ruleBook } = status
  const halted = positions.filter(({ state }) => state === 'halted')
  const behind = positions.reduce((sum, { end, offset }) => sum + Math.max(0, end - offset), 0)
  return [
    ok('lock', `held by settle run ${version}, process ${pid}, ${status.state}`),
    ok('log', `${clusterId}, ${partitions} partitions, clock ${clock}`),
    ...halted.map(({ partition, reason }) =>
      fail('position', `partition ${partition} is halted: ${reason}`, 'see docs/errors.md'),
    ),
    ok('position', `${behind} records are not folded yet`),
    ...reachOf(ruleBook ?? undefined, status.calendarsEnd ?? undefined, now),
  ]
}

async function findingsIn(folder: string, settlement: Settlement, now: number): Promise<Finding[]> {
  const { clusterId, events } = await settlement.log.describe()
  const { partitions, clock } = settlement
  const findings = [ok('log', `${clusterId}, ${partitions} partitions, clock ${clock}`)]
  for (const [partition, { end }] of events.entries()) {
    findings.push(await positionOf(folder, partition, { end, clusterId }))
  }
  const known = await masterDataIn(settlement)
  const book = known === undefined ? undefined : currentRules(known)?.ruleBook
  const reach = known && book && calendarsEnd(known.state, book)
  return [...findings, ...reachOf(book, reach, now)]
}

async function positionOf(
  folder: string,
  partition: number,
  log: { readonly end: number; readonly clusterId: string },
): Promise<Finding> {
  const meta = await readStoreMeta(folder, partition)
  const what = `partition ${partition}`
  if (meta === undefined) return ok('position', `${what}: no store; all ${log.end} are to fold`)
  const { offset } = meta.position
  if (meta.identity.clusterId !== log.clusterId) {
    const found = `${what}: the store is of another log, ${meta.identity.clusterId}`
    return fail('position', found, `move store-${partition} away; it is made anew from the log`)
  }
  if (offset > log.end) {
    const found = `${what}: the store stands at ${offset}, behind the log's end ${log.end}`
    return fail('position', found, 'restore the log that this store was folded from')
  }
  return ok('position', `${what}: the store stands at ${offset}, the log ends at ${log.end}`)
}

async function masterDataIn(settlement: Settlement): Promise<MasterData | undefined> {
  const store = await settlement.openStore(0)
  try {
    const checked = new CheckedStore(store)
    const rows = new Map<string, unknown>()
    const state: ReadableState = {
      get<Row>(table: Table<Row>, key: string): Row | undefined {
        const place = table.prefix + key
        if (!rows.has(place)) {
          const row = checked.get(place)
          rows.set(place, row === undefined ? undefined : table.decode(new ByteReader(row)))
        }
        return rows.get(place) as Row | undefined
      },
    }
    const own = state.get(partitionTable, partitionKey)
    const known = { state, ruleBookVersion: own?.ruleBookVersion ?? 0 }
    // Read while the store is open; what was read stays.
    const book = currentRules(known)?.ruleBook
    if (book !== undefined) calendarsEnd(state, book)
    return known
  } finally {
    await store.close()
  }
}

function reachOf(
  book: { readonly ruleBookId: string; readonly version: number } | undefined,
  end: number | undefined,
  now: number,
): Finding[] {
  if (book === undefined) {
    const remedy = 'publish one with settle run --rules FILE, or load it as an event'
    return [warn('rules', 'no rule book yet, so every event is rejected', remedy)]
  }
  const rules = ok('rules', `${book.ruleBookId}, version ${book.version}`)
  if (end === undefined) return [rules]
  const found = end === 0 ? 'a calendar is missing' : `published until ${showDay(end)}`
  const remedy = 'settle run publishes the days that lack; a tick beyond them halts a partition'
  if (end < now) return [rules, fail('calendars', found, remedy)]
  if (end < now + 6 * month) return [rules, warn('calendars', found, remedy)]
  return [rules, ok('calendars', found)]
}
