import type { Command } from '@commander-js/extra-typings'
import { addLogOptions } from './log-options.ts'

const example = `Example:
  settle run --state ledger --rules rulebook.json
  curl http://127.0.0.1:9464/readyz
`

/** Adds `run`: the processor of a log, until it is stopped. */
export function registerRun(program: Command): void {
  const run = program
    .command('run')
    .description('Settle what comes into the log of a state folder, with live ticks')
    .option('--state <folder>', 'the state folder; made where there is none')
    .option('--partitions <n>', 'partitions of a log that is not there yet (default: 1)')
    .option('--rules <file>', 'a rule book to publish, unless the log has it')
    .option('--host <address>', 'where metrics and health are served (default: 127.0.0.1)')
    .option('--port <n>', 'their port; 0 takes any that is free (default: 9464)')
    .option('--log-level <level>', 'debug, info, warn or error (default: info)')
    .option('--tick-interval <ms>', 'time between two ticks (default: 1000)')
    .option('--commit-records <n>', 'records after which is committed (default: 10000)')
    .option('--store-interval <ms>', 'time after which the store is written (default: 1000)')
    .option('--cache-rows <n>', 'rows of a partition kept in memory (default: 200000)')
    .option('--config <file>', 'settings as a JSON object; flags and environment win')
    .addHelpText('before', example)
    .action(async (options) => {
      const { runRun } = await import('../run/run-run.ts')
      await runRun(options)
    })
  addLogOptions(run)
}
