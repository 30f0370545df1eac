import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { plantedBugs } from './planted-bugs.ts'
import { piecesOf, readArguments, type SimulationArguments } from './seed-range.ts'
import { type RunCounts, simulate } from './simulator.ts'

// The simulator by hand: npm run test:sim -- --seeds 1..50000 (docs/testing.md).

/** Either seeds without a mistake, or one planted mistake to be found in them. */
interface Job {
  readonly from: number
  readonly to: number
  readonly planted: number | undefined
}

interface Report {
  readonly seeds: number
  readonly counts: RunCounts
  /** Complaints, the first of every seed. */
  readonly failures: readonly string[]
}

const pieceSize = 50
const progressInterval = 5_000
/** Seeds that a planted mistake may need. */
const hunted = 10_000
const failuresShown = 20

if (isMainThread) {
  await main()
} else {
  parentPort?.on('message', async (job: Job) => parentPort?.postMessage(await work(job)))
}

async function main(): Promise<void> {
  let args: SimulationArguments
  try {
    args = readArguments(process.argv.slice(2), availableParallelism())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
    return
  }
  process.exitCode = (args.faults ? await hunt(args) : await run(args)) ? 0 : 1
}

async function run({ from, to, workers }: SimulationArguments): Promise<boolean> {
  const total = noCounts()
  const failures: string[] = []
  let seeds = 0
  const began = Date.now()
  const rate = (): string => `${Math.round((seeds * 1_000) / Math.max(1, Date.now() - began))}/s`
  const timer = setInterval(() => {
    console.error(`${seeds} of ${to - from + 1} seeds, ${rate()}, ${failures.length} failed`)
  }, progressInterval)
  const jobs = piecesOf(from, to, pieceSize)
  await share(workers, nextOf(jobs), (report) => {
    seeds += report.seeds
    add(total, report.counts)
    for (const failure of report.failures) {
      failures.push(failure)
      if (failures.length <= failuresShown) console.log(failure)
    }
  })
  clearInterval(timer)
  const { faults, ...events } = total
  const shown = Object.entries({ ...events, ...faults }).map(([name, count]) => `${count} ${name}`)
  const seconds = Math.round((Date.now() - began) / 1_000)
  console.log(`seeds ${from}..${to} in ${seconds} s (${rate()}): ${shown.join(', ')}`)
  console.log(`${seeds - failures.length} held, ${failures.length} failed`)
  return failures.length === 0 && seeds === to - from + 1
}

/** Looks for every planted mistake, and prints the table of killing-seeds.ts. */
async function hunt({ workers }: SimulationArguments): Promise<boolean> {
  const found = new Map<number, string>()
  const waiting = [...plantedBugs.keys()]
  const jobs = (): Job | undefined => {
    const planted = waiting.shift()
    return planted === undefined ? undefined : { from: 1, to: hunted, planted }
  }
  await share(workers, jobs, ({ failures }, { planted }) => {
    if (failures[0] !== undefined) found.set(planted ?? 0, failures[0])
  })
  for (const [at, [name, , complaint]] of plantedBugs.entries()) {
    const failure = found.get(at)
    const seed = /^seed (\d+): /.exec(failure ?? '')?.[1]
    const isRight = failure !== undefined && complaint.test(failure)
    const remark = isRight ? '' : ` // ${failure ?? `not found in ${hunted} seeds`}`
    console.log(`  ['${name}', ${seed ?? 0}],${remark}`)
    if (!isRight) found.delete(at)
  }
  console.log(`${found.size} of ${plantedBugs.length} planted mistakes were found`)
  return found.size === plantedBugs.length
}

function nextOf(pieces: Iterator<[number, number]>): () => Job | undefined {
  return () => {
    const next = pieces.next()
    if (next.done === true) return undefined
    const [from, to] = next.value
    return { from, to, planted: undefined }
  }
}

/** Each worker gets a job when it is done with the last one, until there are none. */
async function share(
  workers: number,
  next: () => Job | undefined,
  done: (report: Report, job: Job) => void,
): Promise<void> {
  const serve = async (): Promise<void> => {
    const worker = new Worker(new URL(import.meta.url))
    try {
      for (let job = next(); job !== undefined; job = next()) done(await ask(worker, job), job)
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: workers }, serve))
}

function ask(worker: Worker, job: Job): Promise<Report> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners()
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error(`a worker ended at seeds ${job.from}..${job.to}`)))
    worker.postMessage(job)
  })
}

async function work({ from, to, planted }: Job): Promise<Report> {
  const counts = noCounts()
  const failures: string[] = []
  const bug = planted === undefined ? undefined : plantedBugs[planted]?.[1]
  let seeds = 0
  for (let seed = from; seed <= to; seed += 1) {
    seeds += 1
    try {
      add(counts, await simulate(seed, bug))
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
      if (bug !== undefined) break
    }
  }
  return { seeds, counts, failures }
}

function noCounts(): RunCounts {
  return { commits: 0, cuts: 0, crashes: 0, zombies: 0, torn: 0, faults: {} }
}

function add(total: RunCounts, more: RunCounts): void {
  total.commits += more.commits
  total.cuts += more.cuts
  total.crashes += more.crashes
  total.zombies += more.zombies
  total.torn += more.torn
  for (const [kind, count] of Object.entries(more.faults)) {
    total.faults[kind] = (total.faults[kind] ?? 0) + count
  }
}
