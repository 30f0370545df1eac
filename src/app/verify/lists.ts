import { canonicalJson } from '../canonical-json.ts'

/** The first place at which two lists differ; undefined: they are equal. */
export function firstDifference(a: readonly string[], b: readonly string[]): number | undefined {
  const length = Math.max(a.length, b.length)
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return at
  return undefined
}

/** Whether a list of JSON values is how another one begins. */
export function isDeepPrefix(start: readonly unknown[], whole: readonly unknown[]): boolean {
  return start.every((value, at) => canonicalJson(value) === canonicalJson(whole[at] ?? null))
}
