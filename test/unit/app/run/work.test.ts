import { expect, test } from 'vitest'
import { createMeter } from '../../../../src/adapters/prometheus/prometheus-meter.ts'
import { metricCatalogue } from '../../../../src/app/run/catalogue.ts'
import { Work } from '../../../../src/app/run/work.ts'
import { newPartition, type PartitionRow } from '../../../../src/fold/rows/partition-row.ts'
import type { State } from '../../../../src/fold/state.ts'
import { silentLogger } from '../../../../src/ports/logger.ts'

/** A partition's state with nothing but its own row; undefined once its store is closed. */
function stateWith(row: () => PartitionRow | undefined): State {
  const get = () => {
    const found = row()
    if (found === undefined) throw new Error('the store is closed')
    return found
  }
  return { get } as unknown as State
}

function world() {
  const meter = createMeter(metricCatalogue)
  let now = 10_000
  const work = new Work(meter, silentLogger, { now: () => now })
  const batch = { partition: 0, records: 5, bytes: 400, appendedAt: 9_000 }
  return {
    work,
    batch,
    pass(milliseconds: number) {
      now += milliseconds
    },
    fold(appendedAt = batch.appendedAt) {
      work.folding({ ...batch, appendedAt })
      work.folded({ ...batch, appendedAt }, 0.002)
    },
    async value(name: string): Promise<number> {
      const { text } = await meter.scrape()
      const line = text.split('\n').find((each) => each.startsWith(`${name} `))
      return Number(line?.slice(name.length + 1))
    },
  }
}

const applied = 'settlement_events_total{outcome="applied"}'
const latency = 'settlement_end_to_end_latency_seconds'

test('outcomes are what the row of the partition has gained, broadcast records included', async () => {
  const { work, fold, value } = world()
  const row = newPartition()
  work.foldOver(
    0,
    stateWith(() => row),
  )
  work.assigned(0)
  Object.assign(row.party, { applied: 3, duplicates: 1, waiting: 2, rejected: 4 })
  row.broadcast.applied = 5
  fold()
  expect(await value(applied)).toBe(8)
  expect(await value('settlement_events_total{outcome="duplicate"}')).toBe(1)
  expect(await value('settlement_events_total{outcome="rejected"}')).toBe(4)
  expect(await value('settlement_events_waiting')).toBe(2)
  expect(await value('settlement_records_consumed_total{topic="events"}')).toBe(5)
  expect(await value('settlement_record_bytes_total{topic="events"}')).toBe(400)
})

test('what an earlier process has counted is not counted again', async () => {
  const { work, fold, value } = world()
  const row = newPartition()
  row.party.applied = 100
  work.foldOver(
    0,
    stateWith(() => row),
  )
  work.assigned(0)
  row.party.applied = 107
  fold()
  expect(await value(applied)).toBe(7)
})

test('after a repair the same records are not counted twice', async () => {
  const { work, fold, value } = world()
  const row = newPartition()
  work.foldOver(
    0,
    stateWith(() => row),
  )
  work.assigned(0)
  row.party.applied = 10
  fold()
  row.party.applied = 4
  fold()
  row.party.applied = 12
  fold()
  expect(await value(applied)).toBe(12)
})

test('a waiting record that ends counts where it ended, and waits no more', async () => {
  const { work, fold, value } = world()
  const row = newPartition()
  work.foldOver(
    0,
    stateWith(() => row),
  )
  work.assigned(0)
  row.party.waiting = 1
  fold()
  row.party.waiting = 0
  row.party.applied = 1
  fold()
  expect(await value(applied)).toBe(1)
  expect(await value('settlement_events_waiting')).toBe(0)
})

test('a task whose store is closed counts nothing', async () => {
  const { work, fold, value } = world()
  work.foldOver(
    0,
    stateWith(() => undefined),
  )
  work.assigned(0)
  fold()
  expect(await value(applied)).toBe(0)
})

test('latency counts from the oldest record that no commit has had', async () => {
  const { work, fold, pass, value } = world()
  fold(9_000)
  fold(9_800)
  const ended = work.committing(0, [])
  pass(500)
  ended('committed')
  expect(await value(`${latency}_sum`)).toBe(1.5)
  fold(10_300)
  work.committing(0, [])('committed')
  expect(await value(`${latency}_sum`)).toBeCloseTo(1.7)
  expect(await value('settlement_last_commit_timestamp_seconds')).toBe(10.5)
})

test('a batch in the midst of which is committed is the oldest for the next commit', async () => {
  const { work, batch, pass, value } = world()
  work.folding(batch)
  work.committing(0, [])('committed')
  pass(2_000)
  work.folded(batch, 0.1)
  work.committing(0, [])('committed')
  expect(await value(`${latency}_sum`)).toBe(1 + 3)
})

test('outputs count only where the transaction was committed', async () => {
  const { work, value } = world()
  const record = { key: null, value: new Uint8Array(1) }
  const outputs = [{ topic: 'lines', partition: 0, records: [record, record] }] as const
  work.committing(0, outputs)('unknown')
  work.committing(0, outputs)('fenced')
  work.committing(0, outputs)('committed')
  expect(await value('settlement_output_records_total{kind="lines"}')).toBe(2)
  for (const outcome of ['committed', 'fenced', 'unknown']) {
    expect(await value(`settlement_transactions_total{outcome="${outcome}"}`)).toBe(1)
  }
})
