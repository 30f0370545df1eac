import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FatalFault } from '../../src/ports/faults.ts'
import type { Store, StoreWrite } from '../../src/ports/store.ts'

/** A store of its own for one test, empty. */
export interface StoreHarness {
  readonly store: Store
  readonly cleanup: () => Promise<void>
}

/** The definition of the port `Store`: every adapter passes these tests. */
export function describeStorePort(name: string, open: () => Promise<StoreHarness>): void {
  describe(name, () => {
    let harness: StoreHarness
    let store: Store

    beforeEach(async () => {
      harness = await open()
      store = harness.store
    })
    afterEach(() => harness.cleanup())

    describe('rows', () => testRows(() => store))
    describe('ranges', () => testRanges(() => store))
    describe('model', () => testModel(open))
  })
}

/** For stores that outlive their process, besides `describeStorePort`. */
export function testStoreRestart(open: () => Promise<Store>): void {
  test('rows survive a restart', async () => {
    const before = await open()
    await before.write([put('a', '1'), put('b', '2')], synced)
    await before.write([put('a', '3'), ['b', undefined]], { sync: false })
    await before.close()
    const after = await open()
    expect(await all(after)).toEqual([['a', '3']])
    await after.close()
  })
}

const synced = { sync: true } as const

function testRows(storeOf: () => Store): void {
  test('a row that was never put is undefined', async () => {
    const store = storeOf()
    expect(store.get('a')).toBeUndefined()
    expect(await store.getMany(['a', 'b'])).toEqual([undefined, undefined])
    expect(await all(store)).toEqual([])
  })

  test('get sees a write as soon as it has resolved', async () => {
    const store = storeOf()
    for (let i = 0; i < 20; i += 1) {
      await store.write([put('a', `${i}`)], { sync: i % 2 === 0 })
      expect(text(store.get('a'))).toBe(`${i}`)
    }
  })

  test('the last write to a key within one batch is the one that counts', async () => {
    const store = storeOf()
    await store.write([put('a', '1'), ['a', undefined], put('b', '1'), put('b', '2')], synced)
    expect(await all(store)).toEqual([['b', '2']])
    await store.write([['b', undefined], put('b', '3')], synced)
    expect(await all(store)).toEqual([['b', '3']])
  })

  test('deleting what is not there does nothing, and an empty write is one', async () => {
    const store = storeOf()
    await store.write([['a', undefined]], synced)
    await store.write([], synced)
    expect(await all(store)).toEqual([])
  })

  test('getMany answers in the order of the keys, doubles included', async () => {
    const store = storeOf()
    await store.write([put('a', '1'), put('c', '3')], synced)
    const found = await store.getMany(['c', 'b', 'a', 'c'])
    expect(found.map(text)).toEqual(['3', undefined, '1', '3'])
    expect(await store.getMany([])).toEqual([])
  })

  test('the caller may change what it wrote afterwards', async () => {
    const store = storeOf()
    const value = Buffer.from('value')
    await store.write([['a', value]], synced)
    value.fill(0)
    expect(text(store.get('a'))).toBe('value')
  })

  test('empty and large values are kept', async () => {
    const store = storeOf()
    const large = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 251)
    await store.write(
      [
        ['empty', new Uint8Array()],
        ['large', large],
      ],
      synced,
    )
    expect(store.get('empty')?.length).toBe(0)
    expect(Buffer.compare(store.get('large') as Uint8Array, large)).toBe(0)
  })

  test('a closed store refuses', async () => {
    const store = storeOf()
    await store.close()
    expect(() => store.get('a')).toThrow(FatalFault)
    await expect(store.write([put('a', '1')], synced)).rejects.toThrow(FatalFault)
    await expect(store.getMany(['a'])).rejects.toThrow(FatalFault)
    await expect(store.range('', 'z', 1)).rejects.toThrow(FatalFault)
    await expect(all(store)).rejects.toThrow(FatalFault)
  })
}

