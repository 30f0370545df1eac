import { Argument, type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'

const example = `Example:
  settle bench fold --events 200000 --runs 3
`

const names = ['fold', 'store', 'pipeline', 'limit'] as const

/** Adds `bench`: measures the shipped processor and checks its totals. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('Measure the processor: the fold, the store, the pipeline, or the limit of it')
    .addArgument(new Argument('<what>', 'what is measured').choices(names))
    .option('--events <n>', 'orders and refunds', whole, 200_000)
    .option('--parties <n>', 'parties, drawn by Zipf(1.0)', whole, 100_000)
    .option('--seed <n>', 'seed of the workload', whole, 20260101)
    .option('--runs <n>', 'processes, one after another; the medians count', whole, 3)
    .option('--json', 'print one JSON object')
    .addOption(new Option('--once', 'measure in this process').hideHelp())
    .addHelpText('before', example)
    .action(async (what, { once, ...options }) => {
      const { measureOnce, runBench } = await import('../bench/run-bench.ts')
      await (once === true ? measureOnce(what, options) : runBench(what, options))
    })
}

function whole(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('It must be a whole number from 1.')
}
