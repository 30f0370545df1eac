import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { mainPath, repository } from '../support/settle-process.ts'

// Scenarios that were derived from the specification alone and know nothing of this program.

const shared = process.env.SETTLE_SHARED ?? join(repository, '../shared')
const runner = join(shared, 'conformance/run_scenarios.py')
const { names, missing } = scenarios('spine')
if (missing !== undefined) console.warn(`skipped: ${missing}`)

describe.skipIf(names.length === 0)('the scenario', () => {
  test.each(names)('%s holds', async (name) => {
    const env = { ...process.env, SETTLE: `'${process.execPath}' '${mainPath}'` }
    const run = promisify(execFile)('python3', [runner, '--only', name, '--verbose'], { env })
    // The runner ends with 1 where a scenario fails; what it printed says why.
    const { stdout } = await run.catch((error: { stdout: string }) => error)
    const said = stdout.split('\n').filter((line) => line.includes(`spine/${name}`))
    expect(said, stdout).toEqual([`ok   spine/${name}`])
  })
})

function scenarios(group: string): { names: readonly string[]; missing?: string } {
  if (!existsSync(runner)) {
    return { names: [], missing: `no scenarios at ${runner}: set SETTLE_SHARED to their folder` }
  }
  const listed = spawnSync('python3', [runner, '--group', group, '--list'], { encoding: 'utf8' })
  if (listed.status !== 0) {
    return { names: [], missing: `python3 cannot list the scenarios: ${listed.stderr ?? 'absent'}` }
  }
  const lines = listed.stdout.split('\n').filter((line) => line.startsWith(`${group} `))
  return { names: lines.map((line) => line.split(/ +/)[1] as string) }
}
