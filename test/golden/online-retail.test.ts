import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { retailData } from '../support/retail-data.ts'
import {
  difference,
  type FeeTotals,
  processArguments,
  rowsOf,
  settleWell,
  summaryOf,
} from '../support/settle-process.ts'

const golden = join(import.meta.dirname, 'online-retail')
const rules = join(golden, 'rulebook-basic.json')
const fullRules = join(golden, 'rulebook.json')
const { months, missing } = retailData()
if (missing !== undefined) console.warn(`skipped: ${missing}`)

type Sums = Omit<FeeTotals, 'feeType'>

interface GoldenStatement {
  readonly lineCount: number
  readonly total: string
  readonly opening: string
  readonly closing: string
  readonly totals: Readonly<Record<string, Sums>>
}

interface GoldenRun {
  readonly totals: {
    readonly currency: string
    readonly lines: number
    readonly statements: number
    readonly rejections: Readonly<Record<string, number>>
    readonly perFeeType: Readonly<Record<string, Sums>>
  }
  readonly statements?: Readonly<Record<string, GoldenStatement>>
}

interface StatementJson extends Omit<GoldenStatement, 'totals'> {
  readonly statementId: string
  readonly totals: readonly FeeTotals[]
}

interface RejectionJson {
  readonly eventId: string
  readonly partition: number
  readonly offset: number
}

/** The limit for three months, on any machine that builds the project. */
const limit = 60_000

describe.skipIf(months === undefined)('the public retail set, settled,', () => {
  let runs: Readonly<Record<string, GoldenRun>> = {}
  let folder = ''
  const out = (count: number, partitions: number): string =>
    join(folder, `out-${count}-${partitions}`)

  beforeAll(() => {
    runs = goldenRuns()
    folder = mkdtempSync(join(tmpdir(), 'settle-golden-'))
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const count of [1, 2, 3]) {
    const events = () => join(folder, `events-${count}.jsonl`)

    for (const partitions of [1, 4]) {
      test(`gives the golden totals: ${count} months, ${partitions} partitions`, async () => {
        if (partitions === 1) {
          const files = (months ?? []).slice(0, count)
          await settleWell(['import', 'online-retail', ...files, '-o', events()])
        }
        const run = { rules, events: events(), out: out(count, partitions), partitions }
        const { milliseconds } = await settleWell(processArguments(run))
        console.info(`${count} months on ${partitions} partitions: ${milliseconds} ms`)
        expect(totalsOf(run.out)).toEqual(runs[`basic-${count}`]?.totals)
        expect(milliseconds).toBeLessThan(limit)
      })
    }

    test(`gives the same files on 1 and 4 partitions: ${count} months`, () => {
      const [one, four] = [out(count, 1), out(count, 4)]
      const sameFiles = ['lines', 'statements', 'instructions', 'notices'] as const
      expect(sameFiles.flatMap((name) => difference(one, four, `${name}.jsonl`))).toEqual([])
      expect(rejectionsOf(four)).toEqual(rejectionsOf(one))
      expect({ ...summaryOf(four), log: {} }).toEqual({ ...summaryOf(one), log: {} })
    })
  }

  test('gives every golden statement of the first month', () => {
    const found = statementsOf(out(1, 1))
    expect(found).not.toHaveLength(0)
    expect(Object.fromEntries(found)).toEqual(runs['basic-1']?.statements)
  })
})

describe.skipIf(months === undefined)('the public retail set with rebates and carries', () => {
  test('gives every golden statement of the merchants: 3 months', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'settle-golden-full-'))
    const events = join(folder, 'events.jsonl')
    await settleWell(['import', 'online-retail', ...(months ?? []), '-o', events])
    const run = { rules: fullRules, events, out: join(folder, 'out'), partitions: 4 }
    await settleWell(processArguments(run))
    const wanted = Object.entries(goldenRuns()['full-3']?.statements ?? {})
    expect(ofMerchants(statementsOf(run.out))).toEqual(ofMerchants(wanted))
    rmSync(folder, { recursive: true, force: true })
  })
})

function ofMerchants<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const own = entries.filter(([statementId]) => statementId.startsWith('M-'))
  expect(own).not.toHaveLength(0)
  return Object.fromEntries(own)
}

function goldenRuns(): Readonly<Record<string, GoldenRun>> {
  const text = gunzipSync(readFileSync(join(golden, 'golden.json.gz'))).toString()
  return (JSON.parse(text) as { runs: Record<string, GoldenRun> }).runs
}

function statementsOf(out: string): [string, GoldenStatement][] {
  const rows = rowsOf<StatementJson>(join(out, 'statements.jsonl'))
  return rows.map(({ statementId, lineCount, total, opening, closing, totals }) => {
    return [statementId, { lineCount, total, opening, closing, totals: byFee(totals) }]
  })
}

function totalsOf(out: string): GoldenRun['totals'] {
  const { totals, lines, statements, rejections } = summaryOf(out)
  const [currency = '', ...others] = Object.keys(totals)
  expect(others).toEqual([])
  const perFeeType = byFee(totals[currency] ?? [])
  return { currency, lines, statements: statements.count, rejections, perFeeType }
}

function byFee(totals: readonly FeeTotals[]): Record<string, Sums> {
  return Object.fromEntries(totals.map(({ feeType, ...sums }) => [feeType, sums]))
}

/** Where a rejected record stood depends on the partitions. */
function rejectionsOf(out: string): unknown[] {
  const rows = rowsOf<RejectionJson>(join(out, 'rejections.jsonl'))
  return rows.map(({ partition, offset, ...rest }) => rest)
}
