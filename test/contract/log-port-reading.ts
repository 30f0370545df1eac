import { expect, test } from 'vitest'
import {
  batch,
  bytes,
  commit,
  every,
  fillWithGaps,
  hex,
  lease,
  lengthOf,
  numbered,
  readAll,
  readBatches,
  readRecords,
  type Setup,
} from './log-port-support.ts'

export function testAppendAndRead(at: Setup): void {
  test('a new log is empty and has its partitions', async () => {
    const { partitions, events, clusterId } = await at.log.describe()
    expect(partitions).toBeGreaterThanOrEqual(2)
    expect(events).toHaveLength(partitions)
    for (const { start, end } of events) expect(end).toBe(start)
    expect(clusterId).not.toBe('')
    expect(await readAll(at.log, 'events', 0)).toEqual([])
  })

  test('records come back in the order in which they were appended', async () => {
    await at.log.append([batch('events', 0, ['a', 'b'])])
    await at.log.append([batch('events', 0, ['c'])])
    expect(await readAll(at.log, 'events', 0)).toEqual(['a', 'b', 'c'])
    expect((await at.log.describe()).events[0]?.end).toBe(await at.log.end('events', 0))
  })

  test('appends that overlap lose nothing and keep their order', async () => {
    const values = Array.from({ length: 60 }, (_, i) => `value ${i}`)
    await Promise.all(values.map((value) => at.log.append([batch('events', 1, [value])])))
    expect(await readAll(at.log, 'events', 1)).toEqual(values)
  })

  test('one append writes to several partitions and topics', async () => {
    await at.log.append([
      batch('events', 0, ['a']),
      batch('events', 1, ['b']),
      batch('lines', 0, ['c']),
      batch('events', 0, ['d']),
    ])
    expect(await readAll(at.log, 'events', 0)).toEqual(['a', 'd'])
    expect(await readAll(at.log, 'events', 1)).toEqual(['b'])
    expect(await readAll(at.log, 'lines', 0)).toEqual(['c'])
    expect(await readAll(at.log, 'lines', 1)).toEqual([])
  })

  // A key of four zero bytes once passed for an abort marker in a well-known client.
  // biome-ignore format: the columns are a table
  const shapes = [
    // key            value            why
    [null,            bytes('value'),  'no key'],
    [bytes(''),       bytes('value'),  'an empty key is not no key'],
    [bytes('\0\0\0\0'), bytes('value'),  'a key of four zero bytes'],
    [bytes('key'),    bytes(''),       'an empty value'],
    [null,            bytes(''),       'nothing at all'],
    [every(256),      every(256),      'every byte'],
  ] as const

  for (const [key, value, why] of shapes) {
    test(`keys and values keep their bytes: ${why}`, async () => {
      const record = { key, value }
      await at.log.append([{ topic: 'events', partition: 0, records: [record] }])
      await commit(at.log, await lease(at.log, 0), [
        { topic: 'events', partition: 0, records: [record, record] },
      ])
      const found = (await readRecords(at.log, 'events', 0)).map((each) => [each.key, each.value])
      const expected = [hex(key), hex(value)]
      expect(found).toEqual([expected, expected, expected])
    })
  }

  test('a range is read exactly, wherever it begins and ends', async () => {
    await at.log.append([batch('events', 0, numbered(0, 5))])
    await at.log.append([batch('events', 0, numbered(5, 9))])
    const all = await readRecords(at.log, 'events', 0)
    const offsets = all.map(({ offset }) => offset)
    for (const from of offsets) {
      for (const to of offsets) {
        const found = await readRecords(at.log, 'events', 0, from, to)
        expect(found).toEqual(all.filter(({ offset }) => offset >= from && offset < to))
      }
    }
  })

  test('a range beyond the end gives what there is', async () => {
    await at.log.append([batch('events', 0, ['a', 'b'])])
    expect(await readAll(at.log, 'events', 0, 1, 1_000)).toEqual(['b'])
    expect(await readAll(at.log, 'events', 0, 2, 1_000)).toEqual([])
    expect(await readAll(at.log, 'events', 0, 500, 1_000)).toEqual([])
  })

  test('the mark is what the last append that had one left', async () => {
    expect(await at.log.readMark()).toBeUndefined()
    await at.log.append([batch('events', 0, ['a'])], { mark: bytes('one') })
    await at.log.append([batch('events', 0, ['b'])])
    expect(hex(await at.log.readMark())).toBe(hex(bytes('one')))
    await at.log.append([], { mark: bytes('two') })
    expect(hex(await at.log.readMark())).toBe(hex(bytes('two')))
    expect(await readAll(at.log, 'events', 0)).toEqual(['a', 'b'])
  })

  test('an append that need not be durable is read like any other', async () => {
    await at.log.append([batch('events', 0, ['a'])], { durable: false })
    await at.log.append([batch('events', 0, ['b'])])
    expect(await readAll(at.log, 'events', 0)).toEqual(['a', 'b'])
  })
}

