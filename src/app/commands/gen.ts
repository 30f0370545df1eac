import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { demoRuleBookIn } from '../../adapters/generator/demo-rule-book.ts'
import {
  demoMonth,
  type MarketplaceOptions,
  marketplace,
} from '../../adapters/generator/marketplace.ts'
import { isZone } from '../../adapters/generator/timeline.ts'
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
    .option('-o, --out <file>', 'write the events to this file instead (.gz compresses)')
    .option('--rules <file>', 'also write the rule book that fits the stream to this file')
    .addHelpText('before', example)
    .action(async ({ out, rules, ...options }) => {
      if (rules !== undefined) await writeRules(rules, options.zone)
      const target = out === undefined ? { stream: process.stdout } : { file: out }
      await writeLines(eventLines(options), target)
    })
}

function* eventLines(options: MarketplaceOptions): Generator<string> {
  for (const event of marketplace(options)) yield JSON.stringify(event)
}

async function writeRules(file: string, zone: string): Promise<void> {
  await writeLines([JSON.stringify(demoRuleBookIn(zone), undefined, 2)], { file })
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
