import { expect, test } from 'vitest'
import {
  batch,
  bytes,
  commit,
  commitOne,
  committedOf,
  fillWithGaps,
  hex,
  lease,
  pause,
  picture,
  readAll,
  readRecords,
  type Setup,
} from './log-port-support.ts'

export function testCommit(at: Setup): void {
  test('a partition that nobody committed has no position', async () => {
    expect((await at.log.acquire(0)).committed).toBeUndefined()
  })

  test('outputs, position, step and metadata become visible with the commit', async () => {
    const mine = await lease(at.log, 0)
    const outputs = [batch('lines', 0, ['x', 'y']), batch('statements', 1, ['z'])]
    const position = { offset: 7, step: 3 }
    expect(await at.log.commit(mine, outputs, position, 'digest=é')).toBe('committed')
    expect(await readAll(at.log, 'lines', 0)).toEqual(['x', 'y'])
    expect(await readAll(at.log, 'statements', 1)).toEqual(['z'])
    expect(await committedOf(at.log, 0)).toEqual({ position, metadata: 'digest=é' })
  })

  test('one offset may be committed again with a higher step', async () => {
    const mine = await lease(at.log, 0)
    await at.log.commit(mine, [batch('lines', 0, ['x'])], { offset: 4, step: 1 }, 'first')
    await at.log.commit(mine, [batch('lines', 0, ['y'])], { offset: 4, step: 2 }, 'second')
    const position = { offset: 4, step: 2 }
    expect(await committedOf(at.log, 0)).toEqual({ position, metadata: 'second' })
    expect(await readAll(at.log, 'lines', 0)).toEqual(['x', 'y'])
  })

  test('a commit without outputs moves the position alone', async () => {
    const mine = await lease(at.log, 0)
    expect(await at.log.commit(mine, [], { offset: 9, step: 0 }, '')).toBe('committed')
    expect(await committedOf(at.log, 0)).toEqual({
      position: { offset: 9, step: 0 },
      metadata: '',
    })
    expect(await at.log.end('lines', 0)).toBe(0)
  })

  test('metadata of 4,000 bytes is kept', async () => {
    const metadata = 'm'.repeat(4_000)
    await at.log.commit(await lease(at.log, 0), [], { offset: 1, step: 0 }, metadata)
    expect((await committedOf(at.log, 0))?.metadata).toBe(metadata)
  })

  test('two transactions at once keep apart', async () => {
    const [one, two] = [await lease(at.log, 0), await lease(at.log, 1)]
    const results = await Promise.all([
      at.log.commit(one, [batch('lines', 0, ['a1', 'a2'])], { offset: 1, step: 0 }, 'one'),
      at.log.commit(two, [batch('lines', 0, ['b1', 'b2'])], { offset: 2, step: 0 }, 'two'),
    ])
    expect(results).toEqual(['committed', 'committed'])
    const found = await readAll(at.log, 'lines', 0)
    expect(found.filter((value) => value.startsWith('a'))).toEqual(['a1', 'a2'])
    expect(found.filter((value) => value.startsWith('b'))).toEqual(['b1', 'b2'])
    expect((await committedOf(at.log, 0))?.metadata).toBe('one')
    expect((await committedOf(at.log, 1))?.metadata).toBe('two')
  })

  test('who reads while transactions are written never sees part of one', async () => {
    const mine = await lease(at.log, 0)
    let running = true
    const writing = (async () => {
      for (let i = 0; i < 20; i += 1) {
        const outputs = [batch('lines', 0, [`${i} first`, `${i} second`, `${i} third`])]
        await at.log.commit(mine, outputs, { offset: i, step: 0 }, '')
      }
      running = false
    })()
    while (running) {
      expect((await readAll(at.log, 'lines', 0)).length % 3).toBe(0)
      // Reading nothing may take no turn of the event loop, and the writer needs some.
      await pause(0)
    }
    await writing
    expect(await readAll(at.log, 'lines', 0)).toHaveLength(60)
  })

  test('several batches for one partition keep their order in one transaction', async () => {
    await commit(at.log, await lease(at.log, 0), [
      batch('lines', 0, ['a']),
      batch('notices', 0, ['n']),
      batch('lines', 0, ['b']),
    ])
    expect(await readAll(at.log, 'lines', 0)).toEqual(['a', 'b'])
  })

  test('a transaction of several megabytes is one', async () => {
    const records = Array.from({ length: 40 }, (_, i) => ({
      key: null,
      value: new Uint8Array(100_000).fill(i),
    }))
    await commit(at.log, await lease(at.log, 0), [{ topic: 'lines', partition: 0, records }])
    const found = await readRecords(at.log, 'lines', 0)
    expect(found.map(({ value }) => value.slice(0, 2))).toEqual(
      records.map(({ value }) => hex(value.subarray(0, 1))),
    )
  })
}

