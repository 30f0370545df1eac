import type { Command } from '@commander-js/extra-typings'

const example = `Example:
  settle demo
`

/** Adds `demo`: a month of a small marketplace, generated, settled and shown. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('Generate a month of a small marketplace, settle it, and show the statements')
    .option('--out <folder>', 'where everything is kept', 'settle-demo')
    .option('--seed <n>', 'another month', Number)
    .addHelpText('before', example)
    .action(async (options) => {
      const { runDemo } = await import('../demo/run-demo.ts')
      await runDemo(options)
    })
}
