import {
  type Command,
  InvalidArgumentError,
  Option,
  type OptionValues,
} from '@commander-js/extra-typings'
import { parseDay } from '../../domain/calendar/day.ts'

type Group = Command<[], OptionValues, OptionValues>

/** Adds `statements` with `list`, `show`, `export`, `verify`, `prove` and `check-proof`. */
export function registerStatements(program: Command): void {
  const statements = program
    .command('statements')
    .description('Statements: list, show, export, verify and prove them')
    .addHelpText('before', 'Example:\n  settle statements list --state ledger --status FINALISED\n')
  registerList(statements)
  registerShow(statements)
  registerExport(statements)
  registerVerify(statements)
  registerProof(statements)
}

const stateHelp = 'the state folder of `process`, `load` or `demo`'

function registerList(statements: Group): void {
  statements
    .command('list')
    .description('List statements by id')
    .requiredOption('--state <folder>', stateHelp)
    .option('--party <id>', 'only of this party')
    .option('--period <day>', 'only of the period that starts on this local day', readDay)
    .option('--status <status>', 'only in this status, such as OPEN or FINALISED')
    .option('--currency <code>', 'only in this currency')
    .option('--entity <id>', 'only of this settlement entity')
    .option('--mode <mode>', 'only of this mode')
    .addOption(
      new Option('-o, --output <form>', 'how to print them')
        .choices(['table', 'json', 'jsonl', 'csv'] as const)
        .default('table' as const),
    )
    .addHelpText('before', 'Example:\n  settle statements list --state ledger --party M-0001\n')
    .action(async ({ state, output, ...filter }) => {
      const { listStatements } = await import('../queries/print-statements.ts')
      await listStatements(state, filter, output)
    })
}

function registerShow(statements: Group): void {
  statements
    .command('show')
    .description('Show one statement with its totals, its seal and its lines')
    .argument('<id>', 'the statementId')
    .requiredOption('--state <folder>', stateHelp)
    .option('--no-lines', 'leave the lines out')
    .addOption(
      new Option('-o, --output <form>', 'how to print it')
        .choices(['table', 'json'] as const)
        .default('table' as const),
    )
    .addHelpText(
      'before',
      `Example:
  settle statements show M-0001/E-CN-01/SOP/CNY/MONTHLY/2026-06-01 --state ledger
`,
    )
    .action(async (id, options) => {
      const { showStatement } = await import('../queries/print-statements.ts')
      await showStatement(id, options)
    })
}

const exportBefore = `Example:
  settle statements export --state ledger --out lines.csv \\
    --statements statements.csv --seals seals.jsonl
`

const exportAfter = `
Lines hold every field that the seal hashes: with the statements, anyone can compute the roots again
(settle statements verify). JSON Lines have the fields of lines.jsonl and statements.jsonl of
\`process\`. CSV has one column a field: basis is split into basisOf, basisBase, basisRate and
basisExact; totals, history and ruleBookVersions are JSON. An absent field is an empty cell. A text
that a spreadsheet would take for a formula (= + - @, tab, return) has a leading apostrophe.
`

function registerExport(statements: Group): void {
  statements
    .command('export')
    .description('Export the lines of closed statements, and statements and seals next to them')
    .argument('[ids...]', 'only these statements')
    .requiredOption('--state <folder>', stateHelp)
    .requiredOption('--out <file>', 'where the lines go; - is standard output, .gz compresses')
    .option('--statements <file>', 'write the statements there')
    .option(
      '--seals <file>',
      'write a hash per entry and per statement there, to name what is touched',
    )
    .option('--all', 'open statements too, which have no root yet')
    .option('--party <id>', 'only of this party')
    .option('--period <day>', 'only of the period that starts on this local day', readDay)
    .option('--status <status>', 'only in this status')
    .option('--currency <code>', 'only in this currency')
    .option('--entity <id>', 'only of this settlement entity')
    .option('--mode <mode>', 'only of this mode')
    .addOption(
      new Option('--format <form>', 'default: csv for names that end so, else jsonl').choices([
        'jsonl',
        'csv',
      ] as const),
    )
    .addHelpText('before', exportBefore)
    .addHelpText('after', exportAfter)
    .action(async (ids, { state, out, statements, seals, format, all, ...filter }) => {
      const { exportStatements } = await import('../queries/export-statements.ts')
      const wanted = ids.length === 0 ? undefined : ids
      const written = await exportStatements(
        { state, out, statements, seals, format },
        { ...filter, closed: all !== true, ids: wanted },
      )
      const told = `${written.statements} statements with ${written.lines} lines exported`
      process.stderr.write(`${told}\n`)
    })
}

