import { expect, test } from 'vitest'
import type { Consumer, Log, RecordBatch } from '../../src/ports/log.ts'
import {
  batch,
  commit,
  lease,
  pause,
  readRecords,
  recordsOf,
  type Setup,
  textOf,
} from './log-port-support.ts'

export function testSubscribe(at: Setup): void {
  test('every partition is assigned and delivered from its start', async () => {
    await at.log.append([batch('events', 0, ['a', 'b']), batch('events', 1, ['c'])])
    const seen = new Recorder(at.log)
    await seen.until(() => seen.values.length === 3)
    await seen.stop()
    const { partitions } = await at.log.describe()
    const all = Array.from({ length: partitions }, (_, partition) => partition)
    expect(seen.assigned.toSorted()).toEqual(all)
    expect(seen.revoked.toSorted()).toEqual(all)
    expect(seen.of(0)).toEqual(['a', 'b'])
    expect(seen.of(1)).toEqual(['c'])
  })

  test('delivery starts at the committed position', async () => {
    await at.log.append([batch('events', 0, ['a', 'b', 'c'])])
    const [, second] = await readRecords(at.log, 'events', 0)
    const position = { offset: second?.offset as number, step: 0 }
    await at.log.commit(await lease(at.log, 0), [], position, '')
    const seen = new Recorder(at.log)
    await seen.until(() => seen.values.length === 2)
    await seen.stop()
    expect(seen.of(0)).toEqual(['b', 'c'])
  })

  test('a seek in onAssigned decides where delivery starts', async () => {
    await at.log.append([batch('events', 0, ['a', 'b', 'c'])])
    const last = (await readRecords(at.log, 'events', 0)).at(-1)
    const seen = new Recorder(at.log, {
      onAssigned: async (partition, subscription) => {
        if (partition === 0) subscription.seek(0, last?.offset as number)
      },
    })
    await seen.until(() => seen.values.length === 1)
    await seen.stop()
    expect(seen.of(0)).toEqual(['c'])
  })

  test('records that come later are delivered, appended or committed', async () => {
    const seen = new Recorder(at.log)
    await at.log.append([batch('events', 0, ['a'])])
    await seen.until(() => seen.values.length === 1)
    await commit(at.log, await lease(at.log, 1), [batch('events', 0, ['b'])])
    await seen.until(() => seen.values.length === 2)
    await at.log.append([batch('events', 0, ['c'])])
    await seen.until(() => seen.values.length === 3)
    await seen.stop()
    expect(seen.of(0)).toEqual(['a', 'b', 'c'])
  })

  test('a seek back delivers again, whether the partition is busy or idle', async () => {
    await at.log.append([batch('events', 0, ['a'])])
    await at.log.append([batch('events', 0, ['b'])])
    let sought = false
    const seen = new Recorder(at.log, {
      onBatch: async (_, subscription) => {
        if (!sought) subscription.seek(0, 0)
        sought = true
      },
    })
    // One batch or two: after the seek both come again.
    const times = (wanted: string) => seen.values.filter((value) => value === wanted).length
    await seen.until(() => times('a') === 2 && seen.values.at(-1) === 'b')
    seen.values.length = 0
    seen.subscription.seek(0, 0)
    await seen.until(() => seen.values.includes('b'))
    await seen.stop()
    expect(seen.values).toEqual(['a', 'b'])
  })

  test('callbacks of one partition are never concurrent', async () => {
    for (let i = 0; i < 10; i += 1) await at.log.append([batch('events', 0, [`${i}`])])
    let running = 0
    let most = 0
    const seen = new Recorder(at.log, {
      onBatch: async ({ partition }) => {
        if (partition !== 0) return
        running += 1
        most = Math.max(most, running)
        await pause(2)
        running -= 1
      },
    })
    await at.log.append([batch('events', 0, ['last'])])
    await seen.until(() => seen.values.includes('last'))
    await seen.stop()
    expect(most).toBe(1)
  })
}

export function testEndOfSubscription(at: Setup): void {
  test('stop waits for the handlers, revokes, and nothing is delivered after', async () => {
    await at.log.append([batch('events', 0, ['a'])])
    let finished = false
    const seen = new Recorder(at.log, {
      onBatch: async () => {
        await pause(20)
        finished = true
      },
    })
    await seen.until(() => seen.values.length === 1)
    await seen.stop()
    expect(finished).toBe(true)
    await seen.subscription.done
    await at.log.append([batch('events', 0, ['b'])])
    await pause(20)
    expect(seen.of(0)).toEqual(['a'])
    expect(() => seen.subscription.seek(0, 0)).toThrow(RangeError)
  })

  test('what was delivered and not committed is delivered to the next subscription', async () => {
    await at.log.append([batch('events', 0, ['a', 'b'])])
    const first = new Recorder(at.log)
    await first.until(() => first.values.length === 2)
    await first.stop()
    const second = new Recorder(at.log)
    await second.until(() => second.values.length === 2)
    await second.stop()
    expect(second.of(0)).toEqual(['a', 'b'])
  })

  test('a fault of onBatch ends the subscription, revokes, and is told twice', async () => {
    await at.log.append([batch('events', 0, ['poison'])])
    const fault = new Error('the handler failed')
    const seen = new Recorder(at.log, { onBatch: () => Promise.reject(fault) })
    await expect(seen.subscription.done).rejects.toBe(fault)
    await expect(seen.subscription.stop()).rejects.toBe(fault)
    const { partitions } = await at.log.describe()
    expect(seen.revoked).toHaveLength(partitions)
  })

  test('a partition whose onAssigned failed gets no batch and is not revoked', async () => {
    await at.log.append([batch('events', 0, ['a'])])
    const fault = new Error('cannot take it')
    const seen = new Recorder(at.log, {
      onAssigned: (partition) => (partition === 0 ? Promise.reject(fault) : Promise.resolve()),
    })
    await expect(seen.subscription.done).rejects.toBe(fault)
    expect(seen.of(0)).toEqual([])
    expect(seen.revoked).not.toContain(0)
  })
}

type Handlers = {
  onAssigned?: (partition: number, subscription: Recorder['subscription']) => Promise<void>
  onBatch?: (batch: RecordBatch, subscription: Recorder['subscription']) => Promise<void>
}

/** A consumer that keeps what it was given. */
class Recorder {
  readonly assigned: number[] = []
  readonly revoked: number[] = []
  readonly values: string[] = []
  readonly subscription: ReturnType<Log['subscribe']>
  readonly #byPartition = new Map<number, string[]>()

  constructor(log: Log, handlers: Handlers = {}) {
    const consumer: Consumer = {
      onAssigned: async (partition) => {
        this.assigned.push(partition)
        await handlers.onAssigned?.(partition, this.subscription)
      },
      onRevoked: async (partition) => {
        this.revoked.push(partition)
      },
      onBatch: async (delivered) => {
        const values = recordsOf(delivered).map(({ value }) => textOf(value))
        this.values.push(...values)
        this.#byPartition.set(delivered.partition, [...this.of(delivered.partition), ...values])
        await handlers.onBatch?.(delivered, this.subscription)
      },
    }
    this.subscription = log.subscribe(consumer)
  }

  of(partition: number): string[] {
    return this.#byPartition.get(partition) ?? []
  }

  stop(): Promise<void> {
    return this.subscription.stop()
  }

  async until(condition: () => boolean): Promise<void> {
    const ended = this.subscription.done.then(() => {
      throw new Error('the subscription ended before what was expected had come')
    })
    ended.catch(() => undefined)
    while (!condition()) await Promise.race([pause(1), ended])
  }
}
