import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createVitest, type TestModule, type Vitest } from 'vitest/node'
import { type Fault, planted } from './fault.ts'

const repository = resolve(import.meta.dirname, '../..')
const copied = ['src', 'schemas', 'test', 'package.json', 'tsconfig.base.json', 'vitest.config.ts']

/** What became of the test of a fault. */
export type Verdict = 'noticed' | 'passed unnoticed' | `not judged: ${string}`

/** A copy of the project in a folder of its own, in which faults are planted one after the other. */
export class Workshop {
  private readonly folder: string
  private readonly vitest: Vitest

  static async open(): Promise<Workshop> {
    const folder = mkdtempSync(join(tmpdir(), 'settle-faults-'))
    for (const name of copied) {
      cpSync(join(repository, name), join(folder, name), {
        recursive: true,
        filter: (path) => !path.endsWith('.gz'),
      })
    }
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
    const vitest = await createVitest('test', {
      root: folder,
      watch: false,
      project: ['check'],
      reporters: [{}],
      bail: 1,
      // A fault that never ends is none that an expectation notices, and a busy machine is slow.
      testTimeout: 120_000,
    })
    return new Workshop(folder, vitest)
  }

  private constructor(folder: string, vitest: Vitest) {
    this.folder = folder
    this.vitest = vitest
  }

  /** Whether the test of a fault fails by an assertion while it is planted. */
  async plant(fault: Fault): Promise<Verdict> {
    const path = join(this.folder, fault.file)
    const sound = readFileSync(path, 'utf8')
    this.write(path, planted(fault, sound))
    try {
      return judge(await this.run([fault.test]))
    } finally {
      this.write(path, sound)
    }
  }

  /** What is wrong with the tests of these rows before anything is planted. */
  async complaints(faults: readonly Fault[]): Promise<string[]> {
    return (await this.run([...new Set(faults.map(({ test }) => test))])).map(({ said }) => said)
  }

  async close(): Promise<void> {
    await this.vitest.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private write(path: string, text: string): void {
    writeFileSync(path, text)
    this.vitest.invalidateFile(path)
  }

  private async run(tests: readonly string[]): Promise<Failure[]> {
    const paths = tests.map((test) => join(this.folder, test))
    const found = await this.vitest.globTestSpecifications(paths)
    const missing = paths.filter((path) => !found.some(({ moduleId }) => moduleId === path))
    if (missing.length > 0) throw new Error(`not a test of project check: ${missing.join(', ')}`)
    const { testModules, unhandledErrors } = await this.vitest.runTestSpecifications(found)
    // What is given are the modules of all runs so far.
    const ours = testModules.filter(({ moduleId }) => paths.includes(moduleId))
    if (ours.length !== paths.length) throw new Error(`not run: ${paths.join(', ')}`)
    // The runs are to fail: whether this process has failed is not for them to say.
    process.exitCode = 0
    return [
      ...unhandledErrors.map((error) => ({ asserted: false, said: String(error) })),
      ...ours.flatMap(failuresOf),
    ]
  }
}

interface Failure {
  /** Whether it is an expectation that did not hold. */
  readonly asserted: boolean
  readonly said: string
}

function failuresOf(module: TestModule): Failure[] {
  const errors = [...module.children.allTests()].flatMap((test) => test.result().errors ?? [])
  return [
    ...module.errors().map(({ message }) => ({ asserted: false, said: message })),
    ...errors.map(({ name, message, cause }) => ({
      asserted: [name, (cause as Error | undefined)?.name].includes('AssertionError'),
      said: `${name}: ${message}`,
    })),
  ]
}

/** A fault that only breaks the program says nothing of its test. */
function judge(failures: readonly Failure[]): Verdict {
  const [first] = failures
  if (first === undefined) return 'passed unnoticed'
  return failures.some(({ asserted }) => asserted) ? 'noticed' : `not judged: ${first.said}`
}
