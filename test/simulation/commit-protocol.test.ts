import { describe, expect, test } from 'vitest'
import { pairOf, protocolPoints } from './crash-plan.ts'
import { killingSeeds } from './killing-seeds.ts'
import { type Planting, plantedBugs } from './planted-bugs.ts'
import { piecesOf, readArguments } from './seed-range.ts'
import { simulate, workloadOf } from './simulator.ts'
import { counting } from './workload.ts'

// SIM_FIRST and SIM_SEEDS rerun a seed that was printed, or many more.
const first = Number(process.env.SIM_FIRST ?? 1)
const seeds = Number(process.env.SIM_SEEDS ?? 250)
/** How far a planted mistake is looked for when its recorded seed does not show it any more. */
const hunted = 300

test('every seed comes to its end with every invariant unbroken', async () => {
  let [commits, crashes, cuts, zombies, torn] = [0, 0, 0, 0, 0]
  const kinds = new Set<string>()
  for (let seed = first; seed < first + seeds; seed += 1) {
    const counts = await simulate(seed)
    commits += counts.commits
    crashes += counts.crashes
    cuts += counts.cuts
    zombies += counts.zombies
    torn += counts.torn
    for (const kind of Object.keys(counts.faults)) kinds.add(kind)
  }
  expect(commits).toBeGreaterThan(seeds)
  if (seeds < 200) return
  expect(Math.min(crashes, cuts, zombies)).toBeGreaterThan(seeds)
  expect(torn).toBeGreaterThan(0)
  expect([...kinds].sort()).toEqual(['corrupt-state', 'fatal', 'ownership-lost', 'transient'])
})

test('the same seed comes to the same run', async () => {
  expect(await simulate(11)).toEqual(await simulate(11))
})

test('a share of the seeds folds real events', () => {
  const real = Array.from({ length: 100 }, (_, seed) => workloadOf(seed)).filter(
    (workload) => workload !== counting,
  )
  expect(real).toHaveLength(5)
})

describe('planted mistakes', () => {
  test.each(plantedBugs)('the simulator notices when %s', async (...planting) => {
    expect(await complaintOf(planting)).toMatch(planting[2])
  })

  test('each has its recorded seed', () => {
    expect([...killingSeeds.keys()]).toEqual(plantedBugs.map(([name]) => name))
  })

  test('each is undone after its run', async () => {
    for (const [name, bug] of plantedBugs) {
      await simulate(killingSeeds.get(name) ?? 1, bug).catch(() => undefined)
    }
    await expect(simulate(1)).resolves.toBeDefined()
  })
})

test('a hundred seeds in a row crash at every pair of failpoints', () => {
  const pairs = Array.from({ length: 100 }, (_, number) => pairOf(number).join(' '))
  expect(new Set(pairs).size).toBe(protocolPoints.length ** 2)
})

describe('the command line of the simulator', () => {
  test('reads a range, workers, and whether mistakes are planted', () => {
    expect(readArguments(['--seeds', '5..9', '--workers', '3', '--faults'], 2)).toEqual({
      from: 5,
      to: 9,
      workers: 3,
      faults: true,
    })
    expect(readArguments([], 2)).toMatchObject({ from: 1, to: 1_000, workers: 2, faults: false })
  })

  test.each([
    [['--seeds', '9..5'], '--seeds 9..5: give the first and the last seed, such as 1..50000'],
    [['--seeds', '0..5'], '--seeds 0..5: give the first and the last seed, such as 1..50000'],
    [['--seeds'], "Option '--seeds <value>' argument missing"],
    [['--workers', 'x'], '--workers: give a whole number from 1 on'],
    [['--what'], "Unknown option '--what'"],
  ])('refuses %j', (args, message) => {
    expect(() => readArguments(args, 2)).toThrow(message)
  })

  test('cuts a range into pieces without gap', () => {
    expect([...piecesOf(1, 7, 3)]).toEqual([
      [1, 3],
      [4, 6],
      [7, 7],
    ])
  })
})

/** What the recorded seed says; other seeds are tried where the runtime takes other turns now. */
async function complaintOf([name, bug]: Planting): Promise<string> {
  const recorded = killingSeeds.get(name) ?? 1
  for (const seed of [recorded, ...Array.from({ length: hunted }, (_, at) => at + 1)]) {
    const complaint = await simulate(seed, bug).then(
      () => undefined,
      (error) => String(error),
    )
    if (complaint !== undefined) return complaint
  }
  return `nothing in ${hunted} seeds`
}
