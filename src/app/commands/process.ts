import type { Command } from '@commander-js/extra-typings'
import { partitionCount } from './load.ts'
import { addLogOptions } from './log-options.ts'

const example = `Example:
  settle process --rules rulebook.json --events events.jsonl --out settled
  settle process --rules rulebook.json --events events.jsonl --out settled \\
    --log kafka --kafka-brokers 127.0.0.1:9092
`

/** Adds `process`: the whole processor over files, in one go. */
export function registerProcess(program: Command): void {
  const command = program
    .command('process')
    .description('Settle files of events on a log and write the results')
    .requiredOption('--rules <file>', 'the rule book')
    .requiredOption(
      '--events <files...>',
      'files of events in order, .jsonl or .jsonl.gz; - is standard input',
    )
    .requiredOption('--out <folder>', 'where the results go')
    .option('--state <folder>', 'keep log and state there; a run that was stopped goes on from it')
    .option('--partitions <n>', 'partitions of a new log; changes no result', partitionCount)
    .option('--skip-invalid <file>', 'collect faulty lines there instead of stopping at the first')
    .option('--config <file>', 'settings of the log as a JSON object; flags and environment win')
    .addHelpText('before', example)
    .action(async (options) => {
      const { runProcess } = await import('../process/run-process.ts')
      await runProcess(options)
    })
  addLogOptions(command)
}
