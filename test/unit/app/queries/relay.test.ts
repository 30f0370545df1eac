import { expect, test } from 'vitest'
import { Relay } from '../../../../src/app/queries/relay.ts'

test('items come in order, and who puts waits until each is used', async () => {
  const relay = new Relay<number>()
  const events: string[] = []
  const putting = (async () => {
    for (const item of [1, 2, 3]) {
      await relay.put(item)
      events.push(`put ${item}`)
    }
    relay.end()
  })()
  for await (const item of relay.items()) {
    await Promise.resolve()
    events.push(`used ${item}`)
  }
  await putting
  expect(events).toEqual(['used 1', 'put 1', 'used 2', 'put 2', 'used 3', 'put 3'])
})

test('a reader that ends frees whoever puts, then and later', async () => {
  const relay = new Relay<number>()
  const put = relay.put(1)
  for await (const _ of relay.items()) break
  relay.end()
  await put
  await relay.put(2)
  expect(relay.isEnded).toBe(true)
})

test('a fault is met in place of the next item', async () => {
  const relay = new Relay<number>()
  const putting = relay.put(1).then(() => relay.fail(new Error('the log is away')))
  const seen: number[] = []
  await expect(
    (async () => {
      for await (const item of relay.items()) seen.push(item)
    })(),
  ).rejects.toThrow('the log is away')
  await putting
  expect(seen).toEqual([1])
})
