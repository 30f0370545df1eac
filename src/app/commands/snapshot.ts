import {
  type Command,
  InvalidArgumentError,
  Option,
  type OptionValues,
} from '@commander-js/extra-typings'

type Group = Command<[], OptionValues, OptionValues>

const stateHelp = 'the state folder; no process may be using it'

/** Adds `snapshot` with `create`, `list`, `verify` and `restore`. */
export function registerSnapshot(program: Command): void {
  const snapshot = program
    .command('snapshot')
    .description('Copies of the stores, from which a lost store starts again')
    .addHelpText('before', 'Example:\n  settle snapshot create --state ledger\n')
  registerCreate(snapshot)
  registerList(snapshot)
  registerVerify(snapshot)
  registerRestore(snapshot)
}

function registerCreate(snapshot: Group): void {
  snapshot
    .command('create')
    .description('Copy the stores, open the copies, and keep the last two that come out')
    .requiredOption('--state <folder>', stateHelp)
    .option('--partition <n>', 'only this one', readNumber)
    .addHelpText('before', 'Example:\n  settle snapshot create --state ledger\n')
    .action(async (options) => {
      const { createSnapshots } = await import('../snapshot/run-snapshot.ts')
      await createSnapshots(options)
    })
}

function registerList(snapshot: Group): void {
  snapshot
    .command('list')
    .description('List the snapshots, the newest of each partition first')
    .requiredOption('--state <folder>', stateHelp)
    .addOption(
      new Option('-o, --output <form>', 'how to print them')
        .choices(['table', 'json'] as const)
        .default('table' as const),
    )
    .addHelpText('before', 'Example:\n  settle snapshot list --state ledger -o json\n')
    .action(async (options) => {
      const { listSnapshots } = await import('../snapshot/run-snapshot.ts')
      await listSnapshots(options)
    })
}

function registerVerify(snapshot: Group): void {
  snapshot
    .command('verify')
    .description('Open a copy of every snapshot and compare it; exit code 4 where one differs')
    .requiredOption('--state <folder>', stateHelp)
    .option('--partition <n>', 'only this one', readNumber)
    .addHelpText('before', 'Example:\n  settle snapshot verify --state ledger\n')
    .action(async (options) => {
      const { verifySnapshots } = await import('../snapshot/run-snapshot.ts')
      process.exitCode = await verifySnapshots(options)
    })
}

function registerRestore(snapshot: Group): void {
  snapshot
    .command('restore')
    .description('Put a snapshot in the place of a store, which is renamed and stays')
    .requiredOption('--state <folder>', stateHelp)
    .requiredOption('--partition <n>', 'of which partition', readNumber)
    .option('--generation <n>', 'which one; without it the newest verified', readNumber)
    .addHelpText('before', 'Example:\n  settle snapshot restore --state ledger --partition 0\n')
    .action(async (options) => {
      const { restoreSnapshot } = await import('../snapshot/run-snapshot.ts')
      await restoreSnapshot(options)
    })
}

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give a whole number, such as 0.')
  return Number(text)
}
