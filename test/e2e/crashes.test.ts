import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Failpoint, failpoints } from '../../src/ports/faults.ts'
import { Chance } from '../support/chance.ts'
import { killAtFailpoint, killRepeatedly, signalWhen } from '../support/kill.ts'
import { retailData } from '../support/retail-data.ts'
import {
  differences,
  type ProcessRun,
  processArguments,
  repository,
  settle,
  settleWell,
  startSettle,
} from '../support/settle-process.ts'

// A run that was killed, however often, and started again with the same arguments must end with
// the very files of one that nobody disturbed, with the same digests and positions.

const { months, missing } = retailData()
if (missing !== undefined) console.warn(`a generated stream stands in: ${missing}`)

/** A stream with the files of an undisturbed run over it. */
interface Undisturbed {
  readonly rules: string
  readonly events: string
  readonly out: string
  readonly partitions: number
  readonly milliseconds: number
}

let top = ''
let runs = 0

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'settle-crashes-'))
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

/** The same run in folders of its own. */
function anew({ rules, events, partitions }: Undisturbed): ProcessRun & { readonly state: string } {
  runs += 1
  const folder = join(top, `run-${runs}`)
  return { rules, events, partitions, out: join(folder, 'out'), state: join(folder, 'state') }
}

async function undisturbed(rules: string, events: string, partitions: number) {
  runs += 1
  const out = join(top, `undisturbed-${runs}`)
  const run = { rules, events, out, partitions }
  const { milliseconds } = await settleWell(processArguments(run))
  return { ...run, milliseconds }
}

async function generated(partitions: number, count: number): Promise<Undisturbed> {
  const [rules, events] = [join(top, 'rulebook.json'), join(top, `events-${count}.jsonl`)]
  const size = ['--seed', '7', '--events', String(count), '--merchants', '60']
  await settleWell(['gen', ...size, '--rules', rules, '-o', events])
  return undisturbed(rules, events, partitions)
}

async function realMonth(files: readonly string[], partitions: number): Promise<Undisturbed> {
  const events = join(top, 'month.jsonl')
  await settleWell(['import', 'online-retail', ...files, '-o', events])
  const rules = join(repository, 'test/golden/online-retail/rulebook-basic.json')
  return undisturbed(rules, events, partitions)
}

describe('a run killed at random moments', () => {
  let whole: Undisturbed

  beforeAll(async () => {
    whole =
      months === undefined ? await generated(1, 8_000) : await realMonth(months.slice(0, 1), 1)
  })

  // biome-ignore format: the columns are a table
  const cases = [
    // seed  partitions  why
    [101,    1,          'one partition'],
    [202,    2,          'two partitions, which trail each other'],
  ] as const

  test.each(cases)(
    'six times ends with the same files (seed %i, %i: %s)',
    async (seed, partitions) => {
      const { rules, events, milliseconds } = whole
      const reference = partitions === 1 ? whole : await undisturbed(rules, events, partitions)
      const run = anew(reference)
      const args = processArguments(run)
      const moments = { from: milliseconds * 0.03, to: milliseconds * 0.45 }
      const chance = new Chance(seed)
      const { killedAfter, ended } = await killRepeatedly({ args, kills: 6, chance, moments })
      expect(killedAfter, JSON.stringify(ended)).toHaveLength(6)
      await settleWell(args)
      expect(differences(reference.out, run.out)).toEqual([])
    },
  )
})

