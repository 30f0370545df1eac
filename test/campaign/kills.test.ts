import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Chance } from '../support/chance.ts'
import { killRepeatedly } from '../support/kill.ts'
import { retailData } from '../support/retail-data.ts'
import { differences, processArguments, repository, settleWell } from '../support/settle-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'settle-campaign-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const seed = Number(process.env.SETTLE_SEED ?? Date.now() % 1_000_000)
const { months, missing } = retailData()
if (missing !== undefined) console.warn(missing)

// Thirty kills at random moments over the run of three months: the files must not tell of them.
test.skipIf(months === undefined)(`thirty kills change nothing, seed ${seed}`, async () => {
  const events = join(folder, 'events.jsonl.gz')
  await settleWell(['import', 'online-retail', ...(months ?? []), '--out', events])
  const rules = join(repository, 'test/golden/online-retail/rulebook-basic.json')
  const calm = { rules, events, out: join(folder, 'calm'), state: join(folder, 'calm-state') }
  const { milliseconds } = await settleWell(processArguments({ ...calm, partitions: 2 }))
  const killed = { ...calm, out: join(folder, 'killed'), state: join(folder, 'killed-state') }
  const args = processArguments({ ...killed, partitions: 2 })
  const moments = { from: 300, to: milliseconds * 0.3 }
  const { killedAfter } = await killRepeatedly({
    args,
    kills: 30,
    chance: new Chance(seed),
    moments,
  })
  expect(killedAfter).toHaveLength(30)
  await settleWell(args)
  expect(differences(calm.out, killed.out)).toEqual([])
})
