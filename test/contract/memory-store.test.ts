import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store/memory-store.ts'
import { describeStorePort } from './store-port.ts'

describeStorePort('memory store', async () => {
  const store = createMemoryStore()
  return { store, cleanup: () => store.close() }
})

test('the memory store stays in order while tens of thousands of rows come and go', async () => {
  const store = createMemoryStore()
  const keys = Array.from({ length: 20_000 }, (_, i) => `k${(i * 7_919) % 20_011}`)
  await store.write(
    keys.map((key) => [key, new Uint8Array(1)]),
    { sync: false },
  )
  await store.write(
    keys.filter((_, i) => i % 3 === 0).map((key) => [key, undefined]),
    { sync: false },
  )
  const expected = keys.filter((_, i) => i % 3 !== 0).sort()
  expect((await store.range('k', 'l', 1e6)).map(([key]) => key)).toEqual(expected)
  await store.write(
    keys.map((key) => [key, undefined]),
    { sync: false },
  )
  expect(await store.range('', 'z', 1e6)).toEqual([])
})
