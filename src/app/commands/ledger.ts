import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'
import type { LedgerFormat, LedgerOptions } from '../ledger/print-ledger.ts'

type Group = Command<[], OptionValues, OptionValues>

const after = `
Debit and credit of every booking are equal, so the balances of a currency sum to zero; exit code 4
says that they do not. party:…:accrued is what is owed on open statements, party:…:statement:… what
is still to be paid of a closed one, party:…:receivable what the party owes. The platform's own sale
of goods that it bought (mode FBP) stands in its shop's books, not here.
`

/** Adds `ledger` with `balances` and `postings`: the double entry under the statements. */
export function registerLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('The double entry under the statements: balances by account, postings by line')
    .addHelpText('before', 'Example:\n  settle ledger balances --state ledger\n')
    .addHelpText('after', after)
  registerView(ledger, 'balances', 'Print what stands on each account')
  registerView(ledger, 'postings', 'Print every posting, by statement')
}

function registerView(ledger: Group, view: 'balances' | 'postings', description: string): void {
  ledger
    .command(view)
    .description(description)
    .requiredOption('--state <folder>', 'the state folder of `process`, `load` or `demo`')
    .option('--party <id>', 'only of the statements of this party')
    .option('--entity <id>', 'only of this settlement entity')
    .option('--currency <code>', 'only in this currency')
    .option('--statement <id>', 'only of this statement')
    .option('--account <name>', 'only accounts whose name begins so, such as platform:revenue')
    .addOption(
      new Option('-o, --output <form>', 'how to print them')
        .choices(['table', 'json', 'jsonl', 'csv'] as const)
        .default('table' as const),
    )
    .addHelpText('before', `Example:\n  settle ledger ${view} --state ledger --party M-0001\n`)
    .addHelpText('after', after)
    .action(async (given) => {
      const { printBalances, printPostings } = await import('../ledger/print-ledger.ts')
      const show = view === 'balances' ? printBalances : printPostings
      process.exitCode = await show(optionsOf(given))
    })
}

interface Given {
  readonly state: string
  readonly party?: string | undefined
  readonly entity?: string | undefined
  readonly currency?: string | undefined
  readonly statement?: string | undefined
  readonly account?: string | undefined
  readonly output: LedgerFormat
}

function optionsOf(given: Given): LedgerOptions {
  const { state, party, entity, currency, statement, account, output } = given
  const one =
    statement === undefined ? { party } : { party: statement.split('/')[0], ids: [statement] }
  return { state, filter: { entity, currency, ...one }, account, output }
}