describe('a run killed at a failpoint', () => {
  const references = new Map<number, Undisturbed>()

  beforeAll(async () => {
    const one = await generated(1, 5_000)
    references.set(1, one)
    references.set(2, await undisturbed(one.rules, one.events, 2))
  })

  // biome-ignore format: the columns are a table
  const places: Readonly<Record<Failpoint, readonly [times: number, partitions: number]>> = {
    'append:before':      [30, 1],
    'append:after':       [41, 2],
    'acquire:before':     [2,  2],
    'acquire:after':      [1,  1],
    'recover:before':     [1,  1],
    'recover:after':      [2,  2],
    'fold:before':        [40, 2],
    'fold:after':         [20, 1],
    'transaction:before': [9,  2],
    'transaction:after':  [6,  1],
    'store:before':       [2,  1],
    'store:after':        [2,  2],
    'outputs:before':     [1,  2],
    'outputs:after':      [1,  1],
  }

  test.each(failpoints)('%s ends with the same files', async (failpoint) => {
    const [times, partitions] = places[failpoint]
    const reference = references.get(partitions) as Undisturbed
    let run = anew(reference)
    const { ended, args } = await killAtFailpoint(failpoint, times, () => {
      run = anew(reference)
      return processArguments(run)
    })
    expect(ended).toMatchObject({ signal: 'SIGKILL' })
    await settleWell(args)
    expect(differences(reference.out, run.out)).toEqual([])
  })

  // The store trails the log by some commits here, so there is something to recover.
  test.each(['acquire:before', 'acquire:after', 'recover:before', 'recover:after'] as const)(
    'and again at %s of the restart ends with the same files',
    async (failpoint) => {
      const reference = references.get(2) as Undisturbed
      let run = anew(reference)
      const { ended, args } = await killAtFailpoint('transaction:after', 12, () => {
        run = anew(reference)
        return processArguments(run)
      })
      expect(ended).toMatchObject({ signal: 'SIGKILL' })
      const again = await settle(args, { env: { SETTLE_FAILPOINT: `${failpoint}:1` } })
      expect(again).toMatchObject({ signal: 'SIGKILL' })
      await settleWell(args)
      expect(differences(reference.out, run.out)).toEqual([])
    },
  )

  const written = [
    ['while the lines are written', 'lines.jsonl.partial'],
    ['while the statements are written', 'lines.jsonl'],
  ] as const

  test.each(written)('%s ends with the same files', async (_, name) => {
    const reference = references.get(1) as Undisturbed
    const run = anew(reference)
    const args = processArguments(run)
    const isThere = () => existsSync(join(run.out, name))
    const killed = await signalWhen(startSettle(args), 'SIGKILL', isThere)
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    expect(existsSync(join(run.out, 'summary.json'))).toBe(false)
    await settleWell(args)
    expect(differences(reference.out, run.out)).toEqual([])
    expect(readdirSync(run.out).sort()).toEqual(readdirSync(reference.out).sort())
  })

  test('and a run over it that is not disturbed changes nothing', async () => {
    const reference = references.get(1) as Undisturbed
    const run = anew(reference)
    await settleWell(processArguments(run))
    await settleWell(processArguments(run))
    expect(differences(reference.out, run.out)).toEqual([])
  })

  test('a second process on the same state ends with 9 and disturbs nobody', async () => {
    const reference = references.get(1) as Undisturbed
    const run = anew(reference)
    const first = startSettle(processArguments(run))
    let firstIsOver = false
    const ended = first.ended.finally(() => {
      firstIsOver = true
    })
    while (!existsSync(join(run.state, 'log', 'settlestream')) && !firstIsOver) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const second = await settle(processArguments({ ...run, out: `${run.out}-second` }))
    expect(firstIsOver).toBe(false)
    expect(second.exitCode).toBe(9)
    expect(second.stderr).toMatch(/another process has this log open; .* Stop it, or name another/)
    expect(existsSync(`${run.out}-second`)).toBe(false)
    expect(await ended).toMatchObject({ exitCode: 0 })
    expect(differences(reference.out, run.out)).toEqual([])
  })

  test('an interrupted run ends with 130 and goes on where it was', async () => {
    const reference = references.get(2) as Undisturbed
    const run = anew(reference)
    const isFolding = () => existsSync(join(run.state, 'store-1'))
    const interrupted = await signalWhen(startSettle(processArguments(run)), 'SIGINT', isFolding)
    expect(interrupted).toMatchObject({ exitCode: 130, signal: null })
    expect(existsSync(run.out)).toBe(false)
    await settleWell(processArguments(run))
    expect(differences(reference.out, run.out)).toEqual([])
  })
})
