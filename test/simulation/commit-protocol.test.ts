import { expect, test } from 'vitest'
import { plantedBugs } from './planted-bugs.ts'
import { simulate } from './simulator.ts'

// SIM_FIRST and SIM_SEEDS rerun a seed that was printed, or many more.
const first = Number(process.env.SIM_FIRST ?? 1)
const seeds = Number(process.env.SIM_SEEDS ?? 250)
const huntedSeeds = 300

test('every seed comes to its end with every invariant unbroken', async () => {
  let [commits, crashes, cuts] = [0, 0, 0]
  const kinds = new Set<string>()
  for (let seed = first; seed < first + seeds; seed += 1) {
    const counts = await simulate(seed)
    commits += counts.commits
    crashes += counts.crashes
    cuts += counts.cuts
    for (const kind of Object.keys(counts.faults)) kinds.add(kind)
  }
  expect(commits).toBeGreaterThan(seeds)
  if (seeds < 50) return
  expect(crashes).toBeGreaterThan(seeds)
  expect(cuts).toBeGreaterThan(seeds)
  expect([...kinds].sort()).toEqual(['corrupt-state', 'ownership-lost', 'transient'])
})

for (const [name, bug, complaint] of plantedBugs) {
  test(`the simulator notices when ${name}`, async () => {
    let noticed: unknown
    for (let seed = 1; noticed === undefined && seed <= huntedSeeds; seed += 1) {
      await simulate(seed, bug).catch((error) => {
        noticed = error
      })
    }
    expect(String(noticed)).toMatch(/^Error: seed \d+: /)
    expect(String(noticed)).toMatch(complaint)
  })
}
