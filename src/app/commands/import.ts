import type { Command } from '@commander-js/extra-typings'
import { writeLines } from '../../adapters/line-output/write-lines.ts'
import { type ImportProgress, importFiles } from '../../adapters/online-retail/import-files.ts'

const example = `Example:
  settle import online-retail 2010-12.csv.gz --out events.jsonl.gz
`

/** Adds `settle import`, with one subcommand a data set. */
export function registerImport(program: Command): void {
  program
    .command('import')
    .description('print events for a public data set')
    .addHelpText('before', example)
    .command('online-retail')
    .description(
      'events for the UCI Online Retail set (CSV or .gz); its parties are assigned by this project',
    )
    .argument('<files...>', 'CSV files, read as one set in this order')
    .option('-o, --out <file>', 'write the events to this file instead (.gz compresses)')
    .addHelpText('before', example)
    .action(async (files, { out }) => {
      const progress = { rows: 0, skippedRows: 0, events: 0 }
      const target = out === undefined ? { stream: process.stdout } : { file: out }
      const whole = await writeLines(eventLines(files, progress), target)
      if (!whole) return
      process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${summary(progress)}\n`)
    })
}

async function* eventLines(
  files: readonly string[],
  progress: ImportProgress,
): AsyncGenerator<string> {
  let shown = 0
  for await (const event of importFiles(files, progress)) {
    if (process.stderr.isTTY && progress.rows >= shown + 5_000) {
      shown = progress.rows
      process.stderr.write(`\r${progress.rows} rows`)
    }
    yield JSON.stringify(event)
  }
}

function summary({ rows, skippedRows, events }: ImportProgress): string {
  return `${rows} rows read, ${skippedRows} skipped as stock movements, ${events} events written`
}
