import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeyRange, KeySet, State, Table } from '../../../src/fold/state.ts'
import type { Store } from '../../../src/ports/store.ts'
import { CheckedStore } from '../../../src/runtime/checked-store.ts'
import { type Generation, TaskState } from '../../../src/runtime/task-state.ts'
import { MemoryState } from '../../support/memory-state.ts'
import { RuntimeWorld } from '../../support/runtime-world.ts'

interface Row {
  value: number
}

const table: Table<Row> = {
  name: 'rows',
  prefix: 'r',
  encode: (row, writer) => writer.signed(row.value),
  decode: (reader) => ({ value: reader.signed() }),
}

const keySet: KeySet = { name: 'keys', prefix: 'k' }

function world(cacheRows = 0) {
  const base = new RuntimeWorld()
  const store = new CheckedStore(base.store())
  const state = new TaskState(store, { cacheRows })
  const write = (generation: Generation) =>
    base.drive(store.write(generation.writes, { sync: true }))
  return { base, store, state, write }
}

function range(from: string, to: string, limit: number): KeyRange {
  return { set: keySet, from, to, limit }
}

type Command =
  | { readonly do: 'add' | 'put' | 'delete' | 'addKey' | 'removeKey'; readonly key: string }
  | { readonly do: 'freeze' | 'write' | 'land' | 'forget' }
  | { readonly do: 'load'; readonly keys: readonly string[] }
  | { readonly do: 'first'; readonly from: string; readonly to: string; readonly limit: number }

const key = fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7')
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constantFrom('add', 'put', 'delete', 'addKey', 'removeKey'), key }),
  fc.record({ do: fc.constantFrom('addKey', 'removeKey'), key }),
  fc.record({ do: fc.constantFrom('freeze', 'write', 'land', 'forget') }),
  fc.record({ do: fc.constant('load'), keys: fc.array(key) }),
  fc.record({
    do: fc.constant('first'),
    from: fc.constantFrom('0', '2'),
    to: fc.constantFrom('5', '8'),
    limit: fc.integer({ min: 1, max: 3 }),
  }),
)

function change(state: State, { do: action, key: at }: { do: string; key: string }): void {
  const row = state.get(table, at)
  if (action === 'add' && row !== undefined) {
    row.value += 1
    state.put(table, at, row)
  } else if (action === 'put') state.put(table, at, { value: (row?.value ?? 0) * 3 - 7 })
  else if (action === 'delete') state.delete(table, at)
  else if (action === 'addKey') state.addKey(keySet, at)
  else if (action === 'removeKey') state.removeKey(keySet, at)
}

class Rig {
  readonly model = new MemoryState()
  private readonly parts
  private frozen: Generation[] = []
  private written: Generation[] = []

  constructor(cacheRows: number) {
    this.parts = world(cacheRows)
  }

  async run(step: Command): Promise<void> {
    const { base, state } = this.parts
    if (step.do === 'freeze') this.frozen.push(state.freeze())
    else if (step.do === 'write') await this.write()
    else if (step.do === 'land') this.land()
    else if (step.do === 'forget') state.forgetRanges()
    else if (step.do === 'load') await base.drive(state.load(step.keys.map((name) => `r${name}`)))
    else if (step.do === 'first') await this.first(range(step.from, step.to, step.limit))
    else if ('key' in step) for (const each of [state, this.model]) change(each, step)
  }

  private async write(): Promise<void> {
    const generation = this.frozen.shift()
    if (generation === undefined) return
    await this.parts.write(generation)
    this.written.push(generation)
  }

  private land(): void {
    const generation = this.written.shift()
    if (generation !== undefined) this.parts.state.written(generation)
  }

  private async first(wanted: KeyRange): Promise<void> {
    const { base, state } = this.parts
    await base.drive(state.loadRanges([wanted]))
    expect(state.first(wanted)).toEqual(this.model.first(wanted))
  }

  /** Everything is written: the store itself must be the model. */
  async finish(): Promise<void> {
    const { base, state } = this.parts
    this.frozen.push(state.freeze())
    while (this.frozen.length > 0) await this.write()
    while (this.written.length > 0) this.land()
    const rows = [...(base.disks[0]?.rows ?? [])].map(([name, value]) => [
      name,
      [...value.subarray(0, -4)],
    ])
    const expected = [...this.model.rows].map(([name, value]) => [name, [...value]])
    expect(rows.sort()).toEqual(expected.sort())
    for (const name of '01234567') {
      expect(state.get(table, name)).toEqual(this.model.get(table, name))
    }
  }
}

