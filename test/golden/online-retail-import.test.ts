import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { importFiles } from '../../src/adapters/online-retail/import-files.ts'
import { retailData } from '../support/retail-data.ts'

const golden = join(import.meta.dirname, 'online-retail')
const { months, missing } = retailData()
if (missing !== undefined) console.warn(`skipped: ${missing}`)

interface GoldenRuns {
  readonly runs: Readonly<Record<string, { readonly events: Readonly<Record<string, number>> }>>
}

describe.skipIf(months === undefined)('the import of the public retail set', () => {
  let runs: GoldenRuns['runs'] = {}

  beforeAll(() => {
    const text = gunzipSync(readFileSync(join(golden, 'golden.json.gz'))).toString()
    runs = (JSON.parse(text) as GoldenRuns).runs
  })

  test.each([1, 2, 3])('of %i months gives the golden counts of events', async (count) => {
    const progress = { rows: 0, skippedRows: 0, events: 0 }
    const counts: Record<string, number> = {}
    for await (const { type } of importFiles((months ?? []).slice(0, count), progress)) {
      counts[type] = (counts[type] ?? 0) + 1
    }
    const { skippedRows } = progress
    expect({ ...counts, skippedRows }).toEqual(runs[`basic-${count}`]?.events)
  })

  test('begins with the events of the sample, key for key', async () => {
    const sample = readFileSync(join(golden, 'events-sample.jsonl'), 'utf8').trimEnd().split('\n')
    const first: string[] = []
    for await (const event of importFiles((months ?? []).slice(0, 1))) {
      first.push(JSON.stringify(event))
      if (first.length === sample.length) break
    }
    expect(first).toEqual(sample.map((line) => JSON.stringify(JSON.parse(line))))
  })
})
