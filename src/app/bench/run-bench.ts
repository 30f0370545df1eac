import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { FatalFault } from '../../ports/faults.ts'
import { table } from '../statement-table.ts'
import { version } from '../version.ts'
import { benchInput } from './bench-input.ts'
import {
  measureDecode,
  measureFold,
  measurePipeline,
  measureStore,
  type Taken,
} from './measurements.ts'

export interface BenchOptions {
  readonly events: number
  readonly parties: number
  readonly seed: number
  readonly runs: number
  readonly json?: true | undefined
}

/** What one process of a measurement found, by part. */
type Found = Record<string, Taken>

const parts = {
  fold: { decode: measureDecode, fold: measureFold },
  store: { store: measureStore },
  pipeline: { pipeline: measurePipeline },
  limit: { decode: measureDecode, store: measureStore, pipeline: measurePipeline },
} as const

/** The measurements by name. */
export type BenchName = keyof typeof parts

/** Runs a measurement in processes of its own, one after another, and prints the medians. */
export async function runBench(name: BenchName, options: BenchOptions): Promise<void> {
  const found: Found[] = []
  for (let run = 0; run < options.runs; run += 1) {
    process.stderr.write(`run ${run + 1} of ${options.runs}\n`)
    found.push(await inProcess(name, options))
  }
  process.stdout.write(
    options.json === true ? jsonOf(name, options, found) : textOf(name, options, found),
  )
}

/** One run, in the process that was started for it: the result goes to standard output. */
export async function measureOnce(name: BenchName, options: BenchOptions): Promise<void> {
  const { seed, parties, events } = options
  const input = benchInput({ seed, parties, events })
  const found: Found = {}
  for (const [part, measure] of Object.entries(parts[name])) found[part] = await measure(input)
  process.stdout.write(JSON.stringify(found))
}

async function inProcess(name: BenchName, options: BenchOptions): Promise<Found> {
  const main = fileURLToPath(new URL('../main.js', import.meta.url))
  const { events, parties, seed } = options
  const flags = ['--events', events, '--parties', parties, '--seed', seed].map(String)
  try {
    const child = await promisify(execFile)(process.execPath, [
      main,
      'bench',
      name,
      ...flags,
      '--once',
    ])
    return JSON.parse(child.stdout)
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    throw new FatalFault(1, `a run of bench ${name} failed: ${stderr ?? String(error)}`)
  }
}

interface Row {
  readonly part: string
  readonly perSecond: number
  readonly microseconds: number
  readonly cpuMicroseconds: number
  readonly range: string
}

function rowsOf(options: BenchOptions, found: readonly Found[]): Row[] {
  return Object.keys(found[0] ?? {}).map((part) => {
    const seconds = found.map((run) => run[part]?.seconds ?? 0).sort((a, b) => a - b)
    const cpu = found.map((run) => run[part]?.cpuSeconds ?? 0).sort((a, b) => a - b)
    const { events } = options
    return {
      part,
      perSecond: Math.round(events / median(seconds)),
      microseconds: (median(seconds) / events) * 1e6,
      cpuMicroseconds: (median(cpu) / events) * 1e6,
      range: [seconds.at(-1), seconds[0]]
        .map((value) => Math.round(events / (value ?? 1)))
        .join('–'),
    }
  })
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

function jsonOf(name: BenchName, options: BenchOptions, found: readonly Found[]): string {
  return `${JSON.stringify({ name, ...machine(), ...options, parts: rowsOf(options, found) })}\n`
}

function machine(): { settlestream: string; node: string; cpu: string; cores: number } {
  const [first] = cpus()
  return {
    settlestream: version,
    node: process.version,
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
  }
}

function textOf(name: BenchName, options: BenchOptions, found: readonly Found[]): string {
  const { settlestream, node, cpu, cores } = machine()
  const { events, parties, seed, runs } = options
  const rows = rowsOf(options, found).map((row) => [
    row.part,
    String(row.perSecond),
    row.microseconds.toFixed(2),
    row.cpuMicroseconds.toFixed(2),
    row.range,
  ])
  const head = ['part', 'events/s', 'µs/event', 'CPU µs/event', 'slowest–fastest']
  return [
    `bench ${name}: settlestream ${settlestream}, Node ${node}, ${cores} × ${cpu}`,
    `${events} events of ${parties} parties (Zipf 1.0), seed ${seed}; medians of ${runs} processes`,
    '',
    table(head, rows, [1, 2, 3, 4]),
    ...limitOf(name, options, found),
    `Totals of all statements equal the model's, fee by fee. Not measured: ${notMeasured[name]}.`,
    '',
  ].join('\n')
}

/** The share that the whole processor reaches of its floors, decode and store, added up. */
function limitOf(name: BenchName, options: BenchOptions, found: readonly Found[]): string[] {
  if (name !== 'limit') return []
  const by = new Map(rowsOf(options, found).map((row) => [row.part, row.microseconds]))
  const floor = (by.get('decode') ?? 0) + (by.get('store') ?? 0)
  const share = (100 * floor) / (by.get('pipeline') ?? 1)
  return [
    `decode and store alone would allow ${Math.round(1e6 / floor)} events/s; ` +
      `the pipeline reaches ${share.toFixed(0)} % of that`,
  ]
}

const notMeasured: Record<BenchName, string> = {
  fold: 'reading the log, commits, the store, a broker',
  store: 'everything but writing the rows; compaction that outlasts the run',
  pipeline: 'generating and appending the input, reading results, a broker',
  limit: 'generating and appending the input, a broker',
}
