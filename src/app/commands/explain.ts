import { type Command, Option } from '@commander-js/extra-typings'

const before = `Example:
  settle explain 'M-0001/E-CN-01/SOP/CNY/MONTHLY/2026-06-01#39' --state ledger
  settle explain O-0003253 --party M-0001 --lines lines.jsonl --rules rulebook.json
`

const after = `
Every amount is computed again from the rule book and from what the line's basis records, and the
figure that does not come out is named (exit code 4). What cannot be computed from a line: amounts
that were given (submitted, adjusted, named by a refund), what refunds named of a fee with policy
UPSTREAM before it was billed, and the share of an amount per order on one of its lines. A base
that no other line of the order names is checked by its exact value only, which a minimum, a maximum
or an UPSTREAM refund before billing can hide. From files, give all lines of the order: reversals
are cumulative over them.
`

/** Adds `explain`: a line step by step, computed again. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('Explain a line, or all lines of an order: rule, inputs, exact value, rounding')
    .argument('<line-or-order>', 'a lineId (with #) or an orderId')
    .option('--state <folder>', 'the state folder of `process`, `load` or `demo`')
    .option('--lines <files...>', 'exported lines instead, JSON Lines or CSV, also .gz')
    .option('--rules <files...>', 'with --lines: the rule books, a file a version')
    .option('--party <id>', 'only the order of this party')
    .addOption(
      new Option('-o, --output <form>', 'how to print it')
        .choices(['text', 'json'] as const)
        .default('text' as const),
    )
    .addHelpText('before', before)
    .addHelpText('after', after)
    .action(async (id, { state, lines, rules, party, output }, command) => {
      if (state !== undefined && lines !== undefined) {
        command.error('error: give either --state or --lines with --rules')
      }
      const from = state !== undefined ? { state } : { lines: lines ?? [], rules: rules ?? [] }
      if (!('state' in from) && (from.lines.length === 0 || from.rules.length === 0)) {
        command.error('error: give --state, or --lines together with --rules')
      }
      const { runExplain } = await import('../explain/run-explain.ts')
      process.exitCode = await runExplain({ id, party, from, output })
    })
}
