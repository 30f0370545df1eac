import type { Json } from '../../../support/world.ts'

/** A record in which one value is another one. */
export interface Mutation {
  /** Which value, as a path. */
  readonly field: string
  readonly record: Json
}

/** Every record that differs in a single value: each is altered, and each is left out. */
export function mutationsOf(record: Json): Mutation[] {
  return [...alteredIn(record)].map(({ path, value }) => ({
    field: path,
    record: value as Json,
  }))
}

interface Altered {
  readonly path: string
  readonly value: unknown
}

function* alteredIn(value: unknown, path = ''): Generator<Altered> {
  if (Array.isArray(value)) yield* alteredInList(value, path)
  else if (typeof value === 'object' && value !== null) yield* alteredInObject(value as Json, path)
  else yield { path, value: altered(value) }
}

function* alteredInList(value: readonly unknown[], path: string): Generator<Altered> {
  for (const [place, item] of value.entries()) {
    for (const inner of alteredIn(item, `${path}[${place}]`)) {
      yield { path: inner.path, value: value.with(place, inner.value) }
    }
    yield { path: `${path}[${place}] left out`, value: value.toSpliced(place, 1) }
  }
}

function* alteredInObject(value: Json, path: string): Generator<Altered> {
  for (const [name, item] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    for (const inner of alteredIn(item, at)) {
      yield { path: inner.path, value: { ...value, [name]: inner.value } }
    }
    const { [name]: _gone, ...rest } = value
    yield { path: `${at} left out`, value: rest }
  }
}

/** A figure one up, a text with its last digit or letter changed: of the same form. */
function altered(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value !== 'string') return value === null ? 'something' : !value
  const digit = value.search(/[0-9][^0-9]*$/)
  if (digit < 0) return `${value.slice(0, -1)}${value.endsWith('X') ? 'Y' : 'X'}`
  const next = (Number(value[digit]) + 1) % 10
  return `${value.slice(0, digit)}${next}${value.slice(digit + 1)}`
}
