import type { Store, StoreWrite } from '../../src/ports/store.ts'
import { CheckedStore } from '../../src/runtime/checked-store.ts'
import { decodeMeta, type Meta, metaKey, metaWrites } from '../../src/runtime/meta.ts'
import type { Planting } from './planted-bugs.ts'

/** Mistakes of what lies between the protocol and the disk. */
export const plantedInStore: readonly Planting[] = [
  ['the store says a position that its rows are not at', { wrapStore: wrongPosition }, /R1/],
  ['the store forgets how many outputs there were', { wrapStore: forgetsCount }, /DIVERGED/],
  ['the description is written before its rows', { wrapStore: describedFirst }, /R1|M1/],
  ['rows that were deleted stay in the store', { wrapStore: keepsDeleted }, /R1/],
  ['one row of a batch is not written', { wrapStore: losesRow }, /R1/],
  ['the store answers from before its last write', { wrapStore: answersLate }, /R1|R3|DIVERGED/],
  ['a range leaves its first key out', { wrapStore: skipsFirst }, /R1|R3|DIVERGED/],
]

function wrongPosition(store: Store): Store {
  return rewriting(store, (meta) => {
    const { offset } = meta.position
    return { ...meta, position: { offset: Math.max(0, offset - 1), step: 0 } }
  })
}

function forgetsCount(store: Store): Store {
  return rewriting(store, (meta) => ({ ...meta, nextOutSeq: 0 }))
}

/** Every description that is written becomes another one, with checksums that are right. */
function rewriting(store: Store, change: (meta: Meta) => Meta): Store {
  return over(store, {
    write: (writes, options) => {
      const rows = writes.map(([key, value]): StoreWrite => [key, value?.subarray(0, -4)])
      const meta = decodeMeta(rows.find(([key]) => key === metaKey)?.[1] as Uint8Array)
      const data = rows.filter(([key]) => !key.startsWith('\u0000'))
      return new CheckedStore(store).write([...data, ...metaWrites(change(meta))], options)
    },
  })
}

function describedFirst(store: Store): Store {
  return over(store, {
    write: async (writes, options) => {
      const isOwn = ([key]: StoreWrite): boolean => key.startsWith('\u0000')
      await store.write(writes.filter(isOwn), options)
      await store.write(
        writes.filter((write) => !isOwn(write)),
        options,
      )
    },
  })
}

function keepsDeleted(store: Store): Store {
  return over(store, {
    write: (writes, options) =>
      store.write(
        writes.filter(([, value]) => value !== undefined),
        options,
      ),
  })
}

function losesRow(store: Store): Store {
  return over(store, {
    write: (writes, options) => {
      const lost = writes.find(([key]) => !key.startsWith('\u0000'))
      return store.write(
        writes.filter((write) => write !== lost),
        options,
      )
    },
  })
}

function answersLate(store: Store): Store {
  let before = new Map<string, Uint8Array | undefined>()
  return over(store, {
    getMany: async (keys) => {
      const values = await store.getMany(keys)
      return keys.map((key, at) => (before.has(key) ? before.get(key) : values[at]))
    },
    write: async (writes, options) => {
      const data = writes.filter(([key]) => !key.startsWith('\u0000'))
      const old = data.map(([key]) => [key, store.get(key)] as const)
      await store.write(writes, options)
      before = new Map(old)
    },
  })
}

function skipsFirst(store: Store): Store {
  return over(store, {
    range: async (from, to, limit) => {
      const rows = await store.range(from, to, limit)
      return from.startsWith('d') ? rows.slice(1) : rows
    },
  })
}

function over(store: Store, changes: Partial<Store>): Store {
  return {
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    range: (...request) => store.range(...request),
    scan: (from, to) => store.scan(from, to),
    write: (...request) => store.write(...request),
    close: () => store.close(),
    ...changes,
  }
}
