import canonicalizeModule from 'canonicalize'

// The package's types describe an ES module, but it is CommonJS and exports the function itself.
const canonicalize = canonicalizeModule as unknown as (input: unknown) => string | undefined

/** RFC 8785: the one text of a JSON value that is hashed. */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? 'null'
}