export function testFencing(at: Setup): void {
  test('an older lease is fenced and leaves nothing', async () => {
    const old = await lease(at.log, 0)
    await at.log.commit(old, [batch('lines', 0, ['a'])], { offset: 1, step: 0 }, 'before')
    const { lease: mine, committed } = await at.log.acquire(0)
    expect(committed).toEqual({ position: { offset: 1, step: 0 }, metadata: 'before' })
    const late = [batch('lines', 0, ['late']), batch('events', 0, ['late'])]
    expect(await at.log.commit(old, late, { offset: 0, step: 0 }, 'late')).toBe('fenced')
    expect(await readAll(at.log, 'lines', 0)).toEqual(['a'])
    expect(await readAll(at.log, 'events', 0)).toEqual([])
    const next = [batch('lines', 0, ['b'])]
    expect(await at.log.commit(mine, next, { offset: 2, step: 0 }, '')).toBe('committed')
    expect(await readAll(at.log, 'lines', 0)).toEqual(['a', 'b'])
  })

  test('acquire sees what the fenced lease had committed, and nothing comes after', async () => {
    for (let i = 1; i <= 20; i += 1) {
      const old = await lease(at.log, 0)
      const [result, { committed }] = await Promise.all([
        at.log.commit(old, [], { offset: i, step: 0 }, `round ${i}`),
        at.log.acquire(0),
      ])
      const expected = result === 'committed' ? i : committed?.position.offset
      expect(committed?.position.offset).toBe(expected)
      expect((await committedOf(at.log, 0))?.position.offset).toBe(expected)
    }
  })

  test('a released lease is fenced', async () => {
    const mine = await lease(at.log, 0)
    await at.log.release(mine)
    expect(await commitOne(at.log, mine)).toBe('fenced')
    expect(await readAll(at.log, 'lines', 0)).toEqual([])
  })

  test('releasing an old lease leaves the new one alone', async () => {
    const old = await lease(at.log, 0)
    const mine = await lease(at.log, 0)
    await at.log.release(old)
    expect(await commitOne(at.log, mine)).toBe('committed')
  })

  test('a lease that nobody gave out is fenced', async () => {
    expect(await commitOne(at.log, { partition: 0, epoch: 12_345 })).toBe('fenced')
    const mine = await lease(at.log, 0)
    const forged = { partition: 0, epoch: mine.epoch + 1 }
    expect(await commitOne(at.log, forged)).toBe('fenced')
    expect(await readAll(at.log, 'lines', 0)).toEqual([])
  })

  test('a lease holds one partition only', async () => {
    const mine = await lease(at.log, 0)
    await lease(at.log, 1)
    expect(await commitOne(at.log, mine)).toBe('committed')
    expect((await at.log.acquire(1)).committed).toBeUndefined()
  })

  test('epochs rise', async () => {
    const epochs = [await lease(at.log, 0), await lease(at.log, 0), await lease(at.log, 0)]
    expect(epochs[1]?.epoch).toBeGreaterThan(epochs[0]?.epoch as number)
    expect(epochs[2]?.epoch).toBeGreaterThan(epochs[1]?.epoch as number)
  })
}

export function testRestart(at: Setup): void {
  test('records, positions, marks and the identity survive', async () => {
    await fillWithGaps(at.log)
    await at.log.append([batch('events', 1, ['marked'])], { mark: bytes('mark') })
    const mine = await lease(at.log, 1)
    await at.log.commit(mine, [batch('lines', 1, ['l'])], { offset: 1, step: 2 }, 'meta')
    const before = await picture(at.log)
    await at.reopen()
    expect(await picture(at.log)).toEqual(before)
    expect(hex(await at.log.readMark())).toBe(hex(bytes('mark')))
    expect(await committedOf(at.log, 1)).toEqual({
      position: { offset: 1, step: 2 },
      metadata: 'meta',
    })
  })

  test('writing goes on where it stopped', async () => {
    await at.log.append([batch('events', 0, ['a'])])
    await commit(at.log, await lease(at.log, 0), [batch('events', 0, ['b'])])
    await at.reopen()
    await at.log.append([batch('events', 0, ['c'])])
    expect(await readAll(at.log, 'events', 0)).toEqual(['a', 'b', 'c'])
  })

  test('a lease from before is fenced by the first acquire after', async () => {
    const old = await lease(at.log, 0)
    await at.reopen()
    const mine = await lease(at.log, 0)
    expect(mine.epoch).toBeGreaterThan(old.epoch)
    expect(await commitOne(at.log, old)).toBe('fenced')
    expect(await commitOne(at.log, mine)).toBe('committed')
  })
}