export function testBatches(at: Setup): void {
  test('a batch holds about 1 MB at most, or one record', async () => {
    const sizes = [...new Array<number>(30).fill(100_000), 900_000, 1, 900_000, 2]
    const records = sizes.map((size, i) => ({ key: null, value: new Uint8Array(size).fill(i) }))
    await at.log.append([{ topic: 'events', partition: 0, records }])
    const batches = await readBatches(at.log, 'events', 0)
    const found = batches.flatMap((each) => Array.from(each.valueEnd, (_, i) => lengthOf(each, i)))
    expect(found).toEqual(sizes)
    for (const each of batches) {
      const held = Array.from(each.valueEnd, (_, i) => lengthOf(each, i)).reduce((a, b) => a + b, 0)
      expect(each.count === 1 || held <= 1_100_000).toBe(true)
    }
  })

  test('each batch begins at or behind the end of the last, and none is empty', async () => {
    await fillWithGaps(at.log)
    const batches = await readBatches(at.log, 'events', 0)
    let next = 0
    for (const each of batches) {
      expect(each.topic).toBe('events')
      expect(each.partition).toBe(0)
      expect(each.count).toBeGreaterThan(0)
      for (const offset of each.offsets) {
        expect(offset).toBeGreaterThanOrEqual(next)
        next = offset + 1
      }
      expect(each.nextOffset).toBeGreaterThanOrEqual(next)
      next = each.nextOffset
    }
    expect(next).toBe(await at.log.end('events', 0))
  })

  test('reading on from the end of every batch misses nothing, gaps included', async () => {
    await fillWithGaps(at.log)
    const all = await readRecords(at.log, 'events', 0)
    for (const { nextOffset } of await readBatches(at.log, 'events', 0)) {
      const rest = await readRecords(at.log, 'events', 0, nextOffset)
      expect(rest).toEqual(all.filter(({ offset }) => offset >= nextOffset))
    }
  })

  test('a position in a gap reads the records behind the gap', async () => {
    await commit(at.log, await lease(at.log, 0), [batch('events', 0, ['a'])])
    const position = await at.log.end('events', 0)
    expect(await readAll(at.log, 'events', 0, position)).toEqual([])
    await at.log.append([batch('events', 0, ['b'])])
    expect(await readAll(at.log, 'events', 0, position)).toEqual(['b'])
    for (let from = 1; from <= position; from += 1) {
      expect(await readAll(at.log, 'events', 0, from)).toEqual(['b'])
    }
  })

  test('append times never fall', async () => {
    for (let i = 0; i < 5; i += 1) await at.log.append([batch('events', 0, numbered(0, 3))])
    const batches = await readBatches(at.log, 'events', 0)
    const times = batches.flatMap(({ appendTimes }) => [...appendTimes])
    expect(times).toHaveLength(15)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(0)
  })
}
