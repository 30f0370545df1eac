import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { addLogOptions } from './log-options.ts'

const example = `Example:
  settle load events.jsonl --state ledger
  settle load events.jsonl --log kafka --kafka-brokers 127.0.0.1:9092
`

/** Adds `load`: appends events to a log for the processor to come. */
export function registerLoad(program: Command): void {
  const command = program
    .command('load')
    .description('Append files of events to a log')
    .argument('<files...>', 'files of events in order, .jsonl or .jsonl.gz; - is standard input')
    .option('--state <folder>', 'the state folder of an embedded log; made where there is none')
    .option('--partitions <n>', 'partitions of a new log', partitionCount)
    .option('--zone <zone>', "time zone of days in events; default the log's rule book's")
    .option('--skip-invalid <file>', 'collect faulty lines there instead of stopping at the first')
    .option('--config <file>', 'settings of the log as a JSON object; flags and environment win')
    .addHelpText('before', example)
    .action(async (files, options) => {
      const { runLoad } = await import('../load/run-load.ts')
      await runLoad({ ...options, files })
    })
  addLogOptions(command)
}

/** Reads a number of partitions from the command line. */
export function partitionCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 1024) return count
  throw new InvalidArgumentError('It must be a whole number from 1 to 1024.')
}