test('reads and rows are those of a plain map, whatever is evicted or written', async () => {
  const same = fc.asyncProperty(
    fc.array(command, { minLength: 20, maxLength: 90, size: 'max' }),
    fc.constantFrom(0, 3, 1_000),
    async (commands, cacheRows) => {
      const rig = new Rig(cacheRows)
      for (const step of commands) await rig.run(step)
      await rig.finish()
    },
  )
  await fc.assert(same, { numRuns: 400 })
})

test('a row is one object until the next freeze', () => {
  const { state } = world()
  state.put(table, '1', { value: 1 })
  const row = state.get(table, '1')
  expect(state.get(table, '1')).toBe(row)
})

/** A store whose reads see what it holds when asked, and answer only when told to. */
function gated(base: RuntimeWorld) {
  const store = base.store()
  let answer: () => void = () => undefined
  const told = new Promise<void>((resolve) => {
    answer = resolve
  })
  const rows = base.disks[0]?.rows as Map<string, Uint8Array>
  const getMany: Store['getMany'] = async (keys) => {
    const seen = keys.map((name) => rows.get(name)?.slice())
    await told
    return seen
  }
  const read: Store['range'] = async (from, to) => {
    const seen = [...rows].filter(([name]) => name >= from && name < to)
    await told
    return seen
  }
  const get: Store['get'] = (name) => store.get(name)
  const write: Store['write'] = (writes, options) => store.write(writes, options)
  const checked = new CheckedStore({ ...store, get, write, getMany, range: read } as Store)
  return { checked, state: new TaskState(checked, { cacheRows: 0 }), answer }
}

test('a load that read the store before a write landed brings no old row back', async () => {
  const base = new RuntimeWorld()
  const { checked, state, answer } = gated(base)
  const loading = state.load(['r1', 'r2'])
  // The cache keeps nothing: from the freeze on the row is in the overlay only.
  state.put(table, '1', { value: 2 })
  const generation = state.freeze()
  await base.drive(checked.write(generation.writes, { sync: true }))
  state.written(generation)
  answer()
  await loading
  expect(state.get(table, '1')).toEqual({ value: 2 })
})

test('a range that was read before a write landed still sees what was written', async () => {
  const base = new RuntimeWorld()
  const { checked, state, answer } = gated(base)
  state.addKey(keySet, 'b')
  const generation = state.freeze()
  const loading = state.loadRanges([range('a', 'z', 2), range('b', 'y', 2)])
  await base.drive(checked.write(generation.writes, { sync: true }))
  state.written(generation)
  answer()
  await loading
  expect(state.first(range('a', 'z', 2))).toEqual(['b'])
  expect(state.first(range('b', 'y', 2))).toEqual(['b'])
})

test('writing an older generation leaves the newer one in the overlay', async () => {
  const { state, write } = world()
  const generations = [1, 2].map((value) => {
    state.put(table, '1', { value })
    return state.freeze()
  })
  const [older] = generations as [Generation, Generation]
  await write(older)
  state.written(older)
  expect(state.get(table, '1')).toEqual({ value: 2 })
})

test('a row deleted and not written yet is not read from the store', async () => {
  const { state, write } = world()
  state.put(table, '1', { value: 1 })
  const first = state.freeze()
  await write(first)
  state.written(first)
  state.delete(table, '1')
  state.freeze()
  expect(state.get(table, '1')).toBeUndefined()
})

test('a range goes on in the next step where the last one removed its keys', async () => {
  const { base, state, write } = world()
  for (const name of 'abcdefgh') state.addKey(keySet, name)
  await write(state.freeze())
  const taken: string[][] = []
  const due = range('a', 'h', 3)
  for (let step = 0; step < 4; step += 1) {
    await base.drive(state.loadRanges([due]))
    const keys = state.first(due)
    taken.push(keys)
    for (const name of keys) state.removeKey(keySet, name)
    const generation = state.freeze()
    await write(generation)
    state.written(generation)
  }
  expect(taken).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g'], []])
})

test('asking for a range that was not loaded for this record is a defect', async () => {
  const { base, state } = world()
  expect(() => state.first(range('a', 'z', 2))).toThrow(/keys was not loaded/)
  await base.drive(state.loadRanges([range('a', 'z', 2)]))
  expect(state.first(range('a', 'z', 2))).toEqual([])
  expect(() => state.first(range('a', 'y', 2))).toThrow(/keys was not loaded/)
  state.forgetRanges()
  expect(() => state.first(range('a', 'z', 2))).toThrow(/keys was not loaded/)
})
