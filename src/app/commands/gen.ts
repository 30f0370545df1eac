import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { demoRuleBookIn } from '../../adapters/generator/demo-rule-book.ts'
import type { JsonEvent } from '../../adapters/generator/json-event.ts'
import { demoMonth, marketplace } from '../../adapters/generator/marketplace.ts'
import { isZone } from '../../adapters/generator/timeline.ts'
import { workloadEvents } from '../../adapters/generator/workload-v1/json-events.ts'
import { workloadRuleBook } from '../../adapters/generator/workload-v1/rule-book.ts'
import { writeLines } from '../../adapters/line-output/write-lines.ts'
import { parseDay } from '../../domain/calendar/day.ts'

const eventsHelp =
  'order, refund, fee and adjustment events to make, repetitions included (about 2.5 an order); ' +
  'ticks and contract records come on top'

const example = `Example:
  settle gen --seed 7 --events 8000 --merchants 60 --rules rulebook.json --out events.jsonl
`

/** Adds `settle gen`. */
export function registerGen(program: Command): void {
  program
    .command('gen')
    .description('print a seeded marketplace stream: the same options give the same bytes')
    .option('--seed <n>', 'seed of all chance', wholeUpTo(2 ** 53 - 1, 0), demoMonth.seed)
    .option('--events <n>', eventsHelp, wholeUpTo(1_000_000_000), demoMonth.events)
    .option('--merchants <n>', 'merchants, from M-0001', wholeUpTo(1_000_000), demoMonth.merchants)
    .option('--days <n>', 'local days with new orders', wholeUpTo(3_660), demoMonth.days)
    .option('--start <day>', 'the first of them, YYYY-MM-DD', readDay, demoMonth.start)
    .option('--zone <zone>', 'time zone of the days and ticks', readZone, demoMonth.zone)
    .addOption(
      new Option(
        '--workload <name>',
        'instead of a marketplace the published workload for comparisons, of which only ' +
          '--events, --rules and --out can be chosen',
      ).choices(['v1'] as const),
    )
    .option('-o, --out <file>', 'write the events to this file instead (.gz compresses)')
    .option('--rules <file>', 'also write the rule book that fits the stream to this file')
    .addHelpText('before', example)
    .action(async ({ out, rules, workload, ...options }) => {
      const isWorkload = workload === 'v1'
      const book = isWorkload ? workloadRuleBook() : demoRuleBookIn(options.zone)
      if (rules !== undefined) {
        await writeLines([JSON.stringify(book, undefined, 2)], { file: rules })
      }
      const target = out === undefined ? { stream: process.stdout } : { file: out }
      const events = isWorkload ? workloadEvents(options.events) : marketplace(options)
      await writeLines(linesOf(events), target)
    })
}

function* linesOf(events: Iterable<JsonEvent>): Generator<string> {
  for (const event of events) yield JSON.stringify(event)
}

function wholeUpTo(to: number, from = 1): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (value >= from && value <= to) return value
    throw new InvalidArgumentError(`A whole number from ${from} to ${to} is needed.`)
  }
}

function readDay(text: string): string {
  if (parseDay(text) !== undefined) return text
  throw new InvalidArgumentError('A day of the form YYYY-MM-DD is needed.')
}

function readZone(text: string): string {
  if (isZone(text)) return text
  throw new InvalidArgumentError('A time zone such as Asia/Shanghai is needed.')
}