const verifyBefore = `Example:
  settle statements verify lines.csv statements.csv seals.jsonl
  settle statements verify lines.jsonl statements.jsonl --state ledger
  settle statements verify --state ledger
`

const verifyAfter = `
Computes from the files alone: every root (RFC 9162), the chain of previousRoot, numbers, counts,
totals and tax. Per statement the first break is told, with the entry where it can be named:

  lines and statements   names what was added, removed or moved, by seq and entryNo. A root cannot
                         say which entry was changed in place: the totals then name the fee and its
                         entries, and a change that leaves all totals as they are has no name.
                         Not covered: partyKind, dueOn, who took a step and why, another name for
                         the same time zone, and statements left out at the end of a key's chain.
  with a seals file      names the entry that was changed, and tells a change of the lines from one
                         of the seals; covers every field of a statement. A file that was made
                         together with its own seals and roots needs a root from elsewhere.
  with --state           compares with the log, entry by entry, and with the store, field by field.

Exit code 4 when something does not come out.
`

function registerVerify(statements: Group): void {
  statements
    .command('verify')
    .description(
      'Compute the roots, chains and totals of exported statements, or of a state, again',
    )
    .argument('[files...]', 'exported lines, statements and seals, JSON Lines or CSV, also .gz')
    .option('--state <folder>', 'compare with this state; without files verify all of it')
    .addOption(
      new Option('-o, --output <form>', 'how to print the findings')
        .choices(['table', 'json'] as const)
        .default('table' as const),
    )
    .addHelpText('before', verifyBefore)
    .addHelpText('after', verifyAfter)
    .action(async (files, { state, output }, command) => {
      if (files.length === 0 && state === undefined) {
        command.error('error: name exported files, or a folder with --state')
      }
      const { runVerify } = await import('../verify/print-report.ts')
      process.exitCode = await runVerify({ files, state, output })
    })
}

function readDay(text: string): string {
  if (parseDay(text) !== undefined) return text
  throw new InvalidArgumentError('A day of the form YYYY-MM-DD is needed.')
}

const proofAfter = `
The file holds the lines of one entry and the hashes of RFC 9162 that lead from it to the root of
its statement: who has it can check the entry without any other line and without this log. A root
that was written down elsewhere (an export, a mail of the day of closing) makes it proof of more
than that the file agrees with itself: give it to check-proof with --root.
`

function registerProof(statements: Group): void {
  statements
    .command('prove')
    .description('Write one entry of a closed statement with its inclusion proof')
    .argument('<id>', 'the statementId')
    .argument('<entry>', 'the entryNo, from 1', readCount)
    .requiredOption('--state <folder>', stateHelp)
    .option('--out <file>', 'where the proof goes; - is standard output', '-')
    .addHelpText(
      'before',
      `Example:
  settle statements prove M-0001/E-CN-01/SOP/CNY/MONTHLY/2026-06-01 12 --state ledger --out p.json
`,
    )
    .addHelpText('after', proofAfter)
    .action(async (id, entryNo, { state, out }) => {
      const { writeProof } = await import('../verify/proof.ts')
      await writeProof(id, entryNo, { state, out })
    })
  statements
    .command('check-proof')
    .description('Check an inclusion proof by itself; exit code 4 where it does not come out')
    .argument('<file>', 'what `prove` wrote')
    .option('--root <hash>', "the statement's root from elsewhere, in hexadecimal")
    .addHelpText('before', 'Example:\n  settle statements check-proof p.json\n')
    .addHelpText('after', proofAfter)
    .action(async (file, { root }) => {
      const { checkProof } = await import('../verify/proof.ts')
      const { proof, fault } = checkProof(file, root)
      const { entryNo, entryCount, statementId, lines } = proof
      const what = `entry ${entryNo} of ${entryCount} of ${statementId}, ${lines.length} lines`
      process.stdout.write(`${what}: ${fault ?? `is in the statement with root ${proof.root}`}\n`)
      process.exitCode = fault === undefined ? 0 : 4
    })
}

function readCount(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}
