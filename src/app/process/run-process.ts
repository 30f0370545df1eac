import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { FatalFault } from '../../ports/faults.ts'
import { processSchedule } from '../../runtime/schedule.ts'
import type { Supervisor } from '../../runtime/supervisor.ts'
import { openSettlement, type Settlement } from '../compose.ts'
import { logOf } from '../kafka/kafka-settings.ts'
import { startProgress } from '../progress-bar.ts'
import { readEnvironment } from '../read-settings.ts'
import { type RuleBookFile, readRuleBookFile } from '../rule-book-file.ts'
import { version } from '../version.ts'
import { appendEvents, appendWaves, folded } from './append-waves.ts'
import { type Input, openInput } from './input.ts'
import { decodeMark } from './mark.ts'
import { checkRuleBookFile, publicationFor } from './publish.ts'
import { type Scan, scanInput } from './scan.ts'
import { skipInvalid } from './skip-invalid.ts'
import type { PartitionEnd, Summary } from './summary.ts'
import { writeOutputs } from './write-outputs.ts'

const wrongUsage = 2
/** Milliseconds. */
const waitingTold = 15_000

export interface ProcessOptions {
  readonly rules: string
  readonly events: readonly string[]
  readonly out: string
  readonly state?: string | undefined
  readonly partitions?: number | undefined
  readonly skipInvalid?: string | undefined
}

/** Checks everything, publishes, appends in waves, folds to the end, writes the results. */
export async function runProcess(options: ProcessOptions): Promise<Summary> {
  refuseFile(options.out)
  const kafka = logOf(options)
  const file = readRuleBookFile(options.rules)
  const ruleBook = checkRuleBookFile(options.rules, file)
  const input = await openInput({
    files: options.events,
    zone: ruleBook.zone,
    onInvalid: skipInvalid(options.skipInvalid),
  })
  const state = options.state ?? scratchState()
  try {
    const scan = await scanInput(input)
    return await settle({ ...options, state, kafka }, { file, ruleBook, input, scan })
  } finally {
    input.close()
    if (options.state === undefined) removeFolder(state)
  }
}

/** A folder that goes with the process, also when Ctrl-C ends it. */
function scratchState(): string {
  const folder = mkdtempSync(join(tmpdir(), 'settle-state-'))
  process.once('exit', () => removeFolder(folder))
  return folder
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Told before anything is folded, since a run may be long. */
function refuseFile(out: string): void {
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() !== false) return
  throw new FatalFault(wrongUsage, `--out ${out}: is a file; name a folder`)
}

interface Sources {
  readonly file: RuleBookFile
  readonly ruleBook: RuleBook
  readonly input: Input
  readonly scan: Scan
}

async function settle(
  options: ProcessOptions & {
    readonly state: string
    readonly kafka: ReturnType<typeof logOf>
  },
  sources: Sources,
): Promise<Summary> {
  const { failpoint } = readEnvironment()
  const settlement = await openSettlement({
    folder: options.state,
    partitions: options.partitions,
    failpoint,
    kafka: options.kafka,
    clock: 'replay',
  })
  try {
    const mark = decodeMark(await settlement.log.readMark())
    const publication = publicationFor(
      options.rules,
      sources.file,
      sources.ruleBook,
      sources.scan,
      mark,
    )
    const ends = await foldAll(settlement, sources, publication)
    settlement.failpoints.reach('outputs:before')
    const summary = await writeOutputs(settlement, options.out, ends, headOf(sources))
    settlement.failpoints.reach('outputs:after')
    tell(summary, sources, options.out)
    return summary
  } finally {
    await settlement.close()
  }
}

async function foldAll(
  settlement: Settlement,
  { input, scan }: Sources,
  { events, mark }: ReturnType<typeof publicationFor>,
): Promise<PartitionEnd[]> {
  const bar = startProgress('settling', scan.count)
  const supervisor = settlement.run()
  const cancel = tellOfWaiting(settlement, supervisor)
  try {
    await folded(settlement, supervisor)
    cancel()
    if (events.length > 0) await appendEvents(settlement, events, mark)
    await appendWaves(settlement, supervisor, input, mark, bar)
    await supervisor.flush()
    const ends = endsOf(supervisor)
    await supervisor.stop()
    bar.done(`${scan.count} events settled`)
    return ends
  } catch (error) {
    cancel()
    bar.fail()
    await supervisor.stop()
    throw error
  }
}

/** On Kafka, what another process of the group has is waited for as long as that runs. */
function tellOfWaiting({ partitions }: Settlement, { tasks }: Supervisor): () => void {
  return processSchedule.after(waitingTold, () => {
    const all = Array.from({ length: partitions }, (_, partition) => partition)
    const missing = all.filter((partition) => !tasks.has(partition)).join(', ')
    if (missing === '') return
    process.stderr.write(
      `settle: waiting for partitions ${missing}: they recover, or another process has them\n`,
    )
  })
}

function endsOf({ tasks }: Supervisor): PartitionEnd[] {
  return [...tasks.values()]
    .map(({ partition, position, emitted }) => ({
      partition,
      offset: position.offset,
      nextOutSeq: emitted.nextOutSeq,
      digest: emitted.digest,
    }))
    .sort((a, b) => a.partition - b.partition)
}

function headOf({ ruleBook, file }: Sources): Record<string, unknown> {
  const { ruleBookId, version: ruleBookVersion } = ruleBook
  return {
    settlestream: version,
    ruleBook: { ruleBookId, version: ruleBookVersion, hash: file.hash },
  }
}

function tell(summary: Summary, { ruleBook }: Sources, out: string): void {
  const { applied, duplicates, waiting, rejected } = summary.records
  const lines = [
    `${summary.consumed} records: ${applied} applied, ${duplicates} duplicates, ` +
      `${waiting} waiting, ${rejected} rejected`,
    `${summary.statements} statements with ${summary.lines} lines in ${out}`,
    ...ruleBook.notApplied.map((section) => `not applied in this version: ${section}`),
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}
