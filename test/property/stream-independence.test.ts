import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { partitionOf } from '../../src/ports/partition-of.ts'
import { runs } from '../support/runs.ts'
import { eventsOf, type StreamRecord, streamBook, streams, type Wave } from '../support/streams.ts'
import { type Json, openWorld, type World } from '../support/world.ts'

const often = { numRuns: runs(20) }
const options = { ruleBook: streamBook, from: '2025-06-01T00:00:00Z', to: '2025-12-01T00:00:00Z' }

async function folded(events: readonly Json[], reload = false): Promise<World> {
  const world = await openWorld({ ...options, reload })
  await world.send(...events)
  return world
}

/** What does not depend on the order in which facts of one wave came. */
async function settled(world: World): Promise<unknown> {
  const statements = (await world.statements()).map((statement) => {
    const { root: _root, previousRoot: _previous, totals, ...rest } = statement
    const rows = [...(totals as Json[])].sort((a, b) =>
      String(a.feeType) < String(b.feeType) ? -1 : 1,
    )
    return { ...rest, totals: rows }
  })
  const lines = world
    .lines()
    .map(({ lineId: _id, seq: _seq, entryNo: _entry, originLineId: _origin, ...rest }) =>
      JSON.stringify(rest),
    )
    .sort()
  const rejections = world
    .rejections()
    .map(({ offset: _offset, ...rest }) => JSON.stringify(rest))
    .sort()
  return { statements, lines, rejections, row: await world.row() }
}

/** Shuffles the records of a wave, those of one group staying in order among themselves. */
function shuffled(records: readonly StreamRecord[], seed: number): StreamRecord[] {
  const queues = new Map<string, StreamRecord[]>()
  for (const record of records) {
    queues.set(record.group, [...(queues.get(record.group) ?? []), record])
  }
  const change = queues.get('change') ?? []
  queues.delete('change')
  const mixed: StreamRecord[] = [...change]
  let state = seed
  while (queues.size > 0) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    const keys = [...queues.keys()]
    const key = keys[state % keys.length] as string
    const queue = queues.get(key) as StreamRecord[]
    mixed.push(queue.shift() as StreamRecord)
    if (queue.length === 0) queues.delete(key)
  }
  return mixed
}

describe('what comes out depends on the facts alone', () => {
  test('not on the order of records between two ticks, those of one order apart', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.nat(), async (waves, seed) => {
        const other: Wave[] = waves.map(({ records, tick }) => ({
          records: shuffled(records, seed),
          tick,
        }))
        expect(await settled(await folded(eventsOf(other)))).toEqual(
          await settled(await folded(eventsOf(waves))),
        )
      }),
      often,
    )
  })

  test('not on duplicates: each record twice leaves the trace of each once', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (waves) => {
        const events = eventsOf(waves)
        const once = await folded(events)
        const twice = await folded(events.flatMap((event) => [event, event]))
        expect(await twice.statements()).toEqual(await once.statements())
        expect(twice.lines()).toEqual(once.lines())
        const told = ({ offset: _, ...rest }: Json): Json => rest
        expect(twice.rejections().map(told)).toEqual(once.rejections().map(told))
        const [one, two] = [await once.row(), await twice.row()]
        expect(two.party.applied).toBe(one.party.applied)
        expect(two.party.waiting).toBe(one.party.waiting)
        expect(two.party.rejected).toBe(one.party.rejected)
      }),
      often,
    )
  })

  test('not on the number of partitions: each party alone leaves the same', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.integer({ min: 2, max: 4 }), async (waves, partitions) => {
        const events = eventsOf(waves)
        const whole = await folded(events)
        const parts: World[] = []
        for (let partition = 0; partition < partitions; partition += 1) {
          const own = events.filter(
            ({ partyId }) =>
              partyId === undefined || partitionOf(String(partyId), partitions) === partition,
          )
          parts.push(await folded(own))
        }
        const statements = (await Promise.all(parts.map((part) => part.statements()))).flat()
        const lines = parts.flatMap((part) => part.lines())
        const id = ({ statementId }: Json): string => String(statementId)
        expect(statements.sort((a, b) => (id(a) < id(b) ? -1 : 1))).toEqual(
          await whole.statements(),
        )
        expect(lines.map((line) => JSON.stringify(line)).sort()).toEqual(
          whole
            .lines()
            .map((line) => JSON.stringify(line))
            .sort(),
        )
        const codes = (world: World): string[] =>
          world.rejections().map(({ eventId, code, message }) => `${eventId} ${code} ${message}`)
        expect(parts.flatMap(codes).sort()).toEqual(codes(whole).sort())
      }),
      often,
    )
  })

  test('not on where the state was written and read back (I16)', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (waves) => {
        const events = eventsOf(waves)
        const live = await folded(events)
        const reloaded = await folded(events, true)
        expect(reloaded.trace()).toEqual(live.trace())
        expect(await reloaded.statements()).toEqual(await live.statements())
        expect(await reloaded.row()).toEqual(await live.row())
      }),
      { numRuns: runs(10) },
    )
  })
})
