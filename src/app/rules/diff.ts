import { canonicalJson } from '../canonical-json.ts'
import { readRuleBookFile } from '../rule-book-file.ts'

/** One difference between two rule books, by the names that their parts have. */
export interface Difference {
  readonly change: 'added' | 'removed' | 'changed' | 'moved'
  /** Such as `schedules.fs-1.versions.2026-04-01.formula.rate`. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

type Json = Readonly<Record<string, unknown>>

/** By which field the parts of a list are known; what is not named is known by its place. */
const ids: Readonly<Record<string, string>> = {
  feeTypes: 'code',
  schedules: 'scheduleId',
  versions: 'validFrom',
  rebates: 'rebateId',
  guidePlans: 'planId',
  components: 'code',
  deductions: 'code',
  tiers: 'from',
}

/** Lists whose order means something. */
const ordered: ReadonlySet<string> = new Set(['feeTypes'])

// A new version always differs in these.
const heads: ReadonlySet<string> = new Set(['version', 'previousHash'])

/**
 * What changes when the second book is published after the first: parts are compared by their ids,
 * so their order does not matter, save that of fee types, which is the order of lines. FatalFault 6
 * where there is no such file, 3 where one cannot be read.
 */
export function diffRuleBooks(before: string, after: string): Difference[] {
  const [first, second] = [before, after].map((path) => readRuleBookFile(path).document)
  return diffRecords(first as Json, second as Json, '').filter(({ path }) => !heads.has(path))
}

function diffValues(before: unknown, after: unknown, path: string, name: string): Difference[] {
  if (isRecord(before) && isRecord(after)) return diffRecords(before, after, `${path}.`)
  const id = ids[name]
  if (id !== undefined && isListOf(before, id) && isListOf(after, id)) {
    return diffLists(before, after, { path, id, name })
  }
  if (name === 'contractTemplates' && Array.isArray(before) && Array.isArray(after)) {
    return diffRecords(byMatch(before), byMatch(after), `${path}.`)
  }
  if (canonicalJson(normal(before)) === canonicalJson(normal(after))) return []
  return [{ change: 'changed', path, before, after }]
}

function diffRecords(before: Json, after: Json, prefix: string): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name): Difference[] => {
    const path = `${prefix}${name}`
    if (!(name in after)) return [{ change: 'removed', path, before: before[name] }]
    if (!(name in before)) return [{ change: 'added', path, after: after[name] }]
    return diffValues(before[name], after[name], path, name)
  })
}

interface ListAt {
  readonly path: string
  readonly id: string
  readonly name: string
}

function diffLists(
  before: readonly Json[],
  after: readonly Json[],
  { path, id, name }: ListAt,
): Difference[] {
  const found = diffRecords(byId(before, id), byId(after, id), `${path}.`)
  if (!ordered.has(name)) return found
  const order = (list: readonly Json[], other: readonly Json[]): unknown[] =>
    list.map((item) => item[id]).filter((key) => other.some((item) => item[id] === key))
  const [first, second] = [order(before, after), order(after, before)]
  return canonicalJson(first) === canonicalJson(second)
    ? found
    : [...found, { change: 'moved', path, before: first, after: second }]
}

function byId(list: readonly Json[], id: string): Json {
  return Object.fromEntries(list.map((item) => [String(item[id]), item]))
}

function byMatch(list: readonly unknown[]): Json {
  return Object.fromEntries(list.map((item) => [canonicalJson((item as Json).match ?? {}), item]))
}

/** Decimals that are equal read equal: `0.050` is `0.05`. The order of plain lists is kept. */
function normal(value: unknown): unknown {
  if (typeof value === 'string' && /^-?[0-9]+\.[0-9]*0$/.test(value)) {
    return value.replace(/\.?0+$/, '')
  }
  if (Array.isArray(value)) return value.map(normal)
  if (!isRecord(value)) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normal(inner)]))
}

function isListOf(value: unknown, id: string): value is readonly Json[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && id in item)
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const signs = { added: '+', removed: '-', changed: '~', moved: '~' } as const

/** A line a difference, as people read it. */
export function differenceText({ change, path, before, after }: Difference): string {
  const sign = signs[change]
  if (change === 'added') return `${sign} ${path}: ${shown(after)}`
  if (change === 'removed') return `${sign} ${path}: ${shown(before)}`
  const what = change === 'moved' ? ' (order of lines)' : ''
  return `${sign} ${path}${what}: ${shown(before)} → ${shown(after)}`
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
