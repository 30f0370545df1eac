#!/usr/bin/env node
import { Command, CommanderError } from '@commander-js/extra-typings'
import { FatalFault, Fault, Halted } from '../ports/faults.ts'
import { registerBench } from './commands/bench.ts'
import { registerDemo } from './commands/demo.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerExplain } from './commands/explain.ts'
import { registerGen } from './commands/gen.ts'
import { registerImport } from './commands/import.ts'
import { registerLag } from './commands/lag.ts'
import { registerLedger } from './commands/ledger.ts'
import { registerLoad } from './commands/load.ts'
import { registerProcess } from './commands/process.ts'
import { registerRejections } from './commands/rejections.ts'
import { registerReplay } from './commands/replay.ts'
import { registerRules } from './commands/rules.ts'
import { registerRun } from './commands/run.ts'
import { registerSnapshot } from './commands/snapshot.ts'
import { registerStatements } from './commands/statements.ts'
import { registerSteps } from './commands/steps.ts'
import { registerTopics } from './commands/topics.ts'
import { version } from './version.ts'

const program: Command = new Command('settle')
  .description('Settles marketplace trade as a stream: bills, keeps and closes statements')
  .version(version)
  .exitOverride()
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: true })

registerProcess(program)
registerBench(program)
registerDemo(program)
registerDoctor(program)
registerExplain(program)
registerGen(program)
registerImport(program)
registerLag(program)
registerLedger(program)
registerLoad(program)
registerRejections(program)
registerReplay(program)
registerRules(program)
registerRun(program)
registerSnapshot(program)
registerStatements(program)
registerSteps(program)
registerTopics(program)

process.on('SIGINT', () => process.exit(130))
// Whoever reads no further, such as `head`, has what it wants.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Says what went wrong in one line, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof FatalFault) return say(error.message, error.exitCode)
  if (error instanceof Halted) return say(error.message, 9)
  if (error instanceof Fault) return say(error.message, error.kind === 'corrupt-state' ? 9 : 5)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return say(`internal fault, please report it: ${text}`, 1)
}

function say(message: string, exitCode: number): number {
  process.stderr.write(`settle: ${message}\n`)
  return exitCode
}
