import { randomUUID } from 'node:crypto'
import type { Command } from '@commander-js/extra-typings'
import { eventOf, type Step, type StepField, type StepGiven, steps } from '../steps/steps.ts'

type Options = Readonly<Record<string, string | readonly string[] | undefined>>

/** Adds a command for each human step. */
export function registerSteps(program: Command): void {
  for (const step of steps) registerStep(program, step)
}

function registerStep(program: Command, step: Step): void {
  const { name, description, subject, example } = step
  const command = program
    .command(name)
    .description(description)
    .argument(subject.argument, subject.help)
    .requiredOption('--state <folder>', 'the state folder of `process`, `load` or `run`')
    .option('--party <id>', "the party; default the statement's")
    .option('--at <instant>', 'when it was done, ISO 8601 with zone; default now')
    .addHelpText('before', `Example:\n  settle ${name} ${example}\n`)
  if (step.idField !== undefined) {
    command.option('--id <id>', 'its own id, so that saying it twice does no harm; default made')
  }
  if (subject.field === 'itemId') {
    command.option('--of <kind>', 'what the item is: adjustment or agreement; default adjustment')
  }
  for (const field of step.fields) {
    if (field.required === true) command.requiredOption(field.flag, field.help)
    else command.option(field.flag, field.help)
  }
  command.action(async (given, options) => {
    const { takeStep, tellOutcome } = await import('../steps/run-step.ts')
    const text = options as Options
    const event = eventOf(step, givenOf(step, String(given), text))
    const outcome = await takeStep(String(text.state), event)
    process.exitCode = tellOutcome(outcome, `${name} ${String(given)}`)
  })
}

function givenOf(step: Step, subject: string, options: Options): StepGiven {
  const values: Record<string, string | readonly string[] | undefined> = {}
  for (const field of step.fields) values[field.field] = options[optionOf(field)]
  const unique = randomUUID()
  const id = textOf(options.id) ?? (step.idField === undefined ? subject : unique)
  const eventId = `${step.name}-${unique}`
  const at = textOf(options.at) ?? new Date().toISOString()
  return { subject, values, party: textOf(options.party), of: textOf(options.of), id, eventId, at }
}

/** `--lines <ids...>` is the option `lines`. */
function optionOf({ flag }: StepField): string {
  return flag.slice(2).split(' ')[0] as string
}

function textOf(value: Options[string]): string | undefined {
  return typeof value === 'string' ? value : undefined
}
