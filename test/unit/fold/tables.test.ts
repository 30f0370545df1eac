import { expect, test } from 'vitest'
import { agenda, tables } from '../../../src/fold/tables.ts'

// Rows of two tables under one prefix would be read as each other; `\0` is the runtime's own.
test('no two tables share a prefix, and each is one byte', () => {
  const prefixes = [...tables, agenda].map(({ prefix }) => prefix)
  expect(new Set(prefixes).size).toBe(prefixes.length)
  for (const prefix of prefixes) expect(prefix).toMatch(/^[a-zA-Z]$/)
})