function testRanges(storeOf: () => Store): void {
  test('keys are ordered by their bytes, all 256 of them', async () => {
    const store = storeOf()
    const keys = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i))
    await store.write(keys.map((key) => put(key, key)).reverse(), synced)
    expect((await all(store, '\0', 'ÿÿ')).map(([key]) => key)).toEqual(keys)
    const upper = await store.range('\x7f', '\x83', 10)
    expect(upper.map(([key]) => key)).toEqual(['\x7f', '\x80', '\x81', '\x82'])
  })

  test('one key that begins another comes first', async () => {
    const store = storeOf()
    const keys = ['a', 'a\0', 'a\0\0', 'a\x01', 'aa', 'b']
    await store.write(keys.map((key) => put(key, key)).reverse(), synced)
    expect((await all(store)).map(([key]) => key)).toEqual(keys)
  })

  // biome-ignore format: the columns are a table
  const ranges = [
    // from   to     limit  found                why
    ['b',     'd',   10,    ['b', 'c'],          'from is in, to is out'],
    ['',      'ÿ',   10,    ['a', 'b', 'c', 'd'], 'the empty key is below all'],
    ['b',     'b',   10,    [],                  'nothing between a key and itself'],
    ['d',     'a',   10,    [],                  'nothing in a range that falls'],
    ['a',     'ÿ',   2,     ['a', 'b'],          'no more than the limit'],
    ['a',     'ÿ',   0,     [],                  'a limit of zero'],
    ['aa',    'cc',  10,    ['b', 'c'],          'bounds that are no keys'],
    ['x',     'ÿ',   10,    [],                  'behind the last key'],
  ] as const

  for (const [from, to, limit, found, why] of ranges) {
    test(`a range is exact: ${why}`, async () => {
      const store = storeOf()
      await store.write(
        ['a', 'b', 'c', 'd'].map((key) => put(key, key)),
        synced,
      )
      expect((await store.range(from, to, limit)).map(([key]) => key)).toEqual(found)
      if (limit === 10) expect((await all(store, from, to)).map(([key]) => key)).toEqual(found)
    })
  }

  test('a scan goes through more rows than it holds, as they were when it began', async () => {
    const store = storeOf()
    const keys = Array.from({ length: 5_000 }, (_, i) => `k${String(i).padStart(5, '0')}`)
    await store.write(
      keys.map((key) => put(key, key)),
      synced,
    )
    const found: string[] = []
    for await (const [key, value] of store.scan('k', 'l')) {
      if (found.length === 0) await store.write([['k04999', undefined], put('k1', 'new')], synced)
      expect(text(value)).toBe(key)
      found.push(key)
    }
    expect(found).toEqual(keys)
    expect(await all(store, 'k04998', 'l')).toEqual([
      ['k04998', 'k04998'],
      ['k1', 'new'],
    ])
  })

  test('a scan may be left early', async () => {
    const store = storeOf()
    await store.write(
      ['a', 'b', 'c'].map((key) => put(key, key)),
      synced,
    )
    for await (const [key] of store.scan('a', 'z')) if (key === 'b') break
    await store.write([put('d', 'd')], synced)
    expect(await all(store)).toHaveLength(4)
  })
}

// Whatever is written, in whatever batches, the store holds what a plain map holds.
function testModel(open: () => Promise<StoreHarness>): void {
  const key = fc.string({
    unit: fc.integer({ min: 0x61, max: 0xff }).map(characterOf),
    maxLength: 2,
  })
  const row = fc.tuple(
    key.map((rest) => `k${rest}`),
    fc.option(fc.string({ maxLength: 3 })),
  )
  const batches = fc.array(fc.array(row, { maxLength: 30 }), { maxLength: 8 })

  test('the rows are those of a map', async () => {
    const holdsTheMap = fc.asyncProperty(batches, key, key, async (writes, one, other) => {
      const { store, cleanup } = await open()
      const model = new Map<string, string>()
      for (const write of writes) {
        await store.write(
          write.map(([name, value]) => put(name, value)),
          { sync: false },
        )
        apply(model, write)
      }
      const rows = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
      expect(await all(store)).toEqual(rows)
      const [from, to] = [`k${one}`, `k${other}`]
      const between = rows.filter(([name]) => name >= from && name < to)
      expect(await all(store, from, to)).toEqual(between)
      await store.close()
      await cleanup()
    })
    await fc.assert(holdsTheMap, { numRuns: 40 })
  })
}

function apply(model: Map<string, string>, write: readonly [string, string | null][]): void {
  for (const [name, value] of write) {
    if (value === null) model.delete(name)
    else model.set(name, value)
  }
}

function characterOf(code: number): string {
  return String.fromCharCode(code)
}

function put(key: string, value: string | null): StoreWrite {
  return [key, value === null ? undefined : Buffer.from(value)]
}

function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString()
}

async function all(store: Store, from = '', to = 'ÿÿÿÿ'): Promise<[string, string][]> {
  const rows: [string, string][] = []
  for await (const [key, value] of store.scan(from, to)) rows.push([key, text(value) as string])
  return rows
}
