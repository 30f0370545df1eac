import { expect, test } from 'vitest'
import type { Event, Tick } from '../../../src/fold/events.ts'
import type { OutgoingBatch } from '../../../src/ports/log.ts'
import { startTicker, type TickerParts } from '../../../src/runtime/ticker.ts'
import { Chance } from '../../support/chance.ts'
import { type Mortal, settled, VirtualTime } from '../../support/virtual-time.ts'

interface Ticked {
  readonly partition: number
  readonly at: number
}

/** Ticks that appear in a log, in virtual time; events are encoded as JSON. */
class World {
  readonly owner: Mortal = { alive: true }
  readonly time = new VirtualTime(new Chance(5))
  readonly ticked: Ticked[] = []
  readonly faults: unknown[] = []
  counted = 0
  /** How far the clock of the host is from the time that passes. */
  shift = 0
  owned = [0, 1]
  /** What an append waits for. */
  append: () => Promise<void> = () => Promise.resolve()
  readonly start = this.time.now

  parts(): TickerParts {
    return {
      log: {
        append: async (batches) => {
          await this.append()
          this.take(batches)
        },
      },
      codec: { encodeEvent: (event: Event) => Buffer.from(JSON.stringify(event)) },
      clock: { now: () => this.time.now + this.shift },
      schedule: this.time.scheduleOf(this.owner),
      partitions: () => this.owned,
      interval: 1_000,
      onTicks: (count) => {
        this.counted += count
      },
      onFault: (fault) => this.faults.push(fault),
    }
  }

  async pass(milliseconds: number): Promise<void> {
    const until = this.time.now + milliseconds
    // What a call has begun comes first to where it waits for time.
    await settled()
    void this.time.pause(this.owner, milliseconds)
    while (this.time.now < until) await this.time.step()
  }

  of(partition: number): number[] {
    return this.ticked.filter((each) => each.partition === partition).map(({ at }) => at)
  }

  private take(batches: readonly OutgoingBatch[]): void {
    for (const { topic, partition, records } of batches) {
      expect(topic).toBe('events')
      for (const { key, value } of records) {
        expect(key).toBeNull()
        const tick = JSON.parse(Buffer.from(value).toString()) as Tick
        expect(tick).toMatchObject({ type: 'Tick', occurredAt: tick.at })
        this.ticked.push({ partition, at: tick.at })
      }
    }
  }
}

test('every partition that is owned gets a tick a second, with the instant of the clock', async () => {
  const world = new World()
  const ticker = startTicker(world.parts())
  await world.pass(10_000)
  await ticker.stop()
  for (const partition of [0, 1]) {
    const instants = world.of(partition)
    expect(instants[0]).toBe(world.start)
    expect(instants.length).toBeGreaterThanOrEqual(10)
    expect(instants.length).toBeLessThanOrEqual(11)
    const gaps = instants.slice(1).map((at, index) => at - (instants[index] as number))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
    expect(Math.max(...gaps)).toBeLessThan(1_050)
  }
  expect(world.counted).toBe(world.ticked.length)
})

test('a partition that goes away gets none, and one that comes is seen within a quarter', async () => {
  const world = new World()
  world.owned = [0]
  const ticker = startTicker(world.parts())
  await world.pass(2_400)
  world.owned = [1]
  const came = world.time.now
  await world.pass(3_000)
  await ticker.stop()
  expect(world.of(0).every((at) => at <= came)).toBe(true)
  expect(world.of(1)[0]).toBeLessThanOrEqual(came + 260)
})

test('a slow log gets fewer ticks and never two at a time', async () => {
  const world = new World()
  let under = 0
  world.append = async () => {
    under += 1
    expect(under).toBe(1)
    await world.time.pause(world.owner, 3_500)
    under -= 1
  }
  const ticker = startTicker(world.parts())
  await world.pass(14_000)
  world.append = () => Promise.resolve()
  expect(world.of(0).length).toBeLessThanOrEqual(4)
  expect(world.of(0).length).toBeGreaterThanOrEqual(3)
  void ticker.stop()
})

test('an append that fails is told of, and the next tick comes all the same', async () => {
  const world = new World()
  const full = new Error('the disk is full')
  world.append = () => Promise.reject(full)
  const ticker = startTicker(world.parts())
  await world.pass(1_500)
  world.append = () => Promise.resolve()
  await world.pass(2_000)
  await ticker.stop()
  expect(world.faults).toEqual([full, full])
  expect(world.of(0).length).toBeGreaterThanOrEqual(1)
  expect(world.counted).toBe(world.ticked.length)
})

test('after a stop nothing is appended, and the append under way has ended', async () => {
  const world = new World()
  let release = (): void => undefined
  world.append = () =>
    new Promise((resolve) => {
      release = resolve
    })
  const ticker = startTicker(world.parts())
  await settled()
  let isStopped = false
  const stopped = ticker.stop().then(() => {
    isStopped = true
  })
  await settled()
  expect(isStopped).toBe(false)
  release()
  await stopped
  const count = world.ticked.length
  await world.pass(5_000)
  expect(world.ticked).toHaveLength(count)
})

test('with a clock that was set back ticks go on, and with their own instants', async () => {
  const world = new World()
  const ticker = startTicker(world.parts())
  await world.pass(1_100)
  world.shift = -60_000
  await world.pass(3_000)
  await ticker.stop()
  const after = world.of(0).filter((at) => at < world.start)
  expect(after.length).toBeGreaterThanOrEqual(2)
})
