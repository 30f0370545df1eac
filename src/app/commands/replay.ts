import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'

const example = `Example:
  settle replay --compare --state ledger
`

/** Adds `replay`: folds the log again beside the state and compares. */
export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'Fold the log again beside the stores; exit code 4 where it comes to another state',
    )
    .requiredOption('--compare', 'compare with the stores, which is all that a replay is for')
    .requiredOption('--state <folder>', 'the state folder; no process may be using it')
    .option('--partition <n>', 'only this one', readNumber)
    .option('--generation <n>', 'begin at this snapshot, not at the start of the log', readNumber)
    .addHelpText('before', example)
    .action(async ({ state, partition, generation }) => {
      const { compareByReplay } = await import('../replay/run-replay.ts')
      process.exitCode = await compareByReplay({ state, partition, generation })
    })
}

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give a whole number, such as 0.')
  return Number(text)
}
