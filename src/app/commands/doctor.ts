import type { Command } from '@commander-js/extra-typings'

const example = `Example:
  settle doctor --state ledger
`

/** Adds `doctor`: whether this host and a state folder are fit for the processor. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Check this host and a state folder, and say what to do about what is wrong')
    .option('--state <folder>', 'the state folder; without it only the host is checked')
    .option('--json', 'print the findings as JSON')
    .addHelpText('before', example)
    .action(async (options) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts')
      await runDoctor(options)
    })
}
