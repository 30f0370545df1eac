import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { demoRuleBookIn } from '../../adapters/generator/demo-rule-book.ts'
import { demoMonth, marketplace } from '../../adapters/generator/marketplace.ts'
import { readFileLines } from '../../adapters/json-lines/read-lines.ts'
import { writeLines } from '../../adapters/line-output/write-lines.ts'
import { FatalFault } from '../../ports/faults.ts'
import { runProcess } from '../process/run-process.ts'
import { startProgress } from '../progress-bar.ts'
import { type StatementJson, statementPicture } from '../statement-picture.ts'
import { statementTable } from '../statement-table.ts'

export interface DemoOptions {
  readonly out: string
  readonly seed?: number | undefined
}

const shownRows = 12

/** Generates, settles and shows; everything stays in the folder, and a second run starts anew. */
export async function runDemo({ out, seed }: DemoOptions): Promise<void> {
  clear(out)
  const rules = join(out, 'rulebook.json')
  const events = join(out, 'events.jsonl')
  const settled = join(out, 'settled')
  const month = { ...demoMonth, seed: seed ?? demoMonth.seed }
  await writeLines([JSON.stringify(demoRuleBookIn(month.zone), undefined, 2)], { file: rules })
  const bar = startProgress('generating a month of trade', month.events)
  await writeLines(eventLines(month, bar.advance), { file: events })
  bar.done(`${month.merchants} merchants, ${month.events} events and their ticks in ${events}`)
  const state = join(out, 'state')
  await runProcess({ rules, events: [events], out: settled, state })
  const shown = await show(settled)
  process.stdout.write(nextSteps(out, shown))
}

/** Only a folder that an earlier demo made is cleared. */
function clear(out: string): void {
  const isOld = existsSync(join(out, 'rulebook.json')) && existsSync(join(out, 'events.jsonl'))
  if (existsSync(out) && readdirSync(out).length > 0 && !isOld) {
    throw new FatalFault(2, `${out} holds something else: name another folder with --out`)
  }
  for (const name of ['settled', 'state']) {
    rmSync(join(out, name), { recursive: true, force: true })
  }
  mkdirSync(out, { recursive: true })
}

function* eventLines(month: typeof demoMonth, advance: (steps: number) => void): Generator<string> {
  for (const event of marketplace(month)) {
    advance(1)
    yield JSON.stringify(event)
  }
}

/** Shows the largest statements and the first of them in full; its id. */
async function show(settled: string): Promise<string | undefined> {
  const statements: StatementJson[] = []
  for await (const { text } of readFileLines(join(settled, 'statements.jsonl'))) {
    statements.push(JSON.parse(text))
  }
  const largest = statements.toSorted((a, b) => b.lineCount - a.lineCount)
  const first = largest[0]
  if (first === undefined) return undefined
  const rest = statements.length - shownRows
  process.stdout.write(`\n${statementTable(largest.slice(0, shownRows))}`)
  process.stdout.write(`  … and ${rest} more in ${join(settled, 'statements.jsonl')}\n`)
  process.stdout.write(`\n${statementPicture(first)}\n`)
  return first.statementId
}

function nextSteps(out: string, statementId = 'STATEMENT'): string {
  const state = join(out, 'state')
  return `Everything is in ${out}: the rule book, the events, and in settled/ what came of them.

Next:
  npx settle statements show ${statementId} --state ${state}
  npx settle explain '${statementId}#3' --state ${state}
  npx settle statements verify --state ${state}
  npx settle ledger balances --account platform --state ${state}
  npx settle gen --seed 2 --merchants 20 --events 2000 --rules rulebook.json --out events.jsonl
  npx settle process --rules rulebook.json --events events.jsonl --out settled --state ledger
`
}
