import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'

type Group = Command<[], OptionValues, OptionValues>

const stateHelp = 'the state folder of `process`, `load` or `demo`'

/** Adds `rejections` with `list` and `show`. */
export function registerRejections(program: Command): void {
  const rejections = program
    .command('rejections')
    .description('Events that were refused: list them, show one with what to do')
    .addHelpText('before', 'Example:\n  settle rejections list --state ledger\n')
  registerList(rejections)
  registerShow(rejections)
}

function formOption() {
  return new Option('-o, --output <form>', 'how to print them')
    .choices(['table', 'json', 'jsonl'] as const)
    .default('table' as const)
}

function registerList(rejections: Group): void {
  rejections
    .command('list')
    .description('List rejections by event id')
    .requiredOption('--state <folder>', stateHelp)
    .option('--party <id>', 'only of this party')
    .option('--code <code>', 'only with this code, such as ORDER_UNKNOWN')
    .addOption(formOption())
    .addHelpText(
      'before',
      'Example:\n  settle rejections list --state ledger --code ORDER_UNKNOWN\n',
    )
    .action(async ({ state, output, ...filter }) => {
      const { listRejections } = await import('../queries/print-rejections.ts')
      await listRejections(state, filter, output)
    })
}

function registerShow(rejections: Group): void {
  rejections
    .command('show')
    .description('Show the rejections of one event: code, message, the event, and what to do')
    .argument('<event-id>', 'the eventId')
    .requiredOption('--state <folder>', stateHelp)
    .addOption(formOption())
    .addHelpText('before', 'Example:\n  settle rejections show R-0000090-1 --state ledger\n')
    .action(async (eventId, { state, output }) => {
      const { showRejection } = await import('../queries/print-rejections.ts')
      await showRejection(eventId, state, output)
    })
}
