import type { Routing } from '../../src/fold/context.ts'
import { partitionOf } from '../../src/ports/partition-of.ts'
import type { Chance } from './chance.ts'
import { type Json, openWorld, type World, type WorldOptions } from './world.ts'

// Several partitions in memory, with loopback between them that takes its time: records of one
// source arrive in order, those of several in any order, and partitions trail each other.

/** Statements and lines of all partitions, by id. */
export interface Partitioned {
  readonly statements: readonly Json[]
  readonly lines: readonly Json[]
}

/**
 * Folds events over so many partitions; `chance` decides which record is folded next. A wave begins
 * when all of the one before is folded.
 */
export async function foldPartitioned(
  options: WorldOptions,
  partitions: number,
  waves: readonly (readonly Json[])[],
  chance: Chance,
): Promise<Partitioned> {
  const run = new PartitionedRun(partitions, chance)
  const worlds = await run.open(options)
  for (const wave of waves) {
    for (const event of wave) run.append(event)
    await run.drain()
  }
  const statements = await Promise.all(worlds.map((world) => world.statements()))
  const lines = worlds.flatMap((world) => world.lines())
  return { statements: statements.flat(), lines }
}

type Work = { readonly event: Json } | { readonly value: Uint8Array }

class PartitionedRun {
  private readonly partitions: number
  private readonly chance: Chance
  private worlds: World[] = []
  /** By target, then by source; the last source is the input. */
  private readonly queues: Work[][][]

  constructor(partitions: number, chance: Chance) {
    this.partitions = partitions
    this.chance = chance
    const none = (): Work[][] => Array.from({ length: partitions + 1 }, () => [])
    this.queues = Array.from({ length: partitions }, none)
  }

  async open(options: WorldOptions): Promise<readonly World[]> {
    const { partitions } = this
    const routing: Routing = { partitions, partitionOf: (key) => partitionOf(key, partitions) }
    const places = Array.from({ length: partitions }, (_, partition) => ({
      partition,
      routing,
      forward: (target: number, value: Uint8Array) => {
        this.queues[target]?.[partition]?.push({ value })
      },
    }))
    this.worlds = await Promise.all(places.map((place) => openWorld({ ...options, place })))
    return this.worlds
  }

  /** Events of nobody go to every partition. */
  append(event: Json): void {
    const { partitions } = this
    const { partyId } = event
    const own = typeof partyId === 'string' ? partitionOf(partyId, partitions) : undefined
    for (const [target, sources] of this.queues.entries()) {
      if (own === undefined || own === target) sources[partitions]?.push({ event })
    }
  }

  async drain(): Promise<void> {
    for (;;) {
      const ready = this.queues.flatMap((sources, target) =>
        sources.filter((queue) => queue.length > 0).map((queue) => ({ target, queue })),
      )
      if (ready.length === 0) return
      const { target, queue } = this.chance.pick(ready)
      // A burst, so that partitions come far apart.
      for (let left = 1 + this.chance.below(8); left > 0 && queue.length > 0; left -= 1) {
        const work = queue.shift() as Work
        const world = this.worlds[target] as World
        await ('event' in work ? world.send(work.event) : world.sendBytes(work.value))
      }
    }
  }
}
