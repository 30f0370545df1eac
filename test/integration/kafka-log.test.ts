import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Connection } from '../../src/adapters/kafka/connection.ts'
import { openKafkaLog } from '../../src/adapters/kafka/kafka-log.ts'
import { Producer } from '../../src/adapters/kafka/producer.ts'
import { createTopics, namesOf } from '../../src/adapters/kafka/topics.ts'
import type { Log } from '../../src/ports/log.ts'
import { describeLogPort } from '../contract/log-port.ts'
import { batch, bytes, commitOne, committedOf, readAll } from '../contract/log-port-support.ts'
import { type Broker, kafkaJars, startBroker } from '../support/kafka/broker.ts'

const sessionTimeout = 10_000
const jars = kafkaJars()
if ('missing' in jars) process.stderr.write(`skipped: ${jars.missing}\n`)

describe.skipIf('missing' in jars)('with a broker', () => {
  let broker: Broker
  let admin: Connection
  let count = 0

  beforeAll(async () => {
    if ('missing' in jars) return
    broker = await startBroker(jars.folder)
    admin = new Connection({ brokers: [broker.bootstrap], clientId: 'test' })
    await admin.open([])
  })

  afterAll(async () => {
    await admin?.close()
    await broker?.stop()
  })

  /** Opens the log over new topics; each call is like one more process. */
  async function newTopics() {
    count += 1
    const [prefix, group] = [`contract-${count}.`, `group-${count}`]
    await createTopics(admin, { names: namesOf(prefix), partitions: 3, brokers: 1 })
    const connecting = { brokers: [broker.bootstrap], clientId: 'test' }
    return {
      prefix,
      group,
      open: () => openKafkaLog({ connecting, prefix, group, sessionTimeout }),
    }
  }

  describeLogPort('Kafka', async () => {
    const { open } = await newTopics()
    let log = await open()
    return {
      log,
      reopen: async () => {
        await log.close()
        log = await open()
        return log
      },
      cleanup: () => log.close(),
    }
  })

  test('a process that was fenced by another can commit no more', async () => {
    const { open } = await newTopics()
    const [one, two] = [await open(), await open()]
    const old = (await one.acquire(0)).lease
    expect(await commitOne(one, old)).toBe('committed')
    const { lease, committed } = await two.acquire(0)
    expect(committed?.position.offset).toBe(1)
    expect(lease.epoch).toBeGreaterThan(old.epoch)
    const position = { offset: 0, step: 0 }
    expect(await one.commit(old, [batch('lines', 0, ['late'])], position, '')).toBe('fenced')
    expect(await commitOne(two, lease)).toBe('committed')
    expect(await readAll(two, 'lines', 0)).toEqual(['x', 'x'])
    expect((await committedOf(two, 0))?.position.offset).toBe(1)
    await Promise.all([one.close(), two.close()])
  })

  test('two processes share the partitions, and one takes over those of the other', async () => {
    const { open } = await newTopics()
    const [one, two] = [await open(), await open()]
    const mine = new Set<number>()
    const theirs = new Set<number>()
    const first = subscribe(one, mine)
    await until(() => mine.size === 3)
    const second = subscribe(two, theirs)
    await until(() => theirs.size > 0 && mine.size + theirs.size === 3)
    const [partition] = theirs
    await expect(one.acquire(partition as number)).rejects.toThrow('assigned to another process')
    await second.stop()
    await until(() => mine.size === 3)
    await first.stop()
    await Promise.all([one.close(), two.close()])
  })

  test('aborted records are never read, whatever their keys and however they interleave', async () => {
    const { open, prefix } = await newTopics()
    const log = await open()
    const topic = `${prefix}lines`
    const key = bytes('\0\0\0\0')
    const writers = []
    for (const name of ['a', 'b', 'c', 'd']) {
      writers.push({ name, producer: await Producer.open(admin, `${prefix}${name}`) })
    }
    await admin.open([topic])
    const leavesOpen = { groupId: `${prefix}none`, topic, partition: 99, offset: 0, metadata: '' }
    for (const { name, producer } of writers) {
      // A partition that is not there makes the commit fail when its records are written.
      const records = [0, 1].map((i) => ({ key, value: bytes(`aborted ${name}${i}`) }))
      expect(await producer.commit([{ topic, partition: 0, records }], leavesOpen)).toBe('unknown')
    }
    await log.append([{ topic: 'lines', partition: 0, records: [{ key, value: bytes('kept') }] }])
    for (const { name } of writers) await Producer.open(admin, `${prefix}${name}`)
    expect(await readAll(log, 'lines', 0)).toEqual(['kept'])
    await log.close()
  })

  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    test(`records that Java's producer wrote are read: ${codec}`, async () => {
      const { open, prefix } = await newTopics()
      const log = await open()
      const count = 3_000
      const value = 'a text that is long enough to be worth a codec '.repeat(4).trim()
      const performance = ['--topic', `${prefix}events`, '--num-records', `${count}`]
      const payload = await broker.payload(Array.from({ length: 50 }, (_, i) => `${value} ${i}`))
      await broker.tool(
        'org.apache.kafka.tools.ProducerPerformance',
        ...performance,
        ...['--throughput', '-1', '--payload-file', payload],
        ...['--producer-props', `bootstrap.servers=${broker.bootstrap}`],
        ...[`compression.type=${codec}`, 'linger.ms=50', 'batch.size=100000'],
      )
      const found: string[] = []
      for (const partition of [0, 1, 2]) found.push(...(await readAll(log, 'events', partition)))
      expect(found).toHaveLength(count)
      expect(found.every((each) => each.startsWith(value))).toBe(true)
      await log.close()
    })
  }

  test('a broker that is killed and started again costs nothing that was acknowledged', async () => {
    if ('missing' in jars) return
    const mortal = await startBroker(jars.folder)
    const connecting = { brokers: [mortal.bootstrap], clientId: 'test' }
    const connection = new Connection(connecting)
    try {
      await connection.open([])
      await createTopics(connection, { names: namesOf('mortal.'), partitions: 2, brokers: 1 })
      const log = await openKafkaLog({
        connecting,
        prefix: 'mortal.',
        group: 'mortal',
        sessionTimeout,
      })
      const { lease } = await log.acquire(0)
      expect(await commitOne(log, lease)).toBe('committed')
      const values = Array.from({ length: 40 }, (_, i) => `value ${i}`)
      let appended = 0
      const appending = (async () => {
        for (const value of values) {
          await log.append([batch('events', 1, [value])])
          appended += 1
        }
      })()
      await until(() => appended > 0)
      await mortal.kill()
      const lost = commitOne(log, lease)
      await mortal.restart()
      expect(await lost).not.toBe('fenced')
      await appending
      expect(await readAll(log, 'events', 1)).toEqual(values)
      const after = await log.acquire(0)
      expect(after.committed?.position.offset).toBe(1)
      expect(await commitOne(log, after.lease)).toBe('committed')
      await log.close()
    } finally {
      await connection.close()
      await mortal.stop()
    }
  })
})

function subscribe(log: Log, held: Set<number>) {
  return log.subscribe({
    onAssigned: async (partition) => void held.add(partition),
    onRevoked: async (partition) => void held.delete(partition),
    onBatch: async () => undefined,
  })
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}
