import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Chance } from '../support/chance.ts'
import { killRepeatedly } from '../support/kill.ts'
import { retailData } from '../support/retail-data.ts'
import { differences, processArguments, repository, settleWell } from '../support/settle-process.ts'

// SETTLE_SEED chooses other moments; a seed that fails is printed with the moments.

const { months, missing } = retailData()
if (missing !== undefined) console.warn(`skipped: ${missing}`)
const seed = Number(process.env.SETTLE_SEED ?? 1)
const kills = 30

describe.skipIf(months === undefined)('three months of the public retail set', () => {
  let top = ''
  const rules = join(repository, 'test/golden/online-retail/rulebook-basic.json')
  const events = () => join(top, 'events.jsonl')

  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), 'settle-kills-'))
    await settleWell(['import', 'online-retail', ...(months ?? []), '-o', events()])
  })

  afterAll(() => rmSync(top, { recursive: true, force: true }))

  test.each([1, 3])('killed 30 times on %i partitions end with the same files', async (count) => {
    const run = { rules, events: events(), partitions: count }
    const undisturbed = join(top, `undisturbed-${count}`)
    const { milliseconds } = await settleWell(processArguments({ ...run, out: undisturbed }))
    const out = join(top, `out-${count}`)
    const args = processArguments({ ...run, out, state: join(top, `state-${count}`) })
    const moments = { from: milliseconds * 0.05, to: milliseconds * 0.35 }
    const chance = new Chance(seed + count)
    const { killedAfter, ended } = await killRepeatedly({ args, kills, chance, moments })
    console.info(`seed ${seed}: killed after ${killedAfter.join(', ')} ms`)
    expect(killedAfter, JSON.stringify(ended)).toHaveLength(kills)
    await settleWell(args)
    expect(differences(undisturbed, out)).toEqual([])
  })
})
