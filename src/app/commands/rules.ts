import { type Command, Option } from '@commander-js/extra-typings'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'

/** What `settle rules lint` prints and the exit code it ends with. */
export interface LintResult {
  /** 0 sound, 3 problems or unreadable, 6 no such file. */
  readonly exitCode: number
  readonly lines: readonly string[]
}

/** Adds `rules` with `lint` and `diff` to the program. */
export function registerRules(program: Command): void {
  const rules = program
    .command('rules')
    .description('Rule books: check what publishing would refuse, compare versions')
    .addHelpText('before', 'Example:\n  settle rules lint rulebook.json\n')
  rules
    .command('lint')
    .description('List every problem of a rule book; exit code 3 when there is one')
    .argument('<file>', 'the rule book, a JSON document')
    .addHelpText('before', 'Example:\n  settle rules lint rulebook.json\n')
    .action(async (file) => {
      const { exitCode, lines } = await lintRuleBook(file)
      process.stdout.write(`${lines.join('\n')}\n`)
      process.exitCode = exitCode
    })
  rules
    .command('diff')
    .description('Say what changes from one rule book to another, by the names of its parts')
    .argument('<before>', 'the rule book in force')
    .argument('<after>', 'the one that is to follow')
    .addOption(
      new Option('-o, --output <form>', 'how to print it')
        .choices(['text', 'json'] as const)
        .default('text' as const),
    )
    .addHelpText('before', 'Example:\n  settle rules diff rulebook-7.json rulebook-8.json\n')
    .action(async (before, after, { output }) => {
      const { diffRuleBooks, differenceText } = await import('../rules/diff.ts')
      const found = diffRuleBooks(before, after)
      const text = found.length === 0 ? 'no difference' : found.map(differenceText).join('\n')
      process.stdout.write(`${output === 'json' ? JSON.stringify(found, undefined, 2) : text}\n`)
    })
}

/** Checks the rule book in a file against all that publishing refuses, but for its predecessor. */
export async function lintRuleBook(path: string): Promise<LintResult> {
  // Loaded when asked for: the time-zone library would slow the start of every other command.
  const { readRuleBookFile, daysOf, isZone, startsOf } = await import('../rule-book-file.ts')
  const { checkRuleBook } = await import('../../domain/rulebook/check.ts')
  const { FatalFault } = await import('../../ports/faults.ts')
  try {
    const { document, hash } = readRuleBookFile(path)
    const zone = zoneOf(document)
    // Any zone will do for a book whose own is refused: its other problems are worth listing too.
    const startOfDay = startsOf(daysOf(document, zone !== undefined && isZone(zone) ? zone : 'UTC'))
    const { problems, ruleBook } = checkRuleBook(document, { hash, startOfDay, isZone })
    if (ruleBook !== undefined) return { exitCode: 0, lines: summaryOf(path, ruleBook) }
    const lines = problems.map(({ path: place, message }) => `${path}: ${place}: ${message}`)
    return { exitCode: 3, lines }
  } catch (error) {
    if (error instanceof FatalFault) return { exitCode: error.exitCode, lines: [error.message] }
    throw error
  }
}

function zoneOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || !('zone' in document)) return undefined
  return typeof document.zone === 'string' ? document.zone : undefined
}

function summaryOf(path: string, ruleBook: RuleBook): string[] {
  const { ruleBookId, version, hash, zone, feeTypes, schedules, templates, rebates } = ruleBook
  return [
    `${path}: sound`,
    `rule book   ${ruleBookId} version ${version}, days in ${zone}`,
    `hash        ${hash}`,
    `fee types   ${feeTypes.length}`,
    `schedules   ${schedules.length}`,
    `templates   ${templates.length}`,
    `rebates     ${rebates.length}`,
    ...ruleBook.notApplied.map((section) => `not applied in this version: ${section}`),
  ]
}
