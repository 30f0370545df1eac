import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOutputReader } from '../../../../src/adapters/avro/output-reader.ts'
import { demoRuleBookIn } from '../../../../src/adapters/generator/demo-rule-book.ts'
import { marketplace } from '../../../../src/adapters/generator/marketplace.ts'
import { createEventWriter } from '../../../../src/adapters/json-lines/event-writer.ts'
import { openLevelDbStore } from '../../../../src/adapters/leveldb/leveldb-store.ts'
import { openSettlement, type Settlement, schemasFolder } from '../../../../src/app/compose.ts'
import { runProcess } from '../../../../src/app/process/run-process.ts'
import { FolderQueries } from '../../../../src/app/queries/folder-queries.ts'
import type { StatementEntries } from '../../../../src/app/queries/queries.ts'
import { verifyState } from '../../../../src/app/verify/verify-exports.ts'
import type { Store } from '../../../../src/ports/store.ts'
import { CheckedStore } from '../../../../src/runtime/checked-store.ts'

// A log that is ahead of the store that is read, as it is while `settle run` folds.

let folder = ''
let settlement: Settlement
let store: Store

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'live-queries-'))
  const [rules, half, whole] = ['rules', 'half', 'whole'].map((name) => join(folder, name))
  const size = { seed: 3, events: 600, merchants: 4, days: 30 }
  const texts = [...marketplace({ ...size, start: '2026-06-01', zone: 'Asia/Shanghai' })].map(
    (event) => JSON.stringify(event),
  )
  writeFileSync(rules as string, JSON.stringify(demoRuleBookIn('Asia/Shanghai')))
  writeFileSync(half as string, texts.slice(0, texts.length / 2).join('\n'))
  writeFileSync(whole as string, texts.join('\n'))
  const state = join(folder, 'state')
  const common = { rules: rules as string, out: join(folder, 'out'), state, partitions: 1 }
  await runProcess({ ...common, events: [half as string] })
  cpSync(join(state, 'store-0'), join(folder, 'earlier'), { recursive: true })
  await runProcess({ ...common, events: [whole as string] })
  settlement = await openSettlement({ folder: state, partitions: undefined, failpoint: undefined })
  store = await openLevelDbStore(join(folder, 'earlier'))
})

afterAll(async () => {
  await store.close()
  await settlement.close()
  rmSync(folder, { recursive: true })
})

function queriesOf({ isLive, linesHeld }: { isLive: boolean; linesHeld: number }): FolderQueries {
  return new FolderQueries({
    log: settlement.log,
    codec: settlement.codec,
    stores: [new CheckedStore(store)],
    reader: createOutputReader(schemasFolder),
    writer: createEventWriter(schemasFolder),
    isLive,
    linesHeld,
    close: async () => undefined,
  })
}

async function entriesOf(queries: FolderQueries): Promise<StatementEntries[]> {
  const found: StatementEntries[] = []
  for await (const each of queries.entries({})) found.push(each)
  return found
}

function countsOf(found: readonly StatementEntries[]): [string, number][] {
  return found.map(({ statement, entries }) => [statement.statementId, entries.length])
}

test('a statement has the entries that its row counts, though the log has more of them', async () => {
  const found = await entriesOf(queriesOf({ isLive: true, linesHeld: 500_000 }))
  const counted = found.map(({ statement }): [string, number] => [
    statement.statementId,
    statement.entryCount,
  ])
  expect(countsOf(found)).toEqual(counted)
  const all = await entriesOf(queriesOf({ isLive: false, linesHeld: 500_000 }))
  expect(countsOf(all)).not.toEqual(counted)
})

test('what is read of it verifies', async () => {
  const report = await verifyState(queriesOf({ isLive: true, linesHeld: 500_000 }))
  expect(report.breaks).toEqual([])
  expect(report.lines).toBeGreaterThan(100)
})

test('it is the same however little is held at a time', async () => {
  const whole = await entriesOf(queriesOf({ isLive: true, linesHeld: 500_000 }))
  expect(await entriesOf(queriesOf({ isLive: true, linesHeld: 1 }))).toEqual(whole)
  expect(whole.length).toBeGreaterThan(1)
})
