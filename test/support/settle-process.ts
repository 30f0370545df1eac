import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'

/** The root of the repository. */
export const repository = resolve(import.meta.dirname, '../..')

/** The built command. */
export const mainPath = join(repository, 'dist/app/main.js')

/** How a run of `settle` ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

/** A run of `settle` that may still be under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface RunOptions {
  readonly cwd?: string
  /** Over the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts `settle` as a process of its own, as a shell would. */
export function startSettle(args: readonly string[], options: RunOptions = {}): Running {
  if (!existsSync(mainPath)) throw new Error(`${mainPath} is not built: run npx tsc -b first`)
  const began = performance.now()
  const child = spawn(process.execPath, [mainPath, ...args], {
    cwd: options.cwd ?? repository,
    env: { ...process.env, NODE_OPTIONS: '', SETTLE_FAILPOINT: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const ended = new Promise<Ended>((resolveEnded, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      const milliseconds = Math.round(performance.now() - began)
      resolveEnded({ exitCode, signal, stdout: stdout(), stderr: stderr(), milliseconds })
    })
  })
  return { child, ended }
}

/** Runs `settle` to its end. */
export function settle(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return startSettle(args, options).ended
}

/** Runs `settle` to its end, which must be a good one. */
export async function settleWell(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const ended = await settle(args, options)
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0, signal: null })
  return ended
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

/** Arguments of `settle process`. */
export interface ProcessRun {
  readonly rules: string
  readonly events: string
  readonly out: string
  readonly state?: string | undefined
  readonly partitions?: number | undefined
}

export function processArguments({ rules, events, out, state, partitions }: ProcessRun): string[] {
  const args = ['process', '--rules', rules, '--events', events, '--out', out]
  if (state !== undefined) args.push('--state', state)
  if (partitions !== undefined) args.push('--partitions', String(partitions))
  return args
}

/** The files of a run whose bytes may not depend on anything but the input. */
export const outputFiles = [
  'lines.jsonl',
  'statements.jsonl',
  'instructions.jsonl',
  'notices.jsonl',
  'rejections.jsonl',
] as const

export type OutputFile = (typeof outputFiles)[number]

/** Where two runs of as many partitions wrote other files; empty when they agree. */
export function differences(expected: string, found: string): string[] {
  const different = outputFiles.flatMap((name) => difference(expected, found, name))
  const before = JSON.stringify(comparable(summaryOf(expected)))
  const after = JSON.stringify(comparable(summaryOf(found)))
  return before === after ? different : [...different, `summary.json: ${after}, not ${before}`]
}

/** Where one file of two runs begins to differ. */
export function difference(expected: string, found: string, name: OutputFile): string[] {
  const before = readFileSync(join(expected, name))
  const after = readFileSync(join(found, name))
  if (before.equals(after)) return []
  const [lines, others] = [before.toString().split('\n'), after.toString().split('\n')]
  const at = lines.findIndex((line, index) => line !== others[index])
  return [`${name}:${at + 1}: ${others[at]}, not ${lines[at]}; ${others.length} of ${lines.length}`]
}

/** `summary.json`, as far as tests look into it. */
export interface SummaryJson {
  readonly records: Readonly<Record<string, number>>
  readonly rejections: Readonly<Record<string, number>>
  readonly statements: { readonly count: number }
  readonly lines: number
  readonly totals: Readonly<Record<string, readonly FeeTotals[]>>
  readonly log: { readonly clusterId: string; readonly partitions: readonly unknown[] }
}

export interface FeeTotals {
  readonly feeType: string
  readonly forward: string
  readonly reverse: string
  readonly other: string
  readonly net: string
}

export function summaryOf(out: string): SummaryJson {
  return JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
}

/** The id of a log is drawn by chance; its positions, counts and digests are not. */
function comparable({ log, ...rest }: SummaryJson): unknown {
  return { ...rest, log: { ...log, clusterId: '' } }
}

/** The rows of a file of JSON Lines. */
export function rowsOf<Row>(path: string): Row[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}
