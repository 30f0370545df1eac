import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { repository } from '../support/settle-process.ts'

const schedules = 50_000

test('tens of thousands of schedules break no invariant', async () => {
  const args = ['run', '--silent', 'test:sim', '--', '--seeds', `1..${schedules}`]
  const { stdout } = await promisify(execFile)('npm', args, { cwd: repository })
  expect(stdout).toContain(`${schedules} held, 0 failed`)
})
