import type { Reporter, TestModule } from 'vitest/node'

/** Prints the closing line that machines read: `N passed, N failed`, alone, after everything else. */
export default class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const states = modules.flatMap(statesOf)
    const passed = states.filter((state) => state === 'passed').length
    const failed = states.filter((state) => state === 'failed').length + unhandled.length
    const skipped = states.length + unhandled.length - passed - failed
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    process.on('exit', () => process.stdout.write(`\n${passed} passed, ${failed} failed${tail}\n`))
  }
}

/** The state of every test, and of a module that could not be run. */
function statesOf(module: TestModule): string[] {
  const states = [...module.children.allTests()].map((test) => test.result().state as string)
  return module.errors().length > 0 ? [...states, 'failed'] : states
}
