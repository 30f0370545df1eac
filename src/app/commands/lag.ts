import type { Command } from '@commander-js/extra-typings'
import { addLogOptions } from './log-options.ts'

const example = `Example:
  settle lag --log kafka --kafka-brokers 127.0.0.1:9092
`

/** Adds `lag`: how far the committed positions are behind the log. */
export function registerLag(program: Command): void {
  const lag = program
    .command('lag')
    .description('Print how far the processors of a group are behind their log on Kafka')
    .option('--config <file>', 'settings as a JSON object; flags and environment win')
    .option('--json', 'print it as JSON')
    .addHelpText('before', example)
    .action(async (options) => {
      const { runLag } = await import('../kafka/run-lag.ts')
      await runLag(options)
    })
  addLogOptions(lag)
}
